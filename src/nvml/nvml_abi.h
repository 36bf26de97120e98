/*
 * The driver library's binary interface, as far as this project speaks it: our own declarations
 * of its structs and constants. Sizes and offsets are asserted here and compared with an
 * independent binding by tests/abi (nvml_abi_list.h lists every struct, field and constant).
 *
 * The interface is plain C on a 64-bit little-endian machine: enums are 32 bits, a device handle
 * is one pointer passed by value, every function but nvmlErrorString returns a code. A versioned
 * struct starts with a tag, its size | version << 24. All names are ours; each constant's name
 * after NVML_ABI_ is the interface's own name after NVML_.
 */
#ifndef NVITOP_NVML_NVML_ABI_H
#define NVITOP_NVML_NVML_ABI_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* ---- constants ---- */

#define NVML_ABI_RETURN_CODES(X)                                                                   \
    X(SUCCESS, 0)                                                                                  \
    X(ERROR_UNINITIALIZED, 1)                                                                      \
    X(ERROR_INVALID_ARGUMENT, 2)                                                                   \
    X(ERROR_NOT_SUPPORTED, 3)                                                                      \
    X(ERROR_NO_PERMISSION, 4)                                                                      \
    X(ERROR_ALREADY_INITIALIZED, 5)                                                                \
    X(ERROR_NOT_FOUND, 6)                                                                          \
    X(ERROR_INSUFFICIENT_SIZE, 7)                                                                  \
    X(ERROR_INSUFFICIENT_POWER, 8)                                                                 \
    X(ERROR_DRIVER_NOT_LOADED, 9)                                                                  \
    X(ERROR_TIMEOUT, 10)                                                                           \
    X(ERROR_IRQ_ISSUE, 11)                                                                         \
    X(ERROR_LIBRARY_NOT_FOUND, 12)                                                                 \
    X(ERROR_FUNCTION_NOT_FOUND, 13)                                                                \
    X(ERROR_CORRUPTED_INFOROM, 14)                                                                 \
    X(ERROR_GPU_IS_LOST, 15)                                                                       \
    X(ERROR_RESET_REQUIRED, 16)                                                                    \
    X(ERROR_OPERATING_SYSTEM, 17)                                                                  \
    X(ERROR_LIB_RM_VERSION_MISMATCH, 18)                                                           \
    X(ERROR_IN_USE, 19)                                                                            \
    X(ERROR_MEMORY, 20)                                                                            \
    X(ERROR_NO_DATA, 21)                                                                           \
    X(ERROR_VGPU_ECC_NOT_SUPPORTED, 22)                                                            \
    X(ERROR_INSUFFICIENT_RESOURCES, 23)                                                            \
    X(ERROR_FREQ_NOT_SUPPORTED, 24)                                                                \
    X(ERROR_ARGUMENT_VERSION_MISMATCH, 25)                                                         \
    X(ERROR_DEPRECATED, 26)                                                                        \
    X(ERROR_NOT_READY, 27)                                                                         \
    X(ERROR_GPU_NOT_FOUND, 28)                                                                     \
    X(ERROR_INVALID_STATE, 29)                                                                     \
    X(ERROR_RESET_TYPE_NOT_SUPPORTED, 30)                                                          \
    X(ERROR_UNKNOWN, 999)

#define NVML_ABI_BRANDS(X)                                                                         \
    X(BRAND_UNKNOWN, 0)                                                                            \
    X(BRAND_QUADRO, 1)                                                                             \
    X(BRAND_TESLA, 2)                                                                              \
    X(BRAND_NVS, 3)                                                                                \
    X(BRAND_GRID, 4)                                                                               \
    X(BRAND_GEFORCE, 5)                                                                            \
    X(BRAND_TITAN, 6)                                                                              \
    X(BRAND_NVIDIA_VAPPS, 7)                                                                       \
    X(BRAND_NVIDIA_VPC, 8)                                                                         \
    X(BRAND_NVIDIA_VCS, 9)                                                                         \
    X(BRAND_NVIDIA_VWS, 10)                                                                        \
    X(BRAND_NVIDIA_CLOUD_GAMING, 11)                                                               \
    X(BRAND_QUADRO_RTX, 12)                                                                        \
    X(BRAND_NVIDIA_RTX, 13)                                                                        \
    X(BRAND_NVIDIA, 14)                                                                            \
    X(BRAND_GEFORCE_RTX, 15)                                                                       \
    X(BRAND_TITAN_RTX, 16)

