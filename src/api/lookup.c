/* Devices by the names that people know them by: UUID and PCI address. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/mem.h"
#include "base/str.h"

/* What is looked for, and how a row answers to it. */
enum match { NO_MATCH, MATCH_BEGIN, MATCH_WHOLE };
typedef enum match match_fn(const struct snapshot *survey, const struct snapshot_device *row,
                            const char *name);

/* The one row that has the whole name, else the one whose name begins so. */
static int find(const struct snapshot *survey, const char *name, match_fn *fn,
                struct nvitop_index *ret_index)
{
    size_t counts[] = { [NO_MATCH] = 0, [MATCH_BEGIN] = 0, [MATCH_WHOLE] = 0 };
    struct nvitop_index found[ARRAY_LEN(counts)] = { 0 };
    for (size_t i = 0; i < survey->device_count; i++) {
        const struct snapshot_device *row = &survey->devices[i];
        enum match match = fn(survey, row, name);
        counts[match]++;
        found[match] = (struct nvitop_index){ row->physical, row->mig };
    }
    enum match best = counts[MATCH_WHOLE] ? MATCH_WHOLE : MATCH_BEGIN;
    if (counts[best] != 1)
        return counts[best] ? NVITOP_EDUPLICATE : NVITOP_ENOTFOUND;
    *ret_index = found[best];
    return NVITOP_OK;
}

static int look_up(struct nvitop_session *session, const char *name, match_fn *fn,
                   struct nvitop_device **ret_device)
{
    struct snapshot *survey;
    struct nvitop_index index;
    int status = name && ret_device ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = api_survey(session, &survey);
    if (status == NVITOP_OK) {
        status = find(survey, name, fn, &index);
        snapshot_unref(survey);
    }
    if (status == NVITOP_OK)
        *ret_device = api_device(session, index);
    api_end(session);
    return status;
}

/* ---- UUID ---- */

static const char *uuid_of(const struct snapshot_device *row)
{
    return value_text_or(snapshot_device_value(row, NVITOP_DEV_UUID), "");
}

static enum match compare(const char *whole, const char *name)
{
    size_t len = strlen(name);
    if (strncmp(whole, name, len) != 0)
        return NO_MATCH;
    return whole[len] ? MATCH_BEGIN : MATCH_WHOLE;
}

static unsigned instance(const struct snapshot_device *row, int id)
{
    return (unsigned)value_number(snapshot_device_value(row, id), UINT32_MAX);
}

/* MIG-<GPU uuid>/<gpu instance>/<compute instance>, the form before driver 470: only whole. */
static bool has_old_name(const struct snapshot *survey, const struct snapshot_device *mig,
                         const char *name)
{
    char old[128];
    const struct snapshot_device *gpu = mig;
    while (gpu > survey->devices && gpu->mig >= 0)
        gpu--;
    snprintf(old, sizeof(old), "MIG-%s/%u/%u", uuid_of(gpu),
             instance(mig, NVITOP_DEV_GPU_INSTANCE_ID),
             instance(mig, NVITOP_DEV_COMPUTE_INSTANCE_ID));
    return *uuid_of(gpu) && strcmp(old, name) == 0;
}

static enum match match_uuid(const struct snapshot *survey, const struct snapshot_device *row,
                             const char *name)
{
    if (!str_has_prefix(name, "GPU-") && !str_has_prefix(name, "MIG-"))
        return NO_MATCH;
    if (row->mig >= 0 && has_old_name(survey, row, name))
        return MATCH_WHOLE;
    return compare(uuid_of(row), name);
}

int nvitop_device_by_uuid(struct nvitop_session *session, const char *uuid,
                          struct nvitop_device **ret_device)
{
    return look_up(session, uuid, match_uuid, ret_device);
}

/* ---- PCI address ---- */

/* Hexadecimal digits and what must follow them. */
static bool take_part(const char **text, char end, unsigned long *ret_part)
{
    size_t len = strspn(*text, "0123456789abcdefABCDEF");
    if (!len || len > 8 || (*text)[len] != end)
        return false;
    *ret_part = strtoul(*text, NULL, 16);
    *text += len + (end != 0);
    return true;
}

struct address {
    unsigned long domain, bus, device, function;
};

static bool parse_address(const char *text, struct address *ret_address)
{
    struct address address = { 0 };
    const char *colon = strchr(text, ':');
    bool has_domain = colon && strchr(colon + 1, ':');
    if (has_domain && !take_part(&text, ':', &address.domain))
        return false;
    if (!take_part(&text, ':', &address.bus) || !take_part(&text, '.', &address.device) ||
        !take_part(&text, 0, &address.function))
        return false;
    *ret_address = address;
    return true;
}

static enum match match_address(const struct snapshot *survey, const struct snapshot_device *row,
                                const char *name)
{
    struct address wanted, own;
    const char *text = value_text_or(snapshot_device_value(row, NVITOP_DEV_BUS_ID), "");
    (void)survey;
    if (row->mig >= 0 || !parse_address(name, &wanted) || !parse_address(text, &own))
        return NO_MATCH;
    bool is_same = wanted.domain == own.domain && wanted.bus == own.bus &&
                   wanted.device == own.device && wanted.function == own.function;
    return is_same ? MATCH_WHOLE : NO_MATCH;
}

int nvitop_device_by_bus_id(struct nvitop_session *session, const char *bus_id,
                            struct nvitop_device **ret_device)
{
    return look_up(session, bus_id, match_address, ret_device);
}
