/*
 * The symbol table. A name without a suffix is the oldest form of a function, whatever headers
 * make of it, so every version is asked for by its full name, newest first. One row binds either
 * the first name that exists (ONE) or each name into its own place of an array (EACH).
 */
#include "nvml/nvml_symbols.h"

#include <stdbool.h>
#include <string.h>

#include "base/dylib.h"
#include "base/mem.h"

struct symbol {
    size_t place; /* of the pointer, or of the array's first, in struct nvml_symbols */
    bool is_required, is_array;
    const char *names[NVML_VERSION_COUNT];
};

#define PLACE(slot) offsetof(struct nvml_symbols, slot)
/* clang-format off */
#define NEED(slot, ...) { PLACE(slot), true, false, { __VA_ARGS__ } }
#define ONE(slot, ...) { PLACE(slot), false, false, { __VA_ARGS__ } }
#define EACH(slot, ...) { PLACE(slot), false, true, { __VA_ARGS__ } }
/* clang-format on */

static const struct symbol symbols[] = {
    ONE(init_with_flags, "nvmlInitWithFlags"),
    NEED(init, "nvmlInit_v2", "nvmlInit"),
    NEED(shutdown, "nvmlShutdown"),
    ONE(error_string, "nvmlErrorString"),
    ONE(driver_version, "nvmlSystemGetDriverVersion"),
    ONE(library_version, "nvmlSystemGetNVMLVersion"),
    /* The plain one first: it answers without libcuda too, _v2 does not. */
    ONE(cuda_version, "nvmlSystemGetCudaDriverVersion", "nvmlSystemGetCudaDriverVersion_v2"),
    NEED(device_count, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"),
    NEED(handle_by_index, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"),
    ONE(simulator_pid_scope, "nvitopSimulatorPidScope"),

    ONE(name, "nvmlDeviceGetName"),
    ONE(uuid, "nvmlDeviceGetUUID"),
    ONE(serial, "nvmlDeviceGetSerial"),
    ONE(vbios_version, "nvmlDeviceGetVbiosVersion"),
    ONE(board_part_number, "nvmlDeviceGetBoardPartNumber"),

    ONE(minor_number, "nvmlDeviceGetMinorNumber"),
    ONE(architecture, "nvmlDeviceGetArchitecture"),
    ONE(brand, "nvmlDeviceGetBrand"),
    ONE(virtualization_mode, "nvmlDeviceGetVirtualizationMode"),
    ONE(fan_speed, "nvmlDeviceGetFanSpeed"),
    ONE(fan_count, "nvmlDeviceGetNumFans"),
    ONE(power_usage, "nvmlDeviceGetPowerUsage"),
    ONE(power_limit, "nvmlDeviceGetPowerManagementLimit"),
    ONE(power_limit_enforced, "nvmlDeviceGetEnforcedPowerLimit"),
    ONE(pcie_generation, "nvmlDeviceGetCurrPcieLinkGeneration"),
    ONE(pcie_width, "nvmlDeviceGetCurrPcieLinkWidth"),
    ONE(pcie_generation_max, "nvmlDeviceGetMaxPcieLinkGeneration"),
    ONE(pcie_width_max, "nvmlDeviceGetMaxPcieLinkWidth"),
    ONE(display_active, "nvmlDeviceGetDisplayActive"),
    ONE(display_mode, "nvmlDeviceGetDisplayMode"),
    ONE(persistence_mode, "nvmlDeviceGetPersistenceMode"),
    ONE(pstate, "nvmlDeviceGetPerformanceState"),
    ONE(compute_mode, "nvmlDeviceGetComputeMode"),
    ONE(gpu_instance_id, "nvmlDeviceGetGpuInstanceId"),
    ONE(compute_instance_id, "nvmlDeviceGetComputeInstanceId"),
    ONE(mig_count_max, "nvmlDeviceGetMaxMigDeviceCount"),
    ONE(encoder, "nvmlDeviceGetEncoderUtilization"),
    ONE(decoder, "nvmlDeviceGetDecoderUtilization"),
    ONE(jpeg, "nvmlDeviceGetJpgUtilization"),
    ONE(ofa, "nvmlDeviceGetOfaUtilization"),
    ONE(power_limit_range, "nvmlDeviceGetPowerManagementLimitConstraints"),
    ONE(mig_mode, "nvmlDeviceGetMigMode"),
    EACH(driver_model, "nvmlDeviceGetDriverModel_v2", "nvmlDeviceGetDriverModel"),
    ONE(clock, "nvmlDeviceGetClockInfo"),
    ONE(clock_max, "nvmlDeviceGetMaxClockInfo"),
    ONE(temperature, "nvmlDeviceGetTemperature"),
    ONE(temperature_threshold, "nvmlDeviceGetTemperatureThreshold"),
    ONE(pcie_throughput, "nvmlDeviceGetPcieThroughput"),
    ONE(energy, "nvmlDeviceGetTotalEnergyConsumption"),
    EACH(event_reasons, "nvmlDeviceGetCurrentClocksEventReasons",
         "nvmlDeviceGetCurrentClocksThrottleReasons"),
    ONE(ecc_errors, "nvmlDeviceGetTotalEccErrors"),
    ONE(compute_capability, "nvmlDeviceGetCudaComputeCapability"),

    EACH(pci, "nvmlDeviceGetPciInfo_v3", "nvmlDeviceGetPciInfo_v2", "nvmlDeviceGetPciInfo"),
    ONE(memory_v2, "nvmlDeviceGetMemoryInfo_v2"),
    ONE(memory, "nvmlDeviceGetMemoryInfo"),
    ONE(bar1, "nvmlDeviceGetBAR1MemoryInfo"),
    ONE(utilization, "nvmlDeviceGetUtilizationRates"),
    ONE(temperature_v, "nvmlDeviceGetTemperatureV"),
    ONE(temperature_margin, "nvmlDeviceGetMarginTemperature"),
    ONE(fan_rpm, "nvmlDeviceGetFanSpeedRPM"),
    ONE(attributes, "nvmlDeviceGetAttributes_v2"),
    ONE(protected_memory, "nvmlDeviceGetConfComputeMemSizeInfo"),
    ONE(process_details, "nvmlDeviceGetRunningProcessDetailList"),
    ONE(fields, "nvmlDeviceGetFieldValues"),
    ONE(mig_by_index, "nvmlDeviceGetMigDeviceHandleByIndex"),

    ONE(gpm_support, "nvmlGpmQueryDeviceSupport"),
    ONE(gpm_sample_alloc, "nvmlGpmSampleAlloc"),
    ONE(gpm_sample_free, "nvmlGpmSampleFree"),
    ONE(gpm_sample_get, "nvmlGpmSampleGet"),
    ONE(gpm_metrics_get, "nvmlGpmMetricsGet"),

    ONE(event_set_create, "nvmlEventSetCreate"),
    ONE(event_set_free, "nvmlEventSetFree"),
    ONE(event_set_wait, "nvmlEventSetWait_v2", "nvmlEventSetWait"),
    ONE(register_events, "nvmlDeviceRegisterEvents"),

    EACH(lists[NVML_LIST_COMPUTE], "nvmlDeviceGetComputeRunningProcesses_v3",
         "nvmlDeviceGetComputeRunningProcesses_v2", "nvmlDeviceGetComputeRunningProcesses"),
    EACH(lists[NVML_LIST_GRAPHICS], "nvmlDeviceGetGraphicsRunningProcesses_v3",
         "nvmlDeviceGetGraphicsRunningProcesses_v2", "nvmlDeviceGetGraphicsRunningProcesses"),
    EACH(lists[NVML_LIST_MPS], "nvmlDeviceGetMPSComputeRunningProcesses_v3",
         "nvmlDeviceGetMPSComputeRunningProcesses_v2", "nvmlDeviceGetMPSComputeRunningProcesses"),
    ONE(process_samples, "nvmlDeviceGetProcessUtilization"),
};

static void bind(struct dylib *lib, const struct symbol *symbol, struct nvml_symbols *into)
{
    char *place = (char *)into + symbol->place;
    for (size_t i = 0; i < NVML_VERSION_COUNT && symbol->names[i]; i++) {
        void *address = dylib_symbol(lib, symbol->names[i]);
        if (!address)
            continue;
        memcpy(place + (symbol->is_array ? i * sizeof(address) : 0), &address, sizeof(address));
        if (!symbol->is_array)
            return;
    }
}

const char *nvml_symbols_bind(struct dylib *lib, struct nvml_symbols *ret_symbols)
{
    static const char none[sizeof(void *)];
    memset(ret_symbols, 0, sizeof(*ret_symbols));
    for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
        bind(lib, &symbols[i], ret_symbols);
        if (symbols[i].is_required &&
            memcmp((char *)ret_symbols + symbols[i].place, none, sizeof(none)) == 0)
            return symbols[i].names[0];
    }
    return NULL;
}
