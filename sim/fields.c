/*
 * Field values and recent samples. Counters grow with their rate's curve: while the clock stands
 * still they grow by real time at the rate of that moment, so that two readings still differ by
 * rate times time.
 */
#include "fields.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/entry.h"
#include "sim/sim.h"

static double counted(const struct call *call, const struct curve *rate)
{
    bool is_standing = sim.is_frozen || sim.clock_path;
    return is_standing ? curve_at(rate, call->now, 0) * sim_real_elapsed()
                       : curve_mean(rate, call->now) * fmax(call->now, 0);
}

int fields_energy(const struct call *call, double *ret_mj)
{
    int code = answer_number(call, call->device, DEVICE_ENERGY, ret_mj);
    const struct curve *power = scenario_curve(call->device, DEVICE_POWER);
    if (!code && scenario_curve(call->device, DEVICE_ENERGY)->kind == CURVE_AUTO &&
        power->kind != CURVE_ERROR)
        *ret_mj += counted(call, power); /* mW * s */
    return code;
}

/* ---- field values ---- */

enum field_kind { FIELD_U32, FIELD_MS, FIELD_COUNTER, FIELD_LINKS, FIELD_ENERGY, FIELD_MARGIN };

struct field {
    uint32_t id;
    uint32_t since; /* driver */
    enum field_kind kind;
    unsigned key;
    double factor;    /* of a counter: its unit per unit of the rate */
    unsigned instead; /* the key to read if `key` is unset; else the same */
};

#define FIELD(name, since, kind, key)                                                              \
    {                                                                                              \
        NVML_ABI_FI_DEV_##name, since, kind, key, 1, key                                           \
    }
static const struct field fields[] = {
    FIELD(ECC_CURRENT, 0, FIELD_U32, DEVICE_ECC_MODE),
    FIELD(ECC_PENDING, 0, FIELD_U32, DEVICE_ECC_MODE),
    FIELD(RETIRED_SBE, 0, FIELD_U32, DEVICE_RETIRED_SBE),
    FIELD(RETIRED_DBE, 0, FIELD_U32, DEVICE_RETIRED_DBE),
    FIELD(RETIRED_PENDING, 0, FIELD_U32, DEVICE_RETIRED_PENDING),
    FIELD(PERF_POLICY_POWER, 0, FIELD_MS, DEVICE_VIOLATION_POWER),
    FIELD(PERF_POLICY_THERMAL, 0, FIELD_MS, DEVICE_VIOLATION_THERMAL),
    FIELD(PERF_POLICY_SYNC_BOOST, 0, FIELD_MS, DEVICE_VIOLATION_SYNC_BOOST),
    FIELD(PERF_POLICY_BOARD_LIMIT, 0, FIELD_MS, DEVICE_VIOLATION_BOARD_LIMIT),
    FIELD(PERF_POLICY_LOW_UTILIZATION, 0, FIELD_MS, DEVICE_VIOLATION_LOW_UTILIZATION),
    FIELD(PERF_POLICY_RELIABILITY, 0, FIELD_MS, DEVICE_VIOLATION_RELIABILITY),
    FIELD(PERF_POLICY_TOTAL_APP_CLOCKS, 0, FIELD_MS, DEVICE_VIOLATION_APP_CLOCKS),
    FIELD(PERF_POLICY_TOTAL_BASE_CLOCKS, 0, FIELD_MS, DEVICE_VIOLATION_BASE_CLOCKS),
    FIELD(MEMORY_TEMP, 0, FIELD_U32, DEVICE_MEM_TEMPERATURE),
    FIELD(TOTAL_ENERGY_CONSUMPTION, 396000, FIELD_ENERGY, DEVICE_ENERGY),
    FIELD(NVLINK_SPEED_MBPS_COMMON, 0, FIELD_U32, DEVICE_NVLINK_SPEED),
    FIELD(NVLINK_LINK_COUNT, 0, FIELD_U32, DEVICE_NVLINK_COUNT),
    FIELD(PCIE_REPLAY_COUNTER, 0, FIELD_U32, DEVICE_PCIE_REPLAYS),
    FIELD(NVLINK_THROUGHPUT_DATA_TX, 450000, FIELD_LINKS, DEVICE_NVLINK_TX),
    FIELD(NVLINK_THROUGHPUT_DATA_RX, 450000, FIELD_LINKS, DEVICE_NVLINK_RX),
    FIELD(NVLINK_THROUGHPUT_RAW_TX, 450000, FIELD_LINKS, DEVICE_NVLINK_TX),
    FIELD(NVLINK_THROUGHPUT_RAW_RX, 450000, FIELD_LINKS, DEVICE_NVLINK_RX),
    FIELD(REMAPPED_COR, 450000, FIELD_U32, DEVICE_REMAPPED_COR),
    FIELD(REMAPPED_UNC, 450000, FIELD_U32, DEVICE_REMAPPED_UNC),
    FIELD(REMAPPED_PENDING, 450000, FIELD_U32, DEVICE_REMAPPED_PENDING),
    FIELD(REMAPPED_FAILURE, 450000, FIELD_U32, DEVICE_REMAPPED_FAILURE),
    { NVML_ABI_FI_DEV_POWER_AVERAGE, 535000, FIELD_U32, DEVICE_POWER_AVERAGE, 1, DEVICE_POWER },
    FIELD(POWER_INSTANT, 535000, FIELD_U32, DEVICE_POWER),
    FIELD(POWER_MIN_LIMIT, 535000, FIELD_U32, DEVICE_POWER_MIN_LIMIT),
    { NVML_ABI_FI_DEV_POWER_MAX_LIMIT, 535000, FIELD_U32, DEVICE_POWER_MAX_LIMIT, 1,
      DEVICE_POWER_LIMIT },
    FIELD(POWER_DEFAULT_LIMIT, 535000, FIELD_U32, DEVICE_POWER_LIMIT),
    { NVML_ABI_FI_DEV_POWER_CURRENT_LIMIT, 535000, FIELD_U32, DEVICE_POWER_ENFORCED_LIMIT, 1,
      DEVICE_POWER_LIMIT },
    FIELD(ENERGY, 535000, FIELD_ENERGY, DEVICE_ENERGY),
    FIELD(POWER_REQUESTED_LIMIT, 535000, FIELD_U32, DEVICE_POWER_LIMIT),
    FIELD(TEMPERATURE_SHUTDOWN_TLIMIT, 535000, FIELD_MARGIN, DEVICE_TEMP_SHUTDOWN),
    FIELD(TEMPERATURE_SLOWDOWN_TLIMIT, 535000, FIELD_MARGIN, DEVICE_TEMP_SLOWDOWN),
    FIELD(TEMPERATURE_MEM_MAX_TLIMIT, 535000, FIELD_MARGIN, DEVICE_TEMP_MEM_MAX),
    FIELD(TEMPERATURE_GPU_MAX_TLIMIT, 535000, FIELD_MARGIN, DEVICE_TEMP_GPU_MAX),
    { NVML_ABI_FI_DEV_PCIE_COUNT_TX_BYTES, 555000, FIELD_COUNTER, DEVICE_PCIE_TX, 1000,
      DEVICE_PCIE_TX },
    { NVML_ABI_FI_DEV_PCIE_COUNT_RX_BYTES, 555000, FIELD_COUNTER, DEVICE_PCIE_RX, 1000,
      DEVICE_PCIE_RX },
};