#define NVML_ABI_ARCHITECTURES(X)                                                                  \
    X(DEVICE_ARCH_KEPLER, 2)                                                                       \
    X(DEVICE_ARCH_MAXWELL, 3)                                                                      \
    X(DEVICE_ARCH_PASCAL, 4)                                                                       \
    X(DEVICE_ARCH_VOLTA, 5)                                                                        \
    X(DEVICE_ARCH_TURING, 6)                                                                       \
    X(DEVICE_ARCH_AMPERE, 7)                                                                       \
    X(DEVICE_ARCH_ADA, 8)                                                                          \
    X(DEVICE_ARCH_HOPPER, 9)                                                                       \
    X(DEVICE_ARCH_BLACKWELL, 10)                                                                   \
    X(DEVICE_ARCH_RUBIN, 13)

#define NVML_ABI_TEMPERATURES(X)                                                                   \
    X(TEMPERATURE_GPU, 0)                                                                          \
    X(TEMPERATURE_THRESHOLD_SHUTDOWN, 0)                                                           \
    X(TEMPERATURE_THRESHOLD_SLOWDOWN, 1)                                                           \
    X(TEMPERATURE_THRESHOLD_MEM_MAX, 2)                                                            \
    X(TEMPERATURE_THRESHOLD_GPU_MAX, 3)                                                            \
    X(TEMPERATURE_THRESHOLD_ACOUSTIC_MIN, 4)                                                       \
    X(TEMPERATURE_THRESHOLD_ACOUSTIC_CURR, 5)                                                      \
    X(TEMPERATURE_THRESHOLD_ACOUSTIC_MAX, 6)                                                       \
    X(TEMPERATURE_THRESHOLD_GPS_CURR, 7)

#define NVML_ABI_CLOCKS(X)                                                                         \
    X(CLOCK_GRAPHICS, 0)                                                                           \
    X(CLOCK_SM, 1)                                                                                 \
    X(CLOCK_MEM, 2)                                                                                \
    X(CLOCK_VIDEO, 3)                                                                              \
    X(CLOCK_ID_CURRENT, 0)                                                                         \
    X(CLOCK_ID_APP_CLOCK_TARGET, 1)                                                                \
    X(CLOCK_ID_APP_CLOCK_DEFAULT, 2)                                                               \
    X(CLOCK_ID_CUSTOMER_BOOST_MAX, 3)

#define NVML_ABI_MODES(X)                                                                          \
    X(FEATURE_DISABLED, 0)                                                                         \
    X(FEATURE_ENABLED, 1)                                                                          \
    X(COMPUTEMODE_DEFAULT, 0)                                                                      \
    X(COMPUTEMODE_EXCLUSIVE_THREAD, 1)                                                             \
    X(COMPUTEMODE_PROHIBITED, 2)                                                                   \
    X(COMPUTEMODE_EXCLUSIVE_PROCESS, 3)                                                            \
    X(DRIVER_WDDM, 0)                                                                              \
    X(DRIVER_WDM, 1)                                                                               \
    X(DRIVER_MCDM, 2)                                                                              \
    X(DEVICE_MIG_DISABLE, 0)                                                                       \
    X(DEVICE_MIG_ENABLE, 1)                                                                        \
    X(GPU_VIRTUALIZATION_MODE_NONE, 0)                                                             \
    X(GPU_VIRTUALIZATION_MODE_PASSTHROUGH, 1)                                                      \
    X(GPU_VIRTUALIZATION_MODE_VGPU, 2)                                                             \
    X(GPU_VIRTUALIZATION_MODE_HOST_VGPU, 3)                                                        \
    X(GPU_VIRTUALIZATION_MODE_HOST_VSGA, 4)                                                        \
    X(INIT_FLAG_NO_GPUS, 1)                                                                        \
    X(INIT_FLAG_NO_ATTACH, 2)                                                                      \
    X(INIT_FLAG_FORCE_INIT, 4)

