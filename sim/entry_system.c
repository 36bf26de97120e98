/* Entry points about the library and the machine, and the look-up of handles. */
#include "sim/entry.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "sim/sim.h"
#include "sim/system.h"

/* ---- init ---- */

static int init(enum symbol_id symbol)
{
    struct call call;
    atomic_fetch_add(&sim.entering, 1);
    int code = call_enter_init(&call, symbol);
    if (!code)
        atomic_fetch_add(&sim.init_count, 1);
    atomic_fetch_sub(&sim.entering, 1);
    return code;
}

int nvmlInit(void)
{
    return init(SYM_nvmlInit);
}

int nvmlInit_v2(void)
{
    return init(SYM_nvmlInit_v2);
}

int nvmlInitWithFlags(uint32_t flags)
{
    (void)flags;
    return init(SYM_nvmlInitWithFlags);
}

int nvmlShutdown(void)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlShutdown);
    if (!code)
        atomic_fetch_sub(&sim.init_count, 1);
    return code;
}

int nvitopSimulatorPidScope(void)
{
    static const char *const namespaces[] = { "kernel", "private", "host" };
    if (!sim.scenario)
        return 1;
    const char *text = scenario_text(&sim.scenario->launcher, LAUNCHER_PID_NAMESPACE);
    for (int scope = 0; scope < (int)ARRAY_LEN(namespaces); scope++)
        if (strcmp(text, namespaces[scope]) == 0)
            return scope;
    return 1;
}

static const struct {
    int code;
    const char *words;
} code_words[] = {
    { NVML_ABI_SUCCESS, "Success" },
    { NVML_ABI_ERROR_UNINITIALIZED, "Not initialised" },
    { NVML_ABI_ERROR_INVALID_ARGUMENT, "Invalid argument" },
    { NVML_ABI_ERROR_NOT_SUPPORTED, "Not supported" },
    { NVML_ABI_ERROR_NO_PERMISSION, "Insufficient Permissions" },
    { NVML_ABI_ERROR_ALREADY_INITIALIZED, "Already initialised" },
    { NVML_ABI_ERROR_NOT_FOUND, "Not found" },
    { NVML_ABI_ERROR_INSUFFICIENT_SIZE, "Buffer too small" },
    { NVML_ABI_ERROR_INSUFFICIENT_POWER, "External power missing" },
    { NVML_ABI_ERROR_DRIVER_NOT_LOADED, "Driver Not Loaded" },
    { NVML_ABI_ERROR_TIMEOUT, "Timed out" },
    { NVML_ABI_ERROR_IRQ_ISSUE, "Interrupt trouble" },
    { NVML_ABI_ERROR_LIBRARY_NOT_FOUND, "Library not found" },
    { NVML_ABI_ERROR_FUNCTION_NOT_FOUND, "Function not found" },
    { NVML_ABI_ERROR_CORRUPTED_INFOROM, "infoROM damaged" },
    { NVML_ABI_ERROR_GPU_IS_LOST, "GPU is lost" },
    { NVML_ABI_ERROR_RESET_REQUIRED, "GPU needs a reset" },
    { NVML_ABI_ERROR_OPERATING_SYSTEM, "Blocked by the operating system" },
    { NVML_ABI_ERROR_LIB_RM_VERSION_MISMATCH, "RM has detected an NVML/RM version mismatch." },
    { NVML_ABI_ERROR_IN_USE, "In use" },
    { NVML_ABI_ERROR_MEMORY, "Out of memory" },
    { NVML_ABI_ERROR_NO_DATA, "No data" },
    { NVML_ABI_ERROR_VGPU_ECC_NOT_SUPPORTED, "vGPU without ECC" },
    { NVML_ABI_ERROR_INSUFFICIENT_RESOURCES, "Out of resources" },
    { NVML_ABI_ERROR_FREQ_NOT_SUPPORTED, "Frequency not supported" },
    { NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH, "Struct version not supported" },
    { NVML_ABI_ERROR_DEPRECATED, "Deprecated" },
    { NVML_ABI_ERROR_NOT_READY, "Not ready" },
    { NVML_ABI_ERROR_GPU_NOT_FOUND, "No GPU found" },
    { NVML_ABI_ERROR_INVALID_STATE, "Invalid state" },
    { NVML_ABI_ERROR_RESET_TYPE_NOT_SUPPORTED, "Reset type not supported" },
    { NVML_ABI_ERROR_UNKNOWN, "Unknown Error" },
};

