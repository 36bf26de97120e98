/*
 * Field values: many small facts in one call, and the PCIe byte counters.
 *
 * Each field answers for itself; a field the driver left alone counts as not supported. Some
 * drivers write one entry past the last they were asked for, so there is always one to spare.
 *
 * PCIe throughput comes from two counters read twice. The first time, and after a clock step, a
 * counter that ran backwards or leapt, or a driver without the fields, the call that measures for
 * 20 ms per direction answers instead.
 *
 * NVLinks are counted by field 91, never by a constant of the interface, which grows with the
 * drivers; a link that is down answers for itself like any field.
 */
#include <assert.h>
#include <math.h>

#include "base/mem.h"
#include "nvml/nvml_read.h"

#define RATE_MAX 0x1p40 /* KiB/s: a petabyte a second */

enum field_kind { FIELD_NUMBER, FIELD_FLAG, FIELD_NANOSECONDS };

struct field {
    uint32_t id, scope;
    enum field_kind kind;
};

static int ask_fields(struct nvml_device *device, const struct field *fields, int count,
                      struct nvml_abi_field_value *values)
{
    for (int i = 0; i <= count; i++) /* the spare one too */
        values[i] = (struct nvml_abi_field_value){ .field_id = i < count ? fields[i].id : 0,
                                                   .scope_id = i < count ? fields[i].scope : 0,
                                                   .code = NVML_ABI_ERROR_NOT_SUPPORTED };
    return NVML_CALL(device->nvml, device->nvml->symbols.fields, device->handle, count, values);
}

static struct value field_number(const struct nvml_abi_field_value *field)
{
    uint64_t n;
    switch (field->value_type) {
    case NVML_ABI_VALUE_TYPE_DOUBLE:
        return fabs(field->value.f64) < 9e18 ? value_int(llround(field->value.f64))
                                             : value_na(NVITOP_WHY_NOT_SUPPORTED);
    case NVML_ABI_VALUE_TYPE_SIGNED_INT: return value_int(field->value.i32);
    case NVML_ABI_VALUE_TYPE_SIGNED_LONG_LONG: return value_int(field->value.i64);
    case NVML_ABI_VALUE_TYPE_UNSIGNED_SHORT: return value_int(field->value.u16);
    case NVML_ABI_VALUE_TYPE_UNSIGNED_INT: n = field->value.u32; break;
    case NVML_ABI_VALUE_TYPE_UNSIGNED_LONG: n = field->value.ulong; break;
    case NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG: n = field->value.u64; break;
    default: return value_na(NVITOP_WHY_ERROR);
    }
    return n > INT64_MAX ? value_na(NVITOP_WHY_NOT_SUPPORTED) : value_int((int64_t)n);
}

static struct value field_value(const struct nvml_abi_field_value *field, enum field_kind kind)
{
    if (field->code)
        return nvml_code_value(field->code);
    struct value number = field_number(field);
    if (number.kind != NVITOP_INT || kind == FIELD_NUMBER)
        return number;
    return kind == FIELD_FLAG ? value_bool(number.i != 0) : value_real((double)number.i / 1e9);
}

static int read_fields(struct nvml_device *device, const struct field *fields, size_t count,
                       struct value *out)
{
    struct nvml_abi_field_value values[NVML_FILLS_MAX + 1];
    int code = ask_fields(device, fields, (int)count, values);
    for (size_t i = 0; i < count; i++)
        out[i] = field_value(&values[i], fields[i].kind);
    return code;
}

/* clang-format off */
#define FIELD(metric, field, scope, kind) { NVML_ABI_FI_DEV_##field, scope, FIELD_##kind },
static const struct field common_fields[] = { NVML_FIELDS(FIELD) };
static const struct field health_fields[] = { NVML_HEALTH_FIELDS(FIELD) };
/* clang-format on */
static_assert(ARRAY_LEN(common_fields) <= NVML_FILLS_MAX &&
                  ARRAY_LEN(health_fields) <= NVML_FILLS_MAX,
              "the row of a query holds a metric for each field");

int nvml_read_fields(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                     struct value *out)
{
    (void)row;
    (void)arena;
    return read_fields(device, common_fields, ARRAY_LEN(common_fields), out);
}

int nvml_read_health(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                     struct value *out)
{
    (void)row;
    (void)arena;
    return read_fields(device, health_fields, ARRAY_LEN(health_fields), out);
}

static uint64_t counted(const struct nvml_abi_field_value *field)
{
    bool is_narrow = field->value_type == NVML_ABI_VALUE_TYPE_UNSIGNED_INT;
    return is_narrow ? field->value.u32 : field->value.u64;
}

/* The bytes between two readings; a 32-bit counter wraps, a 64-bit one that falls was reset. */
static bool difference(const struct nvml_abi_field_value *field, uint64_t before,
                       uint64_t *ret_bytes)
{
    uint64_t now = counted(field);
    if (field->value_type == NVML_ABI_VALUE_TYPE_UNSIGNED_INT)
        *ret_bytes = (uint32_t)(now - before);
    else
        *ret_bytes = now - before;
    return field->value_type == NVML_ABI_VALUE_TYPE_UNSIGNED_INT || now >= before;
}

/* KiB/s in one direction; false if nobody can tell, or if no bus can be that fast. */
static bool rate_of(const struct nvml_abi_field_value *field, uint64_t before, int64_t elapsed_us,
                    struct value *ret_rate)
{
    uint64_t bytes;
    if (elapsed_us <= 0 || !difference(field, before, &bytes))
        return false;
    double rate = (double)bytes / 1024 * 1e6 / (double)elapsed_us;
    if (rate > RATE_MAX)
        return false;
    *ret_rate = value_int(llround(rate));
    return true;
}