#define NVML_ABI_PSTATES(X)                                                                        \
    X(PSTATE_0, 0)                                                                                 \
    X(PSTATE_1, 1)                                                                                 \
    X(PSTATE_2, 2)                                                                                 \
    X(PSTATE_3, 3)                                                                                 \
    X(PSTATE_4, 4)                                                                                 \
    X(PSTATE_5, 5)                                                                                 \
    X(PSTATE_6, 6)                                                                                 \
    X(PSTATE_7, 7)                                                                                 \
    X(PSTATE_8, 8)                                                                                 \
    X(PSTATE_9, 9)                                                                                 \
    X(PSTATE_10, 10)                                                                               \
    X(PSTATE_11, 11)                                                                               \
    X(PSTATE_12, 12)                                                                               \
    X(PSTATE_13, 13)                                                                               \
    X(PSTATE_14, 14)                                                                               \
    X(PSTATE_15, 15)                                                                               \
    X(PSTATE_UNKNOWN, 32)

#define NVML_ABI_COUNTERS(X)                                                                       \
    X(MEMORY_ERROR_TYPE_CORRECTED, 0)                                                              \
    X(MEMORY_ERROR_TYPE_UNCORRECTED, 1)                                                            \
    X(VOLATILE_ECC, 0)                                                                             \
    X(AGGREGATE_ECC, 1)                                                                            \
    X(PCIE_UTIL_TX_BYTES, 0)                                                                       \
    X(PCIE_UTIL_RX_BYTES, 1)                                                                       \
    X(GPM_METRIC_SM_UTIL, 2)                                                                       \
    X(GPM_METRIC_ANY_TENSOR_UTIL, 5)                                                               \
    X(GPM_METRIC_DRAM_BW_UTIL, 10)                                                                 \
    X(GPM_METRIC_MAX, 333)                                                                         \
    X(GPM_METRICS_GET_VERSION, 1)                                                                  \
    X(GPM_SUPPORT_VERSION, 1)                                                                      \
    X(VALUE_TYPE_DOUBLE, 0)                                                                        \
    X(VALUE_TYPE_UNSIGNED_INT, 1)                                                                  \
    X(VALUE_TYPE_UNSIGNED_LONG, 2)                                                                 \
    X(VALUE_TYPE_UNSIGNED_LONG_LONG, 3)                                                            \
    X(VALUE_TYPE_SIGNED_LONG_LONG, 4)                                                              \
    X(VALUE_TYPE_SIGNED_INT, 5)                                                                    \
    X(VALUE_TYPE_UNSIGNED_SHORT, 6)                                                                \
    X(TOTAL_POWER_SAMPLES, 0)                                                                      \
    X(GPU_UTILIZATION_SAMPLES, 1)                                                                  \
    X(MEMORY_UTILIZATION_SAMPLES, 2)                                                               \
    X(ENC_UTILIZATION_SAMPLES, 3)                                                                  \
    X(DEC_UTILIZATION_SAMPLES, 4)                                                                  \
    X(PROCESSOR_CLK_SAMPLES, 5)                                                                    \
    X(MEMORY_CLK_SAMPLES, 6)                                                                       \
    X(MODULE_POWER_SAMPLES, 7)                                                                     \
    X(JPG_UTILIZATION_SAMPLES, 8)                                                                  \
    X(OFA_UTILIZATION_SAMPLES, 9)

