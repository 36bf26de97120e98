/*
 * Entry points that answer one or two numbers of a device. Most are rows of a table: the symbol,
 * the key it reads, and whether a MIG device answers with its GPU's number (else NOT_SUPPORTED).
 */
#include "sim/entry.h"

#include <time.h>

#include "base/mem.h"
#include "sim/sim.h"

enum mig_rule { MIG_NO, MIG_PARENT };

/* Checks the rule and reads the key. */
static int read_key(enum symbol_id symbol, nvml_handle device, unsigned key, enum mig_rule rule,
                    uint32_t *ret_number)
{
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    if (code)
        return code;
    if (!ret_number)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (call.mig && rule == MIG_NO)
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    return answer_u32(&call, call.device, key, ret_number);
}

#define U32_GETTERS(X)                                                                             \
    X(nvmlDeviceGetMinorNumber, DEVICE_MINOR, MIG_NO)                                              \
    X(nvmlDeviceGetArchitecture, DEVICE_ARCH, MIG_PARENT)                                          \
    X(nvmlDeviceGetBrand, DEVICE_BRAND, MIG_PARENT)                                                \
    X(nvmlDeviceGetVirtualizationMode, DEVICE_VIRTUALIZATION, MIG_PARENT)                          \
    X(nvmlDeviceGetMemoryBusWidth, DEVICE_BUS_WIDTH, MIG_NO)                                       \
    X(nvmlDeviceGetMaxPcieLinkGeneration, DEVICE_PCIE_GEN_MAX, MIG_NO)                             \
    X(nvmlDeviceGetMaxPcieLinkWidth, DEVICE_PCIE_WIDTH_MAX, MIG_NO)                                \
    X(nvmlDeviceGetCurrPcieLinkGeneration, DEVICE_PCIE_GEN, MIG_NO)                                \
    X(nvmlDeviceGetCurrPcieLinkWidth, DEVICE_PCIE_WIDTH, MIG_NO)                                   \
    X(nvmlDeviceGetPowerUsage, DEVICE_POWER, MIG_NO)                                               \
    X(nvmlDeviceGetPowerManagementLimit, DEVICE_POWER_LIMIT, MIG_NO)                               \
    X(nvmlDeviceGetPowerManagementDefaultLimit, DEVICE_POWER_LIMIT, MIG_NO)                        \
    X(nvmlDeviceGetDisplayActive, DEVICE_DISPLAY_ACTIVE, MIG_PARENT)                               \
    X(nvmlDeviceGetDisplayMode, DEVICE_DISPLAY_MODE, MIG_PARENT)                                   \
    X(nvmlDeviceGetPersistenceMode, DEVICE_PERSISTENCE, MIG_PARENT)                                \
    X(nvmlDeviceGetComputeMode, DEVICE_COMPUTE_MODE, MIG_PARENT)                                   \
    X(nvmlDeviceGetPerformanceState, DEVICE_PSTATE, MIG_NO)                                        \
    X(nvmlDeviceGetPowerState, DEVICE_PSTATE, MIG_NO)                                              \
    X(nvmlDeviceGetNumFans, DEVICE_NUM_FANS, MIG_NO)                                               \
    X(nvmlDeviceGetFanSpeed, DEVICE_FAN, MIG_NO)