static const struct field *find_field(uint32_t id)
{
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (fields[i].id == id && sim.era >= fields[i].since)
            return &fields[i];
    }
    return NULL;
}

/* A margin is what the shutdown threshold leaves above the one asked for; only Ada and later
 * have these. */
static int read_margin(const struct call *call, unsigned key, int32_t *ret_margin)
{
    uint32_t arch, limit, top;
    int code = answer_u32(call, call->device, DEVICE_ARCH, &arch);
    if (!code && arch < NVML_ABI_DEVICE_ARCH_ADA)
        code = NVML_ABI_ERROR_NOT_SUPPORTED;
    if (!code)
        code = answer_u32(call, call->device, key, &limit);
    if (!code)
        code = answer_u32(call, call->device, DEVICE_TEMP_GPU_MAX, &top);
    if (!code)
        *ret_margin = (int32_t)top - (int32_t)limit;
    return code;
}

static int read_counter(const struct call *call, const struct field *field, uint64_t *ret_count)
{
    double rate;
    int code = answer_number(call, call->device, field->key, &rate);
    if (!code)
        *ret_count =
            (uint64_t)(counted(call, scenario_curve(call->device, field->key)) * field->factor);
    return code;
}

/* Of all links, or of one: the second has twice the share of the first, the third three times. */
static int read_links(const struct call *call, const struct field *field, uint32_t scope,
                      uint64_t *ret_count)
{
    uint64_t total;
    uint32_t links;
    int code = read_counter(call, field, &total);
    if (!code && scope == NVML_ABI_ALL_LINKS)
        *ret_count = total;
    if (code || scope == NVML_ABI_ALL_LINKS)
        return code;
    code = answer_u32(call, call->device, DEVICE_NVLINK_COUNT, &links);
    if (!code && scenario_constant(call->device, DEVICE_NVLINK_EACH, 1) == 0)
        code = NVML_ABI_ERROR_NOT_SUPPORTED;
    if (!code && scope >= links)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code)
        *ret_count = total * (scope + 1) * 2 / ((uint64_t)links * (links + 1));
    return code;
}

