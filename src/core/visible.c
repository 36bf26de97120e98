/*
 * CUDA_VISIBLE_DEVICES, in one pass from left to right. What the pass promises: everything before
 * the first token that means nothing here is kept, a GPU named twice empties the answer, and a MIG
 * device is the whole answer, because CUDA enumerates one of them only.
 */
#include "visible.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"

enum { UUID_LINE_LEN = 40, ORDER_MAX = 256 }; /* "GPU-" and 36 characters */

enum token_kind { TOKEN_NONE, TOKEN_INDEX, TOKEN_UUID };

enum verdict { GO_ON, STOP, TWICE, WHOLE };

struct pass {
    const struct visible_device *devices;
    size_t device_count;
    const int32_t *order;
    size_t order_count;
    enum token_kind kind; /* of the first token; another one ends the list */
    struct visible_index *found;
    size_t found_count;
};

struct token {
    const char *text;
    size_t len;
};

static bool token_has_prefix(const struct token *token, const char *prefix)
{
    size_t len = strlen(prefix);
    return token->len >= len && memcmp(token->text, prefix, len) == 0;
}

static bool token_starts(const struct token *token, const char *uuid)
{
    return uuid && strncmp(uuid, token->text, token->len) == 0;
}

static struct token token_trim(const char *text, size_t len)
{
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    while (len > 0 && isspace((unsigned char)*text)) {
        text++;
        len--;
    }
    return (struct token){ text, len };
}

/* Digits after an optional sign; what follows them is ignored. *ret_index is -1 for a number that
 * is no index: negative, or beyond every count. */
static bool token_index(const struct token *token, long *ret_index)
{
    size_t at = token->len > 0 && (token->text[0] == '+' || token->text[0] == '-');
    bool is_negative = at && token->text[0] == '-';
    long index = 0;
    if (at == token->len || !isdigit((unsigned char)token->text[at]))
        return false;
    for (; at < token->len && isdigit((unsigned char)token->text[at]); at++)
        index = index < INT32_MAX / 10 ? index * 10 + (token->text[at] - '0') : INT32_MAX;
    *ret_index = is_negative && index > 0 ? -1 : index;
    return true;
}

static const struct visible_device *physical_device(const struct pass *pass, int32_t physical)
{
    for (size_t i = 0; i < pass->device_count; i++)
        if (pass->devices[i].mig < 0 && pass->devices[i].physical == physical)
            return &pass->devices[i];
    return NULL;
}

static const struct visible_device *by_index(const struct pass *pass, long index)
{
    if (index < 0 || index == INT32_MAX)
        return NULL;
    if (!pass->order)
        return physical_device(pass, (int32_t)index);
    bool is_known = (size_t)index < pass->order_count;
    return is_known ? physical_device(pass, pass->order[index]) : NULL;
}

/* The one GPU whose UUID starts so. */
static const struct visible_device *by_gpu_prefix(const struct pass *pass,
                                                  const struct token *token)
{
    const struct visible_device *found = NULL;
    for (size_t i = 0; i < pass->device_count; i++) {
        const struct visible_device *device = &pass->devices[i];
        if (device->mig >= 0 || !token_starts(token, device->uuid))
            continue;
        if (found)
            return NULL;
        found = device;
    }
    return found;
}

/* MIG-<GPU uuid>/<gpu instance>/<compute instance>, the form before driver 470. */
static bool is_old_mig_name(const struct pass *pass, const struct visible_device *mig,
                            const struct token *token)
{
    char name[128];
    const struct visible_device *gpu = physical_device(pass, mig->physical);
    if (!gpu || !gpu->uuid)
        return false;
    int len = snprintf(name, sizeof(name), "MIG-%s/%u/%u", gpu->uuid, mig->gpu_instance,
                       mig->compute_instance);
    return (size_t)len == token->len && token_starts(token, name);
}

static const struct visible_device *by_mig_name(const struct pass *pass, const struct token *token)
{
    for (size_t i = 0; i < pass->device_count; i++) {
        const struct visible_device *device = &pass->devices[i];
        if (device->mig < 0)
            continue;
        bool is_uuid = token_starts(token, device->uuid) && !device->uuid[token->len];
        if (is_uuid || is_old_mig_name(pass, device, token))
            return device;
    }
    return NULL;
}

static const struct visible_device *first_instance(const struct pass *pass, int32_t physical)
{
    const struct visible_device *first = NULL;
    for (size_t i = 0; i < pass->device_count; i++) {
        const struct visible_device *device = &pass->devices[i];
        if (device->mig >= 0 && device->physical == physical &&
            (!first || device->mig < first->mig))
            first = device;
    }
    return first;
}