#define U32_GETTER(symbol, key, rule)                                                              \
    int symbol(nvml_handle device, uint32_t *number)                                               \
    {                                                                                              \
        return read_key(SYM_##symbol, device, key, rule, number);                                  \
    }
U32_GETTERS(U32_GETTER)

/* ---- numbers with an argument ---- */

/* One of `keys` by the argument `which`. */
static int read_indexed(enum symbol_id symbol, nvml_handle device, const unsigned keys[],
                        uint32_t key_count, uint32_t which, uint32_t *ret_number)
{
    if (which < key_count)
        return read_key(symbol, device, keys[which], MIG_NO, ret_number);
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
}

static const unsigned clock_keys[] = { DEVICE_CLOCK_GRAPHICS, DEVICE_CLOCK_SM, DEVICE_CLOCK_MEM,
                                       DEVICE_CLOCK_VIDEO };
static const unsigned max_clock_keys[] = { DEVICE_MAX_CLOCK_GRAPHICS, DEVICE_MAX_CLOCK_SM,
                                           DEVICE_MAX_CLOCK_MEM, DEVICE_MAX_CLOCK_VIDEO };
static const unsigned threshold_keys[] = { DEVICE_TEMP_SHUTDOWN, DEVICE_TEMP_SLOWDOWN,
                                           DEVICE_TEMP_MEM_MAX, DEVICE_TEMP_GPU_MAX };
static const unsigned temperature_keys[] = { DEVICE_TEMPERATURE };
static const unsigned pcie_keys[] = { DEVICE_PCIE_TX, DEVICE_PCIE_RX };

int nvmlDeviceGetClockInfo(nvml_handle device, uint32_t type, uint32_t *mhz)
{
    return read_indexed(SYM_nvmlDeviceGetClockInfo, device, clock_keys, ARRAY_LEN(clock_keys), type,
                        mhz);
}

int nvmlDeviceGetMaxClockInfo(nvml_handle device, uint32_t type, uint32_t *mhz)
{
    return read_indexed(SYM_nvmlDeviceGetMaxClockInfo, device, max_clock_keys,
                        ARRAY_LEN(max_clock_keys), type, mhz);
}

int nvmlDeviceGetClock(nvml_handle device, uint32_t type, uint32_t id, uint32_t *mhz)
{
    const unsigned *keys = id == NVML_ABI_CLOCK_ID_CURRENT ? clock_keys : max_clock_keys;
    return read_indexed(SYM_nvmlDeviceGetClock, device, keys, ARRAY_LEN(clock_keys), type, mhz);
}

int nvmlDeviceGetTemperature(nvml_handle device, uint32_t sensor, uint32_t *celsius)
{
    return read_indexed(SYM_nvmlDeviceGetTemperature, device, temperature_keys,
                        ARRAY_LEN(temperature_keys), sensor, celsius);
}

int nvmlDeviceGetTemperatureThreshold(nvml_handle device, uint32_t threshold, uint32_t *celsius)
{
    return read_indexed(SYM_nvmlDeviceGetTemperatureThreshold, device, threshold_keys,
                        ARRAY_LEN(threshold_keys), threshold, celsius);
}

/* The real one watches the link for 20 ms. */
int nvmlDeviceGetPcieThroughput(nvml_handle device, uint32_t counter, uint32_t *kb_s)
{
    int code = read_indexed(SYM_nvmlDeviceGetPcieThroughput, device, pcie_keys,
                            ARRAY_LEN(pcie_keys), counter, kb_s);
    if (code)
        return code;
    const struct sim_handle *handle = (const struct sim_handle *)(uintptr_t)device;
    double wait = scenario_constant(handle->device, DEVICE_PCIE_WAIT, 0);
    struct timespec left = { (time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9) };
    if (wait > 0) /* else not even the slack of the kernel's timers */
        nanosleep(&left, NULL);
    return code;
}

int nvmlDeviceGetFanSpeed_v2(nvml_handle device, uint32_t fan, uint32_t *percent)
{
    struct call call;
    uint32_t count;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetFanSpeed_v2, device);
    if (!code && call.mig)
        code = NVML_ABI_ERROR_NOT_SUPPORTED;
    if (!code)
        code = answer_u32(&call, call.device, DEVICE_NUM_FANS, &count);
    if (code)
        return code;
    return fan < count && percent ? answer_u32(&call, call.device, DEVICE_FAN, percent)
                                  : NVML_ABI_ERROR_INVALID_ARGUMENT;
}