#define NVML_ABI_FIELD_IDS(X)                                                                      \
    X(FI_DEV_ECC_CURRENT, 1)                                                                       \
    X(FI_DEV_ECC_PENDING, 2)                                                                       \
    X(FI_DEV_RETIRED_SBE, 29)                                                                      \
    X(FI_DEV_RETIRED_DBE, 30)                                                                      \
    X(FI_DEV_RETIRED_PENDING, 31)                                                                  \
    X(FI_DEV_PERF_POLICY_POWER, 74)                                                                \
    X(FI_DEV_PERF_POLICY_THERMAL, 75)                                                              \
    X(FI_DEV_PERF_POLICY_SYNC_BOOST, 76)                                                           \
    X(FI_DEV_PERF_POLICY_BOARD_LIMIT, 77)                                                          \
    X(FI_DEV_PERF_POLICY_LOW_UTILIZATION, 78)                                                      \
    X(FI_DEV_PERF_POLICY_RELIABILITY, 79)                                                          \
    X(FI_DEV_PERF_POLICY_TOTAL_APP_CLOCKS, 80)                                                     \
    X(FI_DEV_PERF_POLICY_TOTAL_BASE_CLOCKS, 81)                                                    \
    X(FI_DEV_MEMORY_TEMP, 82)                                                                      \
    X(FI_DEV_TOTAL_ENERGY_CONSUMPTION, 83)                                                         \
    X(FI_DEV_NVLINK_SPEED_MBPS_COMMON, 90)                                                         \
    X(FI_DEV_NVLINK_LINK_COUNT, 91)                                                                \
    X(FI_DEV_PCIE_REPLAY_COUNTER, 94)                                                              \
    X(FI_DEV_NVLINK_THROUGHPUT_DATA_TX, 138)                                                       \
    X(FI_DEV_NVLINK_THROUGHPUT_DATA_RX, 139)                                                       \
    X(FI_DEV_NVLINK_THROUGHPUT_RAW_TX, 140)                                                        \
    X(FI_DEV_NVLINK_THROUGHPUT_RAW_RX, 141)                                                        \
    X(FI_DEV_REMAPPED_COR, 142)                                                                    \
    X(FI_DEV_REMAPPED_UNC, 143)                                                                    \
    X(FI_DEV_REMAPPED_PENDING, 144)                                                                \
    X(FI_DEV_REMAPPED_FAILURE, 145)                                                                \
    X(FI_DEV_POWER_AVERAGE, 185)                                                                   \
    X(FI_DEV_POWER_INSTANT, 186)                                                                   \
    X(FI_DEV_POWER_MIN_LIMIT, 187)                                                                 \
    X(FI_DEV_POWER_MAX_LIMIT, 188)                                                                 \
    X(FI_DEV_POWER_DEFAULT_LIMIT, 189)                                                             \
    X(FI_DEV_POWER_CURRENT_LIMIT, 190)                                                             \
    X(FI_DEV_ENERGY, 191)                                                                          \
    X(FI_DEV_POWER_REQUESTED_LIMIT, 192)                                                           \
    X(FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT, 193)                                                     \
    X(FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT, 194)                                                     \
    X(FI_DEV_TEMPERATURE_MEM_MAX_TLIMIT, 195)                                                      \
    X(FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT, 196)                                                      \
    X(FI_DEV_PCIE_COUNT_TX_BYTES, 197)                                                             \
    X(FI_DEV_PCIE_COUNT_RX_BYTES, 198)

#define NVML_ABI_BUFFER_SIZES(X)                                                                   \
    X(DEVICE_NAME_BUFFER_SIZE, 64)                                                                 \
    X(DEVICE_NAME_V2_BUFFER_SIZE, 96)                                                              \
    X(DEVICE_UUID_BUFFER_SIZE, 80)                                                                 \
    X(DEVICE_UUID_V2_BUFFER_SIZE, 96)                                                              \
    X(DEVICE_SERIAL_BUFFER_SIZE, 30)                                                               \
    X(DEVICE_PART_NUMBER_BUFFER_SIZE, 80)                                                          \
    X(DEVICE_VBIOS_VERSION_BUFFER_SIZE, 32)                                                        \
    X(SYSTEM_DRIVER_VERSION_BUFFER_SIZE, 80)                                                       \
    X(SYSTEM_NVML_VERSION_BUFFER_SIZE, 80)                                                         \
    X(DEVICE_PCI_BUS_ID_BUFFER_SIZE, 32)                                                           \
    X(DEVICE_PCI_BUS_ID_BUFFER_V2_SIZE, 16)