static enum verdict take_whole(struct pass *pass, const struct visible_device *mig)
{
    pass->found[0] = (struct visible_index){ mig->physical, mig->mig };
    pass->found_count = 1;
    return WHOLE;
}

static enum verdict take_device(struct pass *pass, const struct visible_device *device)
{
    if (!device)
        return STOP;
    if (device->mig >= 0)
        return take_whole(pass, device);
    for (size_t i = 0; i < pass->found_count; i++)
        if (pass->found[i].physical == device->physical)
            return TWICE;
    const struct visible_device *mig = first_instance(pass, device->physical);
    if (device->is_mig_enabled && mig)
        return take_whole(pass, mig);
    if (!device->is_mig_enabled)
        pass->found[pass->found_count++] = (struct visible_index){ device->physical, -1 };
    return GO_ON;
}

static enum verdict take_token(struct pass *pass, const struct token *token)
{
    long index;
    bool is_index = token_index(token, &index), is_gpu = token_has_prefix(token, "GPU-");
    if (!is_index && !is_gpu && !token_has_prefix(token, "MIG-"))
        return STOP;
    enum token_kind kind = is_index ? TOKEN_INDEX : TOKEN_UUID;
    if (pass->kind != TOKEN_NONE && pass->kind != kind)
        return STOP;
    pass->kind = kind;
    if (is_index)
        return take_device(pass, by_index(pass, index));
    return take_device(pass, is_gpu ? by_gpu_prefix(pass, token) : by_mig_name(pass, token));
}

static enum verdict take_list(struct pass *pass, const char *value)
{
    enum verdict verdict = GO_ON;
    while (verdict == GO_ON) {
        size_t len = strcspn(value, ",");
        struct token token = token_trim(value, len);
        verdict = take_token(pass, &token);
        if (!value[len])
            break;
        value += len + 1;
    }
    return verdict;
}

/* No list at all: every GPU, in CUDA's order where that is known. */
static void take_all(struct pass *pass)
{
    enum verdict verdict = GO_ON;
    for (size_t i = 0; i < pass->order_count && verdict == GO_ON; i++)
        verdict = take_device(pass, physical_device(pass, pass->order[i]));
    for (size_t i = 0; !pass->order && i < pass->device_count && verdict == GO_ON; i++)
        if (pass->devices[i].mig < 0)
            verdict = take_device(pass, &pass->devices[i]);
}

size_t visible_resolve(const char *value, const struct visible_device *devices, size_t device_count,
                       const int32_t *order, size_t order_count, struct visible_index *ret)
{
    struct pass pass = {
        .devices = devices,
        .device_count = device_count,
        .order = order,
        .order_count = order ? order_count : 0,
        .found = ret,
    };
    if (!value)
        take_all(&pass);
    else if (take_list(&pass, value) == TWICE)
        return 0;
    return pass.found_count;
}

/* The GPU whose UUID the helper printed. */
static int32_t find_uuid(const struct visible_device *devices, size_t device_count,
                         const char *line)
{
    for (size_t i = 0; i < device_count; i++)
        if (devices[i].mig < 0 && devices[i].uuid && strcmp(devices[i].uuid, line) == 0)
            return devices[i].physical;
    return -1;
}

/* All or nothing: an order with a hole would shift every index behind it. */
static size_t read_order(char *lines, const struct visible_device *devices, size_t device_count,
                         int32_t *ret_order)
{
    size_t count = 0;
    for (char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        int32_t physical = find_uuid(devices, device_count, line);
        bool is_known = physical >= 0 && count < device_count;
        for (size_t i = 0; i < count && is_known; i++)
            is_known = ret_order[i] != physical;
        if (!is_known)
            return 0;
        ret_order[count++] = physical;
    }
    return count;
}

/* Under MIG the CUDA driver lists instances, which says nothing about the order of GPUs. */
static bool is_order_open(const struct visible_device *devices, size_t device_count)
{
    for (size_t i = 0; i < device_count; i++)
        if (devices[i].is_mig_enabled)
            return false;
    return device_count > 1;
}

size_t visible_ask_cuda(const char *helper_path, const struct visible_device *devices,
                        size_t device_count, unsigned timeout_ms, int32_t *ret_order)
{
    char lines[ORDER_MAX * (UUID_LINE_LEN + 1) + 1];
    const char *const argv[] = { helper_path, NULL };
    if (!helper_path || !is_order_open(devices, device_count))
        return 0;
    if (spawn_capture(argv, timeout_ms, lines, sizeof(lines)) != 0)
        return 0;
    return read_order(lines, devices, device_count, ret_order);
}
