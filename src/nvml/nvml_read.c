/*
 * The readers of plain numbers and texts, and of the calls with two versions. A newer call that
 * the driver refuses is replaced by the older one; which of them works is kept per device, so
 * the refusal is paid once.
 */
#include "nvml/nvml_read.h"

#include <string.h>

#include "base/arena.h"

/* The function of a row's place, as the kind its reader calls. */
#define FUNCTION(type, device, row)                                                                \
    (*(type *const *)(const void *)((const char *)&(device)->nvml->symbols + (row)->place))

static struct value number(uint32_t n, uint32_t max)
{
    bool is_unknown = n == NVML_ABI_NOT_AVAILABLE_U32 || (max && n > max);
    return is_unknown ? value_na(NVITOP_WHY_NOT_SUPPORTED) : value_int(n);
}

static struct value big_number(uint64_t n)
{
    return n > INT64_MAX ? value_na(NVITOP_WHY_NOT_SUPPORTED) : value_int((int64_t)n);
}

static int ask_u32(struct nvml_device *device, const struct nvml_row *row, uint32_t *ret_number)
{
    *ret_number = 0;
    return NVML_CALL(device->nvml, FUNCTION(nvml_u32_fn, device, row), device->handle, ret_number);
}

static int ask_text(struct nvml_device *device, nvml_text_fn *fn, uint32_t size,
                    struct arena *arena, struct value *out)
{
    char text[NVML_ABI_DEVICE_NAME_V2_BUFFER_SIZE] = { 0 };
    int code = NVML_CALL(device->nvml, fn, device->handle, text, size);
    *out = nvml_text_value(arena, text, size);
    return code;
}

int nvml_read_text(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                   struct value *out)
{
    return ask_text(device, FUNCTION(nvml_text_fn, device, row), row->arg, arena, out);
}

/* A MIG device's UUID is what it was found by; it needs no second call. */
int nvml_read_uuid(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                   struct value *out)
{
    (void)row;
    if (*device->uuid) {
        *out = nvml_text_value(arena, device->uuid, sizeof(device->uuid));
        return NVML_ABI_SUCCESS;
    }
    return ask_text(device, device->nvml->symbols.uuid, NVML_ABI_DEVICE_UUID_V2_BUFFER_SIZE, arena,
                    out);
}

int nvml_read_u32(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                  struct value *out)
{
    uint32_t n;
    (void)arena;
    int code = ask_u32(device, row, &n);
    *out = number(n, row->arg);
    return code;
}

int nvml_read_bool(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                   struct value *out)
{
    uint32_t n;
    (void)arena;
    int code = ask_u32(device, row, &n);
    *out = value_bool(n != 0);
    return code;
}

/* A number that is newer than our words is shown as it is. */
int nvml_read_word(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                   struct value *out)
{
    uint32_t n, count = 0;
    int code = ask_u32(device, row, &n);
    while (row->words[count])
        count++;
    if (n == NVML_ABI_NOT_AVAILABLE_U32 || (n < count && !*row->words[n]))
        *out = value_na(NVITOP_WHY_NOT_SUPPORTED);
    else
        *out = value_text(n < count ? row->words[n] : arena_printf(arena, "%u", n));
    return code;
}

int nvml_read_selected(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                       struct value *out)
{
    uint32_t n = 0;
    (void)arena;
    int code = NVML_CALL(device->nvml, FUNCTION(nvml_selected_u32_fn, device, row), device->handle,
                         row->arg, &n);
    *out = number(n, 0);
    return code;
}

int nvml_read_two(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                  struct value *out)
{
    uint32_t n[2] = { 0 };
    (void)arena;
    int code = NVML_CALL(device->nvml, FUNCTION(nvml_two_u32_fn, device, row), device->handle,
                         &n[0], &n[1]);
    out[0] = number(n[0], 0);
    out[1] = number(n[1], 0);
    return code;
}

int nvml_read_u64(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                  struct value *out)
{
    uint64_t n = 0;
    (void)arena;
    int code = NVML_CALL(device->nvml, FUNCTION(nvml_u64_fn, device, row), device->handle, &n);
    *out = big_number(n);
    return code;
}