#define NVML_ABI_CONSTANTS(X)                                                                      \
    NVML_ABI_RETURN_CODES(X)                                                                       \
    NVML_ABI_BRANDS(X)                                                                             \
    NVML_ABI_ARCHITECTURES(X)                                                                      \
    NVML_ABI_TEMPERATURES(X)                                                                       \
    NVML_ABI_CLOCKS(X)                                                                             \
    NVML_ABI_MODES(X)                                                                              \
    NVML_ABI_PSTATES(X)                                                                            \
    NVML_ABI_COUNTERS(X)                                                                           \
    NVML_ABI_FIELD_IDS(X)                                                                          \
    NVML_ABI_BUFFER_SIZES(X)

#define NVML_ABI_ENUMERATOR(name, value) NVML_ABI_##name = (value),
enum nvml_abi_constant { NVML_ABI_CONSTANTS(NVML_ABI_ENUMERATOR) };

/* The interface names these nvmlClocksEventReason… (before 535: nvmlClocksThrottleReason…). */
#define NVML_ABI_EVENT_REASONS(X)                                                                  \
    X(EVENT_GPU_IDLE, "GpuIdle", 0x1)                                                              \
    X(EVENT_APPLICATION_CLOCKS, "ApplicationsClocksSetting", 0x2)                                  \
    X(EVENT_SW_POWER_CAP, "SwPowerCap", 0x4)                                                       \
    X(EVENT_HW_SLOWDOWN, "HwSlowdown", 0x8)                                                        \
    X(EVENT_SYNC_BOOST, "SyncBoost", 0x10)                                                         \
    X(EVENT_SW_THERMAL, "SwThermalSlowdown", 0x20)                                                 \
    X(EVENT_HW_THERMAL, "HwThermalSlowdown", 0x40)                                                 \
    X(EVENT_HW_POWER_BRAKE, "HwPowerBrakeSlowdown", 0x80)                                          \
    X(EVENT_DISPLAY_CLOCK, "DisplayClockSetting", 0x100)

#define NVML_ABI_EVENT_ENUMERATOR(name, official, value) NVML_ABI_##name = (value),
enum nvml_abi_event_reason { NVML_ABI_EVENT_REASONS(NVML_ABI_EVENT_ENUMERATOR) };

#define NVML_ABI_DEVICE_ARCH_UNKNOWN UINT32_C(0xffffffff)
#define NVML_ABI_NO_INSTANCE UINT32_C(0xffffffff) /* GPU or compute instance id */
#define NVML_ABI_NOT_AVAILABLE_U32 UINT32_C(0xffffffff)
#define NVML_ABI_NOT_AVAILABLE_U64 UINT64_C(0xffffffffffffffff) /* process memory */
#define NVML_ABI_ALL_LINKS UINT32_C(0xffffffff) /* scope of an NVLink field: the sum */

#define NVML_ABI_EVENT_TYPE_XID UINT64_C(8) /* nvmlEventTypeXidCriticalError */

/* The tag of a versioned struct. */
#define NVML_ABI_TAG(type, version) ((uint32_t)(sizeof(type) | ((uint32_t)(version) << 24)))

/* ---- structs ---- */

struct nvml_abi_device; /* never defined: the driver's own */
typedef struct nvml_abi_device *nvml_handle;

struct nvml_abi_pci { /* PciInfo_v3 */
    char bus_id_legacy[16];
    uint32_t domain, bus, device, device_id, subsystem_id;
    char bus_id[32];
};

struct nvml_abi_pci_v2 { /* PciInfo_v2; the plain call's ends before subsystem_id */
    char bus_id[16];
    uint32_t domain, bus, device, device_id, subsystem_id;
    uint32_t reserved[4];
};

struct nvml_abi_pci_ext {
    uint32_t version;
    uint32_t domain, bus, device, device_id, subsystem_id, base_class, sub_class;
    char bus_id[32];
};