const char *nvmlErrorString(int code)
{
    for (size_t i = 0; i < ARRAY_LEN(code_words); i++) {
        if (code_words[i].code == code)
            return code_words[i].words;
    }
    return "Unknown Error";
}

/* ---- versions ---- */

int nvmlSystemGetDriverVersion(char *text, uint32_t size)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlSystemGetDriverVersion);
    return code ? code : answer_text_key(&sim.scenario->system, SYSTEM_DRIVER_VERSION, text, size);
}

int nvmlSystemGetNVMLVersion(char *text, uint32_t size)
{
    struct call call;
    char made[128];
    const struct scenario_entity *system = &sim.scenario->system;
    int code = call_enter(&call, SYM_nvmlSystemGetNVMLVersion);
    if (code)
        return code;
    if (scenario_is_set(system, SYSTEM_NVML_VERSION))
        return answer_text_key(system, SYSTEM_NVML_VERSION, text, size);
    snprintf(made, sizeof(made), "%d.%.80s",
             (int)scenario_constant(system, SYSTEM_CUDA_VERSION, 0) / 1000,
             scenario_text(system, SYSTEM_DRIVER_VERSION));
    return answer_text(made, text, size);
}

static int cuda_version(enum symbol_id symbol, int *version)
{
    struct call call;
    uint32_t number;
    int code = call_enter(&call, symbol);
    if (!code && !version)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code)
        code = answer_u32(&call, &sim.scenario->system, SYSTEM_CUDA_VERSION, &number);
    if (!code)
        *version = (int)number;
    return code;
}

int nvmlSystemGetCudaDriverVersion(int *version)
{
    return cuda_version(SYM_nvmlSystemGetCudaDriverVersion, version);
}

int nvmlSystemGetCudaDriverVersion_v2(int *version)
{
    return cuda_version(SYM_nvmlSystemGetCudaDriverVersion_v2, version);
}

int nvmlSystemGetProcessName(uint32_t pid, char *text, uint32_t size)
{
    struct call call;
    char path[64], name[4096];
    int code = call_enter(&call, SYM_nvmlSystemGetProcessName);
    if (code)
        return code;
    snprintf(path, sizeof(path), "/proc/%u/cmdline", pid);
    int fd = system_open(path);
    if (fd < 0)
        return NVML_ABI_ERROR_NOT_FOUND;
    ssize_t len = read(fd, name, sizeof(name) - 1);
    close(fd);
    name[MAX_OF(len, 0)] = 0;
    return answer_text(name, text, size);
}

/* ---- handles ---- */

static int device_count(enum symbol_id symbol, uint32_t *count)
{
    struct call call;
    int code = call_enter(&call, symbol);
    if (code)
        return code;
    if (!count)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    *count = (uint32_t)sim.scenario->device_count;
    return NVML_ABI_SUCCESS;
}

int nvmlDeviceGetCount(uint32_t *count)
{
    return device_count(SYM_nvmlDeviceGetCount, count);
}

int nvmlDeviceGetCount_v2(uint32_t *count)
{
    return device_count(SYM_nvmlDeviceGetCount_v2, count);
}

/* Ends a look-up: NULL is an answer too. */
static int hand_out(struct call *call, const struct sim_handle *found, int none,
                    nvml_handle *device)
{
    if (!device)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!found)
        return none;
    int code = call_look_up(call, found);
    if (!code)
        *device = sim_handle_out(found);
    return code;
}