/* Each version writes another layout, the oldest less than its struct: the buffer is generous. */
int nvml_read_pci(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                  struct value *out)
{
    union {
        struct nvml_abi_pci v3;
        struct nvml_abi_pci_v2 v2;
        char room[256];
    } pci;
    int code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND, version = 0;
    (void)row;
    for (; version < NVML_VERSION_COUNT; version++) {
        memset(&pci, 0, sizeof(pci));
        code = NVML_CALL(device->nvml, device->nvml->symbols.pci[version], device->handle, &pci);
        if (code != NVML_ABI_ERROR_FUNCTION_NOT_FOUND)
            break;
    }
    *out = version == NVML_V3 && *pci.v3.bus_id
               ? nvml_text_value(arena, pci.v3.bus_id, sizeof(pci.v3.bus_id))
               : nvml_text_value(arena, pci.v2.bus_id, sizeof(pci.v2.bus_id));
    return code;
}

int nvml_read_capability(struct nvml_device *device, const struct nvml_row *row,
                         struct arena *arena, struct value *out)
{
    int32_t major = 0, minor = 0;
    (void)row;
    int code = NVML_CALL(device->nvml, device->nvml->symbols.compute_capability, device->handle,
                         &major, &minor);
    *out = value_text(arena_printf(arena, "%d.%d", major, minor));
    return code;
}

static bool is_too_new(int code)
{
    return code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND ||
           code == NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
}

static void store_memory(const struct nvml_abi_memory_v2 *memory, struct value *out)
{
    bool has_own = memory->total != 0; /* a board without memory of its own may answer zeros */
    out[0] = has_own ? big_number(memory->total) : value_na(NVITOP_WHY_NOT_SUPPORTED);
    out[1] = has_own ? big_number(memory->used) : value_na(NVITOP_WHY_NOT_SUPPORTED);
    out[2] = has_own ? big_number(memory->free) : value_na(NVITOP_WHY_NOT_SUPPORTED);
    out[3] = has_own ? big_number(memory->reserved) : value_na(NVITOP_WHY_NOT_SUPPORTED);
}

/* "Not supported" is an answer (unified memory), not a reason to ask the older call. */
int nvml_read_memory(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                     struct value *out)
{
    struct nvml *nvml = device->nvml;
    struct nvml_abi_memory_v2 memory = { .version = NVML_ABI_TAG_MEMORY_V2 };
    int code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    (void)row;
    (void)arena;
    if (!device->is_memory_plain) {
        code = NVML_CALL(nvml, nvml->symbols.memory_v2, device->handle, &memory);
        store_memory(&memory, out);
        if (!is_too_new(code))
            return code;
    }
    struct nvml_abi_memory plain = { 0 };
    code = NVML_CALL(nvml, nvml->symbols.memory, device->handle, &plain);
    device->is_memory_plain = code == NVML_ABI_SUCCESS;
    memory =
        (struct nvml_abi_memory_v2){ .total = plain.total, .free = plain.free, .used = plain.used };
    store_memory(&memory, out);
    out[3] = nvml_code_value(NVML_ABI_ERROR_FUNCTION_NOT_FOUND);
    return code;
}

int nvml_read_bar1(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                   struct value *out)
{
    struct nvml_abi_bar1 bar1 = { 0 };
    (void)row;
    (void)arena;
    int code = NVML_CALL(device->nvml, device->nvml->symbols.bar1, device->handle, &bar1);
    out[0] = big_number(bar1.total);
    out[1] = big_number(bar1.used);
    out[2] = big_number(bar1.free);
    return code;
}

int nvml_read_utilization(struct nvml_device *device, const struct nvml_row *row,
                          struct arena *arena, struct value *out)
{
    struct nvml_abi_utilization utilization = { 0 };
    (void)row;
    (void)arena;
    int code =
        NVML_CALL(device->nvml, device->nvml->symbols.utilization, device->handle, &utilization);
    out[0] = number(utilization.gpu, 0);
    out[1] = number(utilization.memory, 0);
    return code;
}

int nvml_read_fan_rpm(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                      struct value *out)
{
    struct nvml_abi_fan_speed fan = { .version = NVML_ABI_TAG_FAN_SPEED };
    (void)row;
    (void)arena;
    int code = NVML_CALL(device->nvml, device->nvml->symbols.fan_rpm, device->handle, &fan);
    *out = number(fan.rpm, 0);
    return code;
}