struct nvml_abi_utilization {
    uint32_t gpu, memory; /* percent; memory is time, not capacity */
};

struct nvml_abi_memory {
    uint64_t total, free, used;
};

struct nvml_abi_memory_v2 {
    uint32_t version;
    uint64_t total, reserved, free, used;
};

struct nvml_abi_bar1 {
    uint64_t total, free, used;
};

struct nvml_abi_process_v1 {
    uint32_t pid;
    uint64_t used_memory;
};

struct nvml_abi_process_v2 {
    uint32_t pid;
    uint64_t used_memory;
    uint32_t gpu_instance, compute_instance;
};

struct nvml_abi_process_detail { /* also what _v3 wrote in 535.43–535.86 */
    uint32_t pid;
    uint64_t used_memory;
    uint32_t gpu_instance, compute_instance;
    uint64_t used_protected_memory;
};

struct nvml_abi_process_detail_list {
    uint32_t version, mode, count;
    struct nvml_abi_process_detail *rows;
};

struct nvml_abi_process_sample {
    uint32_t pid;
    uint64_t timestamp; /* epoch µs */
    uint32_t sm, memory, encoder, decoder;
};

struct nvml_abi_process_utilization {
    uint64_t timestamp;
    uint32_t pid, sm, memory, encoder, decoder, jpeg, ofa;
};

struct nvml_abi_processes_utilization {
    uint32_t version, count;
    uint64_t since;
    struct nvml_abi_process_utilization *rows;
};

union nvml_abi_value {
    double f64;
    uint32_t u32;
    unsigned long ulong; /* 4 bytes on Windows */
    uint64_t u64;
    int64_t i64;
    int32_t i32;
    uint16_t u16;
};

struct nvml_abi_field_value {
    uint32_t field_id, scope_id;
    int64_t timestamp, latency_us; /* µs */
    uint32_t value_type;
    int32_t code;
    union nvml_abi_value value;
};

struct nvml_abi_sample {
    uint64_t timestamp;
    union nvml_abi_value value;
};

struct nvml_abi_event {
    nvml_handle device;
    uint64_t type, data;                     /* of an XID: its number */
    uint32_t gpu_instance, compute_instance; /* of _v2 alone */
};

struct nvml_abi_event_set; /* never defined: the driver's own */
typedef struct nvml_abi_event_set *nvml_event_set;

struct nvml_abi_gpm_sample; /* never defined: the driver's own */
typedef struct nvml_abi_gpm_sample *nvml_gpm_sample;

struct nvml_abi_gpm_support {
    uint32_t version, is_supported;
};

struct nvml_abi_gpm_metric {
    uint32_t id;
    int32_t code;
    double value;
    const char *info[3]; /* names and unit */
};

struct nvml_abi_gpm_metrics {
    uint32_t version, count;
    nvml_gpm_sample sample1, sample2; /* the older, the newer */
    struct nvml_abi_gpm_metric metrics[NVML_ABI_GPM_METRIC_MAX];
};

struct nvml_abi_temperature {
    uint32_t version, sensor;
    int32_t temperature;
};

struct nvml_abi_margin_temperature {
    uint32_t version;
    int32_t margin;
};

struct nvml_abi_fan_speed {
    uint32_t version, fan, rpm;
};

struct nvml_abi_attributes {
    uint32_t multiprocessors, copy_engines, decoders, encoders, jpegs, ofas;
    uint32_t gpu_slices, compute_slices;
    uint64_t memory_mb;
};

struct nvml_abi_gpu_placement {
    uint32_t start, size;
};

struct nvml_abi_compute_placement {
    uint32_t start, size;
};

struct nvml_abi_gpu_instance {
    nvml_handle device;
    uint32_t id, profile;
    struct nvml_abi_gpu_placement placement;
};

struct nvml_abi_compute_instance {
    nvml_handle device;
    void *gpu_instance;
    uint32_t id, profile;
    struct nvml_abi_compute_placement placement;
};

struct nvml_abi_protected_memory {
    uint64_t protected_kib, unprotected_kib;
};

