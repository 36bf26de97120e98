/*
 * The entry points of the simulated library and the drivers that had them: one row each.
 *
 * X(symbol, since, gone, back, (arguments)). Versions are branch * 1000 + minor number; `gone`
 * and `back` cut a hole (0: none). nvmlErrorString is apart: it alone returns no code.
 */
#ifndef NVITOP_SIM_SYMBOLS_H
#define NVITOP_SIM_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "nvml/nvml_abi.h"

/* clang-format off */
#define SIM_SYMBOLS(X)                                                                                                \
    X(nvmlInit,                                 0, 0, 0, (void))                                                      \
    X(nvmlInit_v2,                              0, 0, 0, (void))                                                      \
    X(nvmlInitWithFlags,                   384000, 0, 0, (uint32_t flags))                                            \
    X(nvmlShutdown,                             0, 0, 0, (void))                                                      \
    X(nvmlSystemGetDriverVersion,               0, 0, 0, (char *text, uint32_t size))                                 \
    X(nvmlSystemGetNVMLVersion,                 0, 0, 0, (char *text, uint32_t size))                                 \
    X(nvmlSystemGetCudaDriverVersion,           0, 0, 0, (int *version))                                              \
    X(nvmlSystemGetCudaDriverVersion_v2,   396000, 0, 0, (int *version))                                              \
    X(nvmlSystemGetProcessName,                 0, 0, 0, (uint32_t pid, char *text, uint32_t size))                   \
    X(nvmlDeviceGetCount,                       0, 0, 0, (uint32_t *count))                                           \
    X(nvmlDeviceGetCount_v2,                    0, 0, 0, (uint32_t *count))                                           \
    X(nvmlDeviceGetHandleByIndex,               0, 0, 0, (uint32_t index, nvml_handle *device))                       \
    X(nvmlDeviceGetHandleByIndex_v2,            0, 0, 0, (uint32_t index, nvml_handle *device))                       \
    X(nvmlDeviceGetHandleByUUID,                0, 0, 0, (const char *uuid, nvml_handle *device))                     \
    X(nvmlDeviceGetHandleBySerial,              0, 0, 0, (const char *serial, nvml_handle *device))                   \
    X(nvmlDeviceGetHandleByPciBusId,            0, 0, 0, (const char *bus_id, nvml_handle *device))                   \
    X(nvmlDeviceGetHandleByPciBusId_v2,         0, 0, 0, (const char *bus_id, nvml_handle *device))                   \
    X(nvmlDeviceGetIndex,                       0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetName,                        0, 0, 0, (nvml_handle device, char *text, uint32_t size))             \
    X(nvmlDeviceGetUUID,                        0, 0, 0, (nvml_handle device, char *text, uint32_t size))             \
    X(nvmlDeviceGetSerial,                      0, 0, 0, (nvml_handle device, char *text, uint32_t size))             \
    X(nvmlDeviceGetVbiosVersion,                0, 0, 0, (nvml_handle device, char *text, uint32_t size))             \
    X(nvmlDeviceGetBoardPartNumber,             0, 0, 0, (nvml_handle device, char *text, uint32_t size))             \
    X(nvmlDeviceGetPciInfo,                     0, 0, 0, (nvml_handle device, void *pci))                             \
    X(nvmlDeviceGetPciInfo_v2,                  0, 0, 0, (nvml_handle device, struct nvml_abi_pci_v2 *pci))           \
    X(nvmlDeviceGetPciInfo_v3,             390000, 0, 0, (nvml_handle device, struct nvml_abi_pci *pci))              \
    X(nvmlDeviceGetPciInfoExt,             550000, 0, 0, (nvml_handle device, struct nvml_abi_pci_ext *pci))          \
    X(nvmlDeviceGetMinorNumber,                 0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetCudaComputeCapability,       0, 0, 0, (nvml_handle device, int *major, int *minor))                \
    X(nvmlDeviceGetArchitecture,           450000, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetBrand,                       0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetVirtualizationMode,          0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetMemoryBusWidth,         470000, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetClockInfo,                   0, 0, 0, (nvml_handle device, uint32_t type, uint32_t *mhz))          \
    X(nvmlDeviceGetMaxClockInfo,                0, 0, 0, (nvml_handle device, uint32_t type, uint32_t *mhz))          \
    X(nvmlDeviceGetClock,                       0, 0, 0,                                                              \
      (nvml_handle device, uint32_t type, uint32_t id, uint32_t *mhz))                                                \
    X(nvmlDeviceGetMaxPcieLinkGeneration,       0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetMaxPcieLinkWidth,            0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetCurrPcieLinkGeneration,      0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetCurrPcieLinkWidth,           0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetPcieThroughput,              0, 0, 0, (nvml_handle device, uint32_t counter, uint32_t *kb_s))      \
    X(nvmlDeviceGetTemperature,                 0, 0, 0, (nvml_handle device, uint32_t sensor, uint32_t *celsius))    \
    X(nvmlDeviceGetTemperatureV,           565000, 0, 0,                                                              \
      (nvml_handle device, struct nvml_abi_temperature *temperature))                                                 \
    X(nvmlDeviceGetTemperatureThreshold,        0, 0, 0, (nvml_handle device, uint32_t threshold, uint32_t *celsius)) \
    X(nvmlDeviceGetMarginTemperature,      570000, 0, 0,                                                              \
      (nvml_handle device, struct nvml_abi_margin_temperature *margin))                                               \
    X(nvmlDeviceGetPowerUsage,                  0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetPowerManagementLimit,        0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetPowerManagementDefaultLimit, 0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetPowerManagementLimitConstraints, 0, 0, 0, (nvml_handle device, uint32_t *min, uint32_t *max))      \
    X(nvmlDeviceGetEnforcedPowerLimit,          0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetTotalEnergyConsumption, 396000, 0, 0, (nvml_handle device, uint64_t *number))                      \
    X(nvmlDeviceGetDisplayActive,               0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetDisplayMode,                 0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetPersistenceMode,             0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetComputeMode,                 0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetDriverModel,                 0, 0, 0, (nvml_handle device, uint32_t *current, uint32_t *pending))  \
    X(nvmlDeviceGetDriverModel_v2,         555000, 0, 0, (nvml_handle device, uint32_t *current, uint32_t *pending))  \
    X(nvmlDeviceGetPerformanceState,            0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetPowerState,                  0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetNumFans,                510000, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetFanSpeed,                    0, 0, 0, (nvml_handle device, uint32_t *number))                      \
    X(nvmlDeviceGetFanSpeed_v2,            418000, 0, 0, (nvml_handle device, uint32_t fan, uint32_t *percent))       \
    X(nvmlDeviceGetFanSpeedRPM,            565000, 0, 0, (nvml_handle device, struct nvml_abi_fan_speed *speed))      \
    X(nvmlDeviceGetMemoryInfo,                  0, 0, 0, (nvml_handle device, struct nvml_abi_memory *memory))        \
    X(nvmlDeviceGetMemoryInfo_v2,          510000, 0, 0, (nvml_handle device, struct nvml_abi_memory_v2 *memory))     \
    X(nvmlDeviceGetBAR1MemoryInfo,              0, 0, 0, (nvml_handle device, struct nvml_abi_bar1 *bar1))            \
    X(nvmlDeviceGetConfComputeMemSizeInfo, 535043, 0, 0,                                                              \
      (nvml_handle device, struct nvml_abi_protected_memory *memory))                                                 \
    X(nvmlDeviceGetUtilizationRates,            0, 0, 0, (nvml_handle device, struct nvml_abi_utilization *rates))    \
    X(nvmlDeviceGetEncoderUtilization,          0, 0, 0,                                                              \
      (nvml_handle device, uint32_t *percent, uint32_t *period_us))                                                   \
    X(nvmlDeviceGetDecoderUtilization,          0, 0, 0,                                                              \
      (nvml_handle device, uint32_t *percent, uint32_t *period_us))                                                   \
    X(nvmlDeviceGetJpgUtilization,         535000, 0, 0,                                                              \
      (nvml_handle device, uint32_t *percent, uint32_t *period_us))                                                   \
    X(nvmlDeviceGetOfaUtilization,         535000, 0, 0,                                                              \
      (nvml_handle device, uint32_t *percent, uint32_t *period_us))                                                   \
    X(nvmlDeviceGetSamples,                     0, 0, 0,                                                              \
      (nvml_handle device, uint32_t type, uint64_t since,                                                             \
       uint32_t *value_type, uint32_t *count, struct nvml_abi_sample *samples))                                       \
    X(nvmlDeviceGetEccMode,                     0, 0, 0, (nvml_handle device, uint32_t *current, uint32_t *pending))  \
    X(nvmlDeviceGetTotalEccErrors,              0, 0, 0,                                                              \
      (nvml_handle device, uint32_t type, uint32_t counter, uint64_t *count))                                         \
    X(nvmlDeviceGetCurrentClocksThrottleReasons, 0, 0, 0, (nvml_handle device, uint64_t *number))                     \
    X(nvmlDeviceGetCurrentClocksEventReasons, 535000, 0, 0, (nvml_handle device, uint64_t *number))                   \
    X(nvmlDeviceGetFieldValues,                 0, 0, 0,                                                              \
      (nvml_handle device, int count, struct nvml_abi_field_value *fields))                                           \
    X(nvmlDeviceGetComputeRunningProcesses,     0, 0, 0, (nvml_handle device, uint32_t *count, void *rows))           \
    X(nvmlDeviceGetComputeRunningProcesses_v2, 450066, 0, 0, (nvml_handle device, uint32_t *count, void *rows))       \
    X(nvmlDeviceGetComputeRunningProcesses_v3, 510000, 535098, 535104,                                                \
      (nvml_handle device, uint32_t *count, void *rows))                                                              \
    X(nvmlDeviceGetGraphicsRunningProcesses,    0, 0, 0, (nvml_handle device, uint32_t *count, void *rows))           \
    X(nvmlDeviceGetGraphicsRunningProcesses_v2, 450066, 0, 0, (nvml_handle device, uint32_t *count, void *rows))      \
    X(nvmlDeviceGetGraphicsRunningProcesses_v3, 510000, 535098, 535104,                                               \
      (nvml_handle device, uint32_t *count, void *rows))                                                              \
    X(nvmlDeviceGetMPSComputeRunningProcesses, 470042, 0, 0, (nvml_handle device, uint32_t *count, void *rows))       \
    X(nvmlDeviceGetMPSComputeRunningProcesses_v2, 470042, 0, 0, (nvml_handle device, uint32_t *count, void *rows))    \
    X(nvmlDeviceGetMPSComputeRunningProcesses_v3, 510000, 535098, 535104,                                             \
      (nvml_handle device, uint32_t *count, void *rows))                                                              \
    X(nvmlDeviceGetRunningProcessDetailList, 535104, 0, 0,                                                            \
      (nvml_handle device, struct nvml_abi_process_detail_list *list))                                                \
    X(nvmlDeviceGetProcessUtilization,          0, 0, 0,                                                              \
      (nvml_handle device, struct nvml_abi_process_sample *samples, uint32_t *count, uint64_t since))                 \
    X(nvmlDeviceGetProcessesUtilizationInfo, 550000, 0, 0,                                                            \
      (nvml_handle device, struct nvml_abi_processes_utilization *info))                                              \
    X(nvmlEventSetCreate,                        0, 0, 0, (nvml_event_set *set))                                      \
    X(nvmlEventSetFree,                          0, 0, 0, (nvml_event_set set))                                       \
    X(nvmlEventSetWait,      0, 0, 0,                                                                                 \
      (nvml_event_set set, struct nvml_abi_event *event, uint32_t ms))                                                \
    X(nvmlEventSetWait_v2, 450000, 0, 0,                                                                              \
      (nvml_event_set set, struct nvml_abi_event *event, uint32_t ms))                                                \
    X(nvmlDeviceGetSupportedEventTypes,          0, 0, 0, (nvml_handle device, uint64_t *types))                      \
    X(nvmlDeviceRegisterEvents,                  0, 0, 0, (nvml_handle device, uint64_t types, nvml_event_set set))   \
    X(nvmlGpmQueryDeviceSupport,            525000, 0, 0, (nvml_handle device, struct nvml_abi_gpm_support *support)) \
    X(nvmlGpmSampleAlloc,                   525000, 0, 0, (nvml_gpm_sample *sample))                                  \
    X(nvmlGpmSampleFree,                    525000, 0, 0, (nvml_gpm_sample sample))                                   \
    X(nvmlGpmSampleGet,                     525000, 0, 0, (nvml_handle device, nvml_gpm_sample sample))               \
    X(nvmlGpmMetricsGet,                    525000, 0, 0, (struct nvml_abi_gpm_metrics *metrics))                     \
    X(nvmlDeviceGetMigMode,                450000, 0, 0, (nvml_handle device, uint32_t *current, uint32_t *pending))  \
    X(nvmlDeviceIsMigDeviceHandle,         450000, 0, 0, (nvml_handle device, uint32_t *is_mig))                      \
    X(nvmlDeviceGetMaxMigDeviceCount,      450000, 0, 0, (nvml_handle device, uint32_t *count))                       \
    X(nvmlDeviceGetMigDeviceHandleByIndex, 450000, 0, 0, (nvml_handle device, uint32_t index, nvml_handle *mig))      \
    X(nvmlDeviceGetDeviceHandleFromMigDeviceHandle, 450000, 0, 0, (nvml_handle device, nvml_handle *parent))          \
    X(nvmlDeviceGetGpuInstanceId,          450000, 0, 0, (nvml_handle device, uint32_t *id))                          \
    X(nvmlDeviceGetComputeInstanceId,      450000, 0, 0, (nvml_handle device, uint32_t *id))                          \
    X(nvmlDeviceGetAttributes,             450000, 0, 0,                                                              \
      (nvml_handle device, struct nvml_abi_attributes *attributes))                                                   \
    X(nvmlDeviceGetAttributes_v2,          450000, 0, 0,                                                              \
      (nvml_handle device, struct nvml_abi_attributes *attributes))
/* clang-format on */

#define SIM_SYMBOL_ENUMERATOR(symbol, since, gone, back, arguments) SYM_##symbol,
enum symbol_id { SIM_SYMBOLS(SIM_SYMBOL_ENUMERATOR) SYM_COUNT };

struct symbol {
    const char *name;
    uint32_t since, gone, back;
};

extern const struct symbol symbols[SYM_COUNT];

/* Does the driver `version` export it? */
bool symbol_exists(enum symbol_id id, uint32_t version);

/* Does a name, or a beginning and `*`, stand for any symbol? */
bool symbol_pattern_is_known(const char *pattern);

/* "535.54.03" → 535054; a branch alone ("535") is its last release, 535999. 0 if it is neither. */
uint32_t symbol_version(const char *text);

#endif