/* The newer call is refused as "not supported" where the older one still answers. */
int nvml_read_temperature(struct nvml_device *device, const struct nvml_row *row,
                          struct arena *arena, struct value *out)
{
    struct nvml *nvml = device->nvml;
    struct nvml_abi_temperature celsius = { NVML_ABI_TAG_TEMPERATURE, NVML_ABI_TEMPERATURE_GPU, 0 };
    int code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    (void)row;
    (void)arena;
    if (!device->is_temperature_plain) {
        code = NVML_CALL(nvml, nvml->symbols.temperature_v, device->handle, &celsius);
        *out = value_int(celsius.temperature);
        if (!is_too_new(code) && code != NVML_ABI_ERROR_NOT_SUPPORTED)
            return code;
    }
    uint32_t plain = 0;
    int older = NVML_CALL(nvml, nvml->symbols.temperature, device->handle, NVML_ABI_TEMPERATURE_GPU,
                          &plain);
    device->is_temperature_plain = older == NVML_ABI_SUCCESS;
    *out = value_int((int32_t)plain); /* below zero too */
    return older == NVML_ABI_ERROR_FUNCTION_NOT_FOUND ? code : older;
}

int nvml_read_margin(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                     struct value *out)
{
    struct nvml_abi_margin_temperature margin = { .version = NVML_ABI_TAG_MARGIN_TEMPERATURE };
    (void)row;
    (void)arena;
    int code =
        NVML_CALL(device->nvml, device->nvml->symbols.temperature_margin, device->handle, &margin);
    *out = value_int(margin.margin);
    return code;
}

int nvml_read_driver_model(struct nvml_device *device, const struct nvml_row *row,
                           struct arena *arena, struct value *out)
{
    static const char *const words[] = { "WDDM", "WDM", "MCDM" };
    uint32_t now = 0, pending = 0;
    int code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    (void)row;
    for (int i = 0; i < 2 && code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND; i++)
        code = NVML_CALL(device->nvml, device->nvml->symbols.driver_model[i], device->handle, &now,
                         &pending);
    *out = value_text(now <= NVML_ABI_DRIVER_MCDM ? words[now] : arena_printf(arena, "%u", now));
    return code;
}

int nvml_read_ecc(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                  struct value *out)
{
    uint64_t errors = 0;
    (void)arena;
    int code = NVML_CALL(device->nvml, device->nvml->symbols.ecc_errors, device->handle,
                         row->arg >> 1, row->arg & 1, &errors);
    *out = big_number(errors);
    return code;
}

/* Switching the mode changes what is supported. */
int nvml_read_mig_mode(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                       struct value *out)
{
    uint32_t now = 0, pending = 0;
    (void)row;
    (void)arena;
    int code =
        NVML_CALL(device->nvml, device->nvml->symbols.mig_mode, device->handle, &now, &pending);
    *out = value_bool(now == NVML_ABI_DEVICE_MIG_ENABLE);
    if (code)
        return code;
    if (device->mig_mode >= 0 && (uint32_t)device->mig_mode != now)
        nvml_device_retry(device);
    device->mig_mode = (int)(now & INT32_MAX);
    return code;
}

int nvml_read_event_reasons(struct nvml_device *device, const struct nvml_row *row,
                            struct arena *arena, struct value *out)
{
    uint64_t reasons = 0;
    int code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    (void)row;
    (void)arena;
    for (int i = 0; i < 2 && code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND; i++)
        code = NVML_CALL(device->nvml, device->nvml->symbols.event_reasons[i], device->handle,
                         &reasons);
    *out = big_number(reasons);
    return code;
}

int nvml_read_attributes(struct nvml_device *device, const struct nvml_row *row,
                         struct arena *arena, struct value *out)
{
    struct nvml_abi_attributes attributes = { 0 };
    (void)row;
    (void)arena;
    int code =
        NVML_CALL(device->nvml, device->nvml->symbols.attributes, device->handle, &attributes);
    *out = number(attributes.multiprocessors, 0);
    return code;
}