struct nvml_abi_ecc_sram {
    uint32_t version;
    uint64_t aggregate_parity, aggregate_sec_ded, aggregate_corrected;
    uint64_t volatile_parity, volatile_sec_ded, volatile_corrected;
    uint64_t bucket_l2, bucket_sm, bucket_pcie, bucket_mcu, bucket_other;
    uint32_t is_over_threshold;
};

#define NVML_ABI_TAG_PCI_EXT NVML_ABI_TAG(struct nvml_abi_pci_ext, 1)
#define NVML_ABI_TAG_MEMORY_V2 NVML_ABI_TAG(struct nvml_abi_memory_v2, 2)
#define NVML_ABI_TAG_PROCESS_DETAIL_LIST NVML_ABI_TAG(struct nvml_abi_process_detail_list, 1)
#define NVML_ABI_TAG_PROCESSES_UTILIZATION NVML_ABI_TAG(struct nvml_abi_processes_utilization, 1)
#define NVML_ABI_TAG_TEMPERATURE NVML_ABI_TAG(struct nvml_abi_temperature, 1)
#define NVML_ABI_TAG_MARGIN_TEMPERATURE NVML_ABI_TAG(struct nvml_abi_margin_temperature, 1)
#define NVML_ABI_TAG_FAN_SPEED NVML_ABI_TAG(struct nvml_abi_fan_speed, 1)
#define NVML_ABI_TAG_ECC_SRAM NVML_ABI_TAG(struct nvml_abi_ecc_sram, 1)

/* ---- the layout, asserted ---- */