static int read_field(const struct call *call, const struct field *field,
                      struct nvml_abi_field_value *value)
{
    double number = 0;
    int code;
    unsigned key =
        scenario_curve(call->device, field->key)->kind == CURVE_UNSET ? field->instead : field->key;
    switch (field->kind) {
    case FIELD_U32:
        value->value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_INT;
        return answer_u32(call, call->device, key, &value->value.u32);
    case FIELD_MARGIN:
        value->value_type = NVML_ABI_VALUE_TYPE_SIGNED_INT;
        return read_margin(call, key, &value->value.i32);
    case FIELD_MS: /* told in ns */
        value->value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG;
        code = answer_number(call, call->device, key, &number);
        value->value.u64 = (uint64_t)(number * 1e6);
        return code;
    case FIELD_COUNTER:
        value->value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG;
        return read_counter(call, field, &value->value.u64);
    case FIELD_LINKS:
        value->value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG;
        return read_links(call, field, value->scope_id, &value->value.u64);
    default:
        value->value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG;
        code = fields_energy(call, &number);
        value->value.u64 = (uint64_t)number;
        return code;
    }
}

int nvmlDeviceGetFieldValues(nvml_handle device, int count, struct nvml_abi_field_value *values)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetFieldValues, device);
    if (code)
        return code;
    if (count < 0 || (count && !values))
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    for (int i = 0; i < count; i++) {
        const struct field *field = find_field(values[i].field_id);
        values[i].timestamp = (int64_t)clock_epoch_us();
        values[i].latency_us = 10;
        values[i].value.u64 = 0;
        values[i].code = !field || call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                                            : read_field(&call, field, &values[i]);
    }
    return NVML_ABI_SUCCESS;
}

/* ---- samples ---- */

enum { SAMPLE_RING = 100 };

static const struct {
    unsigned key;
    bool is_utilization;
} sample_types[] = {
    [NVML_ABI_TOTAL_POWER_SAMPLES] = { DEVICE_POWER, false },
    [NVML_ABI_GPU_UTILIZATION_SAMPLES] = { DEVICE_GPU_UTIL, true },
    [NVML_ABI_MEMORY_UTILIZATION_SAMPLES] = { DEVICE_MEM_UTIL, true },
    [NVML_ABI_ENC_UTILIZATION_SAMPLES] = { DEVICE_ENC_UTIL, true },
    [NVML_ABI_DEC_UTILIZATION_SAMPLES] = { DEVICE_DEC_UTIL, true },
    [NVML_ABI_PROCESSOR_CLK_SAMPLES] = { DEVICE_CLOCK_SM, false },
    [NVML_ABI_MEMORY_CLK_SAMPLES] = { DEVICE_CLOCK_MEM, false },
    [NVML_ABI_MODULE_POWER_SAMPLES] = { DEVICE_POWER, false },
    [NVML_ABI_JPG_UTILIZATION_SAMPLES] = { DEVICE_JPG_UTIL, true },
    [NVML_ABI_OFA_UTILIZATION_SAMPLES] = { DEVICE_OFA_UTIL, true },
};

/* The ring's samples newer than `since`, oldest first; the scenario's time runs along. */
static int fill_samples(const struct call *call, unsigned key, uint64_t since, uint32_t *count,
                        struct nvml_abi_sample *samples)
{
    double period =
        fmax(scenario_constant(&sim.scenario->system, SYSTEM_SAMPLE_PERIOD, 0.2), 0.001);
    uint64_t step = (uint64_t)(period * 1e6), now = clock_epoch_us() / step * step;
    uint64_t missed = since < now ? (now - since + step - 1) / step : 0;
    uint32_t have = (uint32_t)MIN_OF(missed, (uint64_t)SAMPLE_RING);
    if (!have)
        return NVML_ABI_ERROR_NOT_FOUND;
    uint32_t room = *count;
    *count = have;
    if (!samples)
        return NVML_ABI_SUCCESS;
    if (room < have)
        return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    for (uint32_t i = 0; i < have; i++) {
        struct call then = *call;
        uint32_t back = have - 1 - i;
        then.now -= back * period;
        samples[i] = (struct nvml_abi_sample){ .timestamp = now - back * step };
        answer_u32(&then, call->device, key, &samples[i].value.u32);
    }
    return NVML_ABI_SUCCESS;
}

int nvmlDeviceGetSamples(nvml_handle device, uint32_t type, uint64_t since, uint32_t *value_type,
                         uint32_t *count, struct nvml_abi_sample *samples)
{
    struct call call;
    uint32_t number;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetSamples, device);
    if (code)
        return code;
    if (!value_type || !count || type >= ARRAY_LEN(sample_types))
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (call.mig || (sample_types[type].is_utilization && sim_mig_is_on(call.device, call.now)))
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    code = answer_u32(&call, call.device, sample_types[type].key, &number);
    if (code)
        return code;
    *value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_INT;
    return fill_samples(&call, sample_types[type].key, since, count, samples);
}