static int by_index(enum symbol_id symbol, uint32_t index, nvml_handle *device)
{
    struct call call;
    int code = call_enter(&call, symbol);
    return code ? code
                : hand_out(&call, sim_gpu_handle(index), NVML_ABI_ERROR_INVALID_ARGUMENT, device);
}

int nvmlDeviceGetHandleByIndex(uint32_t index, nvml_handle *device)
{
    return by_index(SYM_nvmlDeviceGetHandleByIndex, index, device);
}

int nvmlDeviceGetHandleByIndex_v2(uint32_t index, nvml_handle *device)
{
    return by_index(SYM_nvmlDeviceGetHandleByIndex_v2, index, device);
}

/* Is the handle one that is there now? */
static bool is_there(const struct sim_handle *handle, double now)
{
    return !handle->mig || sim_mig_handle(handle->mig->number, handle->mig->mig, now) == handle;
}

int nvmlDeviceGetHandleByUUID(const char *uuid, nvml_handle *device)
{
    struct call call;
    char own[96];
    int code = call_enter(&call, SYM_nvmlDeviceGetHandleByUUID);
    if (code || !uuid)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    for (size_t i = 0; i < sim.handle_count; i++) {
        answer_uuid(&sim.handles[i], own);
        if (is_there(&sim.handles[i], call.now) && !strcmp(own, uuid))
            return hand_out(&call, &sim.handles[i], NVML_ABI_ERROR_NOT_FOUND, device);
    }
    return NVML_ABI_ERROR_NOT_FOUND;
}

int nvmlDeviceGetHandleBySerial(const char *serial, nvml_handle *device)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlDeviceGetHandleBySerial);
    if (code || !serial)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    for (unsigned i = 0; i < sim.scenario->device_count; i++) {
        if (!strcmp(scenario_text(&sim.scenario->devices[i], DEVICE_SERIAL), serial))
            return hand_out(&call, sim_gpu_handle(i), NVML_ABI_ERROR_NOT_FOUND, device);
    }
    return NVML_ABI_ERROR_NOT_FOUND;
}

/* `[DOMAIN:]BUS:DEVICE[.0]`, hexadecimal, whatever the number of digits. */
static bool parse_bus_id(const char *text, unsigned ret_parts[3])
{
    char rest = 0;
    if (sscanf(text, "%x:%x:%x%c", &ret_parts[0], &ret_parts[1], &ret_parts[2], &rest) >= 3)
        return !rest || rest == '.';
    ret_parts[0] = 0;
    return sscanf(text, "%x:%x%c", &ret_parts[1], &ret_parts[2], &rest) >= 2 &&
           (!rest || rest == '.');
}

static int by_bus_id(enum symbol_id symbol, const char *bus_id, nvml_handle *device)
{
    struct call call;
    unsigned wanted[3], own[3];
    int code = call_enter(&call, symbol);
    if (code)
        return code;
    if (!bus_id || !parse_bus_id(bus_id, wanted))
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    for (unsigned i = 0; i < sim.scenario->device_count; i++) {
        if (parse_bus_id(scenario_text(&sim.scenario->devices[i], DEVICE_BUS_ID), own) &&
            !memcmp(own, wanted, sizeof(own)))
            return hand_out(&call, sim_gpu_handle(i), NVML_ABI_ERROR_NOT_FOUND, device);
    }
    return NVML_ABI_ERROR_NOT_FOUND;
}

int nvmlDeviceGetHandleByPciBusId(const char *bus_id, nvml_handle *device)
{
    return by_bus_id(SYM_nvmlDeviceGetHandleByPciBusId, bus_id, device);
}

int nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, nvml_handle *device)
{
    return by_bus_id(SYM_nvmlDeviceGetHandleByPciBusId_v2, bus_id, device);
}