#define NVML_ABI_SIZE(type, size) static_assert(sizeof(type) == (size), #type)
#define NVML_ABI_AT(type, field, offset)                                                           \
    static_assert(offsetof(type, field) == (offset), #type "." #field)

static_assert(sizeof(nvml_handle) == 8, "64-bit only");
NVML_ABI_SIZE(struct nvml_abi_pci, 68);
NVML_ABI_AT(struct nvml_abi_pci, domain, 16);
NVML_ABI_AT(struct nvml_abi_pci, subsystem_id, 32);
NVML_ABI_AT(struct nvml_abi_pci, bus_id, 36);
NVML_ABI_SIZE(struct nvml_abi_pci_v2, 52);
NVML_ABI_AT(struct nvml_abi_pci_v2, domain, 16);
NVML_ABI_AT(struct nvml_abi_pci_v2, reserved, 36);
NVML_ABI_SIZE(struct nvml_abi_pci_ext, 64);
NVML_ABI_AT(struct nvml_abi_pci_ext, bus_id, 32);
NVML_ABI_SIZE(struct nvml_abi_utilization, 8);
NVML_ABI_AT(struct nvml_abi_utilization, memory, 4);
NVML_ABI_SIZE(struct nvml_abi_memory, 24);
NVML_ABI_AT(struct nvml_abi_memory, free, 8);
NVML_ABI_AT(struct nvml_abi_memory, used, 16);
NVML_ABI_SIZE(struct nvml_abi_memory_v2, 40);
NVML_ABI_AT(struct nvml_abi_memory_v2, total, 8);
NVML_ABI_AT(struct nvml_abi_memory_v2, reserved, 16);
NVML_ABI_AT(struct nvml_abi_memory_v2, free, 24);
NVML_ABI_AT(struct nvml_abi_memory_v2, used, 32);
NVML_ABI_SIZE(struct nvml_abi_bar1, 24);
NVML_ABI_AT(struct nvml_abi_bar1, used, 16);
NVML_ABI_SIZE(struct nvml_abi_process_v1, 16);
NVML_ABI_AT(struct nvml_abi_process_v1, used_memory, 8);
NVML_ABI_SIZE(struct nvml_abi_process_v2, 24);
NVML_ABI_AT(struct nvml_abi_process_v2, used_memory, 8);
NVML_ABI_AT(struct nvml_abi_process_v2, gpu_instance, 16);
NVML_ABI_AT(struct nvml_abi_process_v2, compute_instance, 20);
NVML_ABI_SIZE(struct nvml_abi_process_detail, 32);
NVML_ABI_AT(struct nvml_abi_process_detail, used_protected_memory, 24);
NVML_ABI_SIZE(struct nvml_abi_process_detail_list, 24);
NVML_ABI_AT(struct nvml_abi_process_detail_list, rows, 16);
NVML_ABI_SIZE(struct nvml_abi_process_sample, 32);
NVML_ABI_AT(struct nvml_abi_process_sample, timestamp, 8);
NVML_ABI_AT(struct nvml_abi_process_sample, sm, 16);
NVML_ABI_AT(struct nvml_abi_process_sample, decoder, 28);
NVML_ABI_SIZE(struct nvml_abi_process_utilization, 40);
NVML_ABI_AT(struct nvml_abi_process_utilization, ofa, 32);
NVML_ABI_SIZE(struct nvml_abi_processes_utilization, 24);
NVML_ABI_AT(struct nvml_abi_processes_utilization, since, 8);
NVML_ABI_SIZE(union nvml_abi_value, 8);
NVML_ABI_SIZE(struct nvml_abi_field_value, 40);
NVML_ABI_AT(struct nvml_abi_field_value, timestamp, 8);
NVML_ABI_AT(struct nvml_abi_field_value, value_type, 24);
NVML_ABI_AT(struct nvml_abi_field_value, code, 28);
NVML_ABI_AT(struct nvml_abi_field_value, value, 32);
NVML_ABI_SIZE(struct nvml_abi_sample, 16);
NVML_ABI_SIZE(struct nvml_abi_event, 32);
NVML_ABI_AT(struct nvml_abi_event, data, 16);
NVML_ABI_AT(struct nvml_abi_event, gpu_instance, 24);
NVML_ABI_SIZE(struct nvml_abi_gpm_support, 8);
NVML_ABI_SIZE(struct nvml_abi_gpm_metric, 40);
NVML_ABI_AT(struct nvml_abi_gpm_metric, value, 8);
NVML_ABI_AT(struct nvml_abi_gpm_metrics, sample1, 8);
NVML_ABI_AT(struct nvml_abi_gpm_metrics, metrics, 24);
NVML_ABI_SIZE(struct nvml_abi_temperature, 12);
NVML_ABI_AT(struct nvml_abi_temperature, temperature, 8);
NVML_ABI_SIZE(struct nvml_abi_margin_temperature, 8);
NVML_ABI_SIZE(struct nvml_abi_fan_speed, 12);
NVML_ABI_SIZE(struct nvml_abi_attributes, 40);
NVML_ABI_AT(struct nvml_abi_attributes, memory_mb, 32);
NVML_ABI_SIZE(struct nvml_abi_gpu_instance, 24);
NVML_ABI_AT(struct nvml_abi_gpu_instance, placement, 16);
NVML_ABI_SIZE(struct nvml_abi_compute_instance, 32);
NVML_ABI_AT(struct nvml_abi_compute_instance, placement, 24);
NVML_ABI_SIZE(struct nvml_abi_protected_memory, 16);
NVML_ABI_SIZE(struct nvml_abi_ecc_sram, 104);
NVML_ABI_AT(struct nvml_abi_ecc_sram, is_over_threshold, 96);
static_assert(NVML_ABI_TAG_MEMORY_V2 == 0x02000028, "memory tag");
static_assert(NVML_ABI_TAG_TEMPERATURE == 0x0100000c, "temperature tag");
static_assert(NVML_ABI_TAG_MARGIN_TEMPERATURE == 0x01000008, "margin tag");
static_assert(NVML_ABI_TAG_FAN_SPEED == 0x0100000c, "fan tag");
static_assert(NVML_ABI_TAG_PCI_EXT == 0x01000040, "PCI tag");
static_assert(NVML_ABI_TAG_PROCESS_DETAIL_LIST == 0x01000018, "detail list tag");
static_assert(NVML_ABI_TAG_PROCESSES_UTILIZATION == 0x01000018, "process utilization tag");
static_assert(NVML_ABI_TAG_ECC_SRAM == 0x01000068, "SRAM tag");

#endif