int nvmlDeviceGetEnforcedPowerLimit(nvml_handle device, uint32_t *number)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetEnforcedPowerLimit, device);
    if (code)
        return code;
    if (!number)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    bool is_own = scenario_is_set(call.device, DEVICE_POWER_ENFORCED_LIMIT);
    return call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                    : answer_u32(&call, call.device,
                                 is_own ? DEVICE_POWER_ENFORCED_LIMIT : DEVICE_POWER_LIMIT, number);
}

/* ---- pairs ---- */

struct pair {
    enum symbol_id symbol;
    unsigned first, second; /* keys */
    unsigned instead;       /* of the second, if that is unset */
    enum mig_rule rule;
};

static int read_pair(nvml_handle device, const struct pair *pair, uint32_t *ret_first,
                     uint32_t *ret_second)
{
    struct call call;
    int code = call_enter_device(&call, pair->symbol, device);
    if (code)
        return code;
    if (!ret_first || !ret_second)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (call.mig && pair->rule == MIG_NO)
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    bool is_unset = scenario_curve(call.device, pair->second)->kind == CURVE_UNSET;
    code = answer_u32(&call, call.device, pair->first, ret_first);
    return code ? code
                : answer_u32(&call, call.device, is_unset ? pair->instead : pair->second,
                             ret_second);
}

#define PAIR_GETTERS(X)                                                                            \
    X(nvmlDeviceGetPowerManagementLimitConstraints, DEVICE_POWER_MIN_LIMIT,                        \
      DEVICE_POWER_MAX_LIMIT, DEVICE_POWER_LIMIT, MIG_NO)                                          \
    X(nvmlDeviceGetDriverModel, DEVICE_DRIVER_MODEL, DEVICE_DRIVER_MODEL, 0, MIG_NO)               \
    X(nvmlDeviceGetDriverModel_v2, DEVICE_DRIVER_MODEL, DEVICE_DRIVER_MODEL, 0, MIG_NO)            \
    X(nvmlDeviceGetEccMode, DEVICE_ECC_MODE, DEVICE_ECC_MODE, 0, MIG_PARENT)                       \
    X(nvmlDeviceGetMigMode, DEVICE_MIG_MODE, DEVICE_MIG_PENDING, DEVICE_MIG_MODE, MIG_NO)

#define PAIR_GETTER(name, first_key, second_key, instead_key, mig_rule)                            \
    int name(nvml_handle device, uint32_t *first, uint32_t *second)                                \
    {                                                                                              \
        static const struct pair pair = { SYM_##name, first_key, second_key, instead_key,          \
                                          mig_rule };                                              \
        return read_pair(device, &pair, first, second);                                            \
    }
PAIR_GETTERS(PAIR_GETTER)

/* Engines: the second number is how long the driver has watched, in µs. */
static int read_engine(enum symbol_id symbol, nvml_handle device, unsigned key, uint32_t *percent,
                       uint32_t *period_us)
{
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    if (code)
        return code;
    if (!percent || !period_us)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (sim_mig_is_on(call.device, call.now))
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    code = answer_u32(&call, call.device, key, percent);
    if (!code)
        *period_us = 167000;
    return code;
}

#define ENGINE_GETTERS(X)                                                                          \
    X(nvmlDeviceGetEncoderUtilization, DEVICE_ENC_UTIL)                                            \
    X(nvmlDeviceGetDecoderUtilization, DEVICE_DEC_UTIL)                                            \
    X(nvmlDeviceGetJpgUtilization, DEVICE_JPG_UTIL)                                                \
    X(nvmlDeviceGetOfaUtilization, DEVICE_OFA_UTIL)

#define ENGINE_GETTER(symbol, key)                                                                 \
    int symbol(nvml_handle device, uint32_t *percent, uint32_t *period_us)                         \
    {                                                                                              \
        return read_engine(SYM_##symbol, device, key, percent, period_us);                         \
    }
ENGINE_GETTERS(ENGINE_GETTER)