/* Whether the counters gave rates (in device->pcie). They are kept for the next time anyhow. */
static bool rates_from(struct nvml_device *device, const struct nvml_abi_field_value *fields)
{
    struct nvml_pcie *pcie = &device->pcie;
    bool is_later = pcie->stamp_us >= 0 && fields[0].timestamp > pcie->stamp_us;
    int64_t elapsed_us = is_later ? fields[0].timestamp - pcie->stamp_us : 0;
    bool has_rates = pcie->has_counters;
    for (int i = 0; i < 2; i++) {
        has_rates =
            has_rates && rate_of(&fields[i], pcie->counters[i], elapsed_us, &pcie->rates[i]);
        pcie->counters[i] = counted(&fields[i]);
    }
    pcie->stamp_us = fields[0].timestamp;
    pcie->has_counters = true;
    return has_rates;
}

static int ask_counters(struct nvml_device *device, struct nvml_abi_field_value *values)
{
    static const struct field fields[] = {
        { NVML_ABI_FI_DEV_PCIE_COUNT_TX_BYTES, 0, FIELD_NUMBER },
        { NVML_ABI_FI_DEV_PCIE_COUNT_RX_BYTES, 0, FIELD_NUMBER },
    };
    int code = nvml_device_refused(device, NVML_SLOT_PCIE_FIELDS);
    if (code)
        return code;
    code = ask_fields(device, fields, 2, values);
    code = code ? code : values[0].code ? values[0].code : values[1].code;
    nvml_device_note(device, NVML_SLOT_PCIE_FIELDS, code);
    return code;
}

int nvml_read_pcie_throughput(struct nvml_device *device, const struct nvml_row *row,
                              struct arena *arena, struct value *out)
{
    static const uint32_t directions[] = { NVML_ABI_PCIE_UTIL_TX_BYTES,
                                           NVML_ABI_PCIE_UTIL_RX_BYTES };
    struct nvml *nvml = device->nvml;
    struct nvml_abi_field_value fields[3];
    int codes[2];
    (void)row;
    (void)arena;
    if (ask_counters(device, fields) == NVML_ABI_SUCCESS && rates_from(device, fields)) {
        out[0] = device->pcie.rates[0];
        out[1] = device->pcie.rates[1];
        return NVML_ABI_SUCCESS;
    }
    for (int i = 0; i < 2; i++) {
        uint32_t kib = 0;
        codes[i] =
            NVML_CALL(nvml, nvml->symbols.pcie_throughput, device->handle, directions[i], &kib);
        out[i] = codes[i] ? nvml_code_value(codes[i]) : value_int(kib);
    }
    return codes[0] == codes[1] ? codes[0] : NVML_ABI_SUCCESS;
}

/* ---- NVLinks ---- */

static int count_links(struct nvml_device *device)
{
    static const struct field field = { NVML_ABI_FI_DEV_NVLINK_LINK_COUNT, 0, FIELD_NUMBER };
    struct nvml_abi_field_value values[2];
    if (device->link_count)
        return NVML_ABI_SUCCESS;
    int code = ask_fields(device, &field, 1, values);
    code = code ? code : values[0].code;
    struct value count = code ? nvml_code_value(code) : field_number(&values[0]);
    if (count.kind == NVITOP_INT && count.i > 0)
        device->link_count = (unsigned)MIN_OF(count.i, (int64_t)NVML_LINKS_MAX);
    return code || device->link_count ? code : NVML_ABI_ERROR_NOT_SUPPORTED;
}

/* The code is that of the first field where none has answered. A driver without counters of single
 * links calls their numbers invalid. */
static int ask_links(struct nvml_device *device, struct nvml_abi_field_value *values)
{
    static const uint32_t ids[] = { NVML_ABI_FI_DEV_NVLINK_THROUGHPUT_DATA_TX,
                                    NVML_ABI_FI_DEV_NVLINK_THROUGHPUT_DATA_RX };
    struct field fields[2 * NVML_LINKS_MAX];
    int code = count_links(device);
    for (unsigned i = 0; i < 2 * device->link_count; i++)
        fields[i] = (struct field){ ids[i % 2], i / 2, FIELD_NUMBER };
    if (!code)
        code = ask_fields(device, fields, (int)(2 * device->link_count), values);
    for (unsigned i = 0; !code && i < 2 * device->link_count; i++)
        if (!values[i].code)
            return code;
    code = code ? code : values[0].code;
    return code == NVML_ABI_ERROR_INVALID_ARGUMENT ? NVML_ABI_ERROR_NOT_SUPPORTED : code;
}

bool nvml_device_links(struct nvml_device *device, struct nvml_link links[NVML_LINKS_MAX],
                       size_t *ret_count)
{
    struct nvml_abi_field_value values[2 * NVML_LINKS_MAX + 1];
    int code = nvml_device_refused(device, NVML_SLOT_LINKS);
    if (!code) {
        code = ask_links(device, values);
        nvml_device_note(device, NVML_SLOT_LINKS, code);
    }
    bool is_without =
        code == NVML_ABI_ERROR_NOT_SUPPORTED || code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    if (code && !is_without)
        return false;
    *ret_count = is_without ? 0 : device->link_count;
    for (size_t i = 0; i < *ret_count; i++)
        links[i] = (struct nvml_link){ .link = (uint32_t)i,
                                       .tx = field_value(&values[2 * i], FIELD_NUMBER),
                                       .rx = field_value(&values[2 * i + 1], FIELD_NUMBER) };
    return true;
}
