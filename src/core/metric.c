/*
 * The metric tables. A new metric is an id in nvitop.h and a row here (and, if no query answers
 * it yet, one query in src/nvml). No logic beyond look-up.
 */
#include "core/metric.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

/* clang-format off: one row, one look */
#define DEVICE(ID, NAME, UNIT, KIND, TIER, QUERY, HELP, ...)                                       \
    [NVITOP_DEV_##ID - NVITOP_DEV_NAME] = { .id = NVITOP_DEV_##ID,                                 \
                                            .name = NAME,                                          \
                                            .unit = NVITOP_UNIT_##UNIT,                            \
                                            .kind = NVITOP_##KIND,                                 \
                                            .tier = TIER,                                          \
                                            .query = NVML_QUERY_##QUERY,                           \
                                            .help = HELP,                                          \
                                            __VA_ARGS__ }
/* What the collector makes of it: its place in the group, its name there, what it is divided by. */
#define COLLECTED(GROUP, PLACE, NAME, DIVISOR)                                                     \
    .collector = NAME, .collector_divisor = DIVISOR, .collector_place = PLACE,                     \
    .collector_group = METRIC_GROUP_##GROUP
/* The help, and after it what is special. */
#define PROCESS(ID, NAME, UNIT, KIND, ...)                                                         \
    [NVITOP_PROC_##ID - NVITOP_PROC_TYPE] = { .id = NVITOP_PROC_##ID,                              \
                                              .name = NAME,                                        \
                                              .unit = NVITOP_UNIT_##UNIT,                          \
                                              .kind = NVITOP_##KIND,                               \
                                              .tier = TIER_FAST,                                   \
                                              .query = NVML_QUERY_NONE,                            \
                                              .help = __VA_ARGS__ }
#define HOST(ID, NAME, UNIT, KIND, ...)                                                            \
    [NVITOP_HOST_##ID - NVITOP_HOST_CPU_PERCENT] = { .id = NVITOP_HOST_##ID,                       \
                                                     .name = NAME,                                 \
                                                     .unit = NVITOP_UNIT_##UNIT,                   \
                                                     .kind = NVITOP_##KIND,                        \
                                                     .tier = TIER_FAST,                            \
                                                     .query = NVML_QUERY_NONE,                     \
                                                     .help = __VA_ARGS__ }

const struct metric metric_device[NVITOP_DEV_COUNT] = {
    DEVICE(NAME, "name", NONE, TEXT, TIER_STATIC, NAME,
           "Product name, with the profile for a MIG device (nvmlDeviceGetName).",
           .has = METRIC_GPU_AND_MIG),
    DEVICE(UUID, "uuid", NONE, TEXT, TIER_STATIC, UUID,
           "Globally unique id, GPU-… or MIG-… (nvmlDeviceGetUUID).", .has = METRIC_GPU_AND_MIG),
    DEVICE(BUS_ID, "bus_id", NONE, TEXT, TIER_STATIC, PCI,
           "PCI address, domain:bus:device.function in upper-case hex (nvmlDeviceGetPciInfo).",
           .has = METRIC_GPU_ONLY),
    DEVICE(SERIAL, "serial", NONE, TEXT, TIER_STATIC, SERIAL,
           "Serial number printed on the board (nvmlDeviceGetSerial).", .has = METRIC_GPU_ONLY),
    DEVICE(MINOR_NUMBER, "minor_number", COUNT, INT, TIER_STATIC, MINOR_NUMBER,
           "N of the device node /dev/nvidiaN (nvmlDeviceGetMinorNumber).", .has = METRIC_GPU_ONLY),
    DEVICE(ARCHITECTURE, "architecture", NONE, TEXT, TIER_STATIC, ARCHITECTURE,
           "Chip generation in a word (nvmlDeviceGetArchitecture).", .has = METRIC_GPU_ONLY),
    DEVICE(BRAND, "brand", NONE, TEXT, TIER_STATIC, BRAND, "Product line (nvmlDeviceGetBrand).",
           .has = METRIC_GPU_ONLY),
    DEVICE(VIRTUALIZATION_MODE, "virtualization_mode", NONE, TEXT, TIER_STATIC, VIRTUALIZATION_MODE,
           "Bare, passed through, or vGPU guest or host (nvmlDeviceGetVirtualizationMode).",
           .has = METRIC_GPU_ONLY),
    DEVICE(COMPUTE_CAPABILITY, "compute_capability", NONE, TEXT, TIER_STATIC, COMPUTE_CAPABILITY,
           "CUDA compute capability, major.minor (nvmlDeviceGetCudaComputeCapability).",
           .has = METRIC_GPU_ONLY),
    DEVICE(MEMORY_TOTAL, "memory_total", BYTES, INT, TIER_FAST, MEMORY,
           "Installed memory (nvmlDeviceGetMemoryInfo_v2, else v1; MemTotal on unified-memory "
           "boards).",
           .has = METRIC_GPU_AND_MIG, COLLECTED(DEVICE, 3, "memory_total (MiB)", 1048576),
           .prom = "memory_total_bytes", .prom_factor = 1),
    DEVICE(MEMORY_USED, "memory_used", BYTES, INT, TIER_FAST, MEMORY,
           "Memory in use without the driver's reserve; on unified-memory boards the sum over GPU "
           "processes.",
           .has = METRIC_GPU_AND_MIG, COLLECTED(DEVICE, 1, "memory_used (MiB)", 1048576),
           .prom = "memory_used_bytes", .prom_factor = 1),
    DEVICE(MEMORY_FREE, "memory_free", BYTES, INT, TIER_FAST, MEMORY,
           "Memory that can still be allocated; MemAvailable on unified-memory boards.",
           .has = METRIC_GPU_AND_MIG, COLLECTED(DEVICE, 2, "memory_free (MiB)", 1048576),
           .prom = "memory_free_bytes", .prom_factor = 1),
    DEVICE(MEMORY_RESERVED, "memory_reserved", BYTES, INT, TIER_FAST, MEMORY,
           "Memory the driver keeps for itself (nvmlDeviceGetMemoryInfo_v2 only).",
           .has = METRIC_GPU_AND_MIG, .prom = "memory_reserved_bytes", .prom_factor = 1),
    DEVICE(MEMORY_PERCENT, "memory_percent", PERCENT, REAL, TIER_FAST, NONE,
           "Used memory of total memory, one decimal.", .has = METRIC_GPU_AND_MIG,
           COLLECTED(DEVICE, 4, "memory_percent (%)", 1)),
    DEVICE(MEMORY_KIND, "memory_kind", NONE, TEXT, TIER_FAST, NONE,
           "FB for memory of its own, UMA for memory shared with the host.",
           .has = METRIC_GPU_AND_MIG),
    DEVICE(BAR1_TOTAL, "bar1_total", BYTES, INT, TIER_STATIC, BAR1,
           "Size of the BAR1 window (nvmlDeviceGetBAR1MemoryInfo).", .has = METRIC_GPU_AND_MIG,
           .prom = "bar1_total_bytes", .prom_factor = 1),
    DEVICE(BAR1_USED, "bar1_used", BYTES, INT, TIER_FAST, BAR1, "Mapped part of the BAR1 window.",
           .has = METRIC_GPU_AND_MIG, .prom = "bar1_used_bytes", .prom_factor = 1),
    DEVICE(BAR1_FREE, "bar1_free", BYTES, INT, TIER_FAST, BAR1, "Unmapped part of the BAR1 window.",
           .has = METRIC_GPU_AND_MIG),
    DEVICE(BAR1_PERCENT, "bar1_percent", PERCENT, REAL, TIER_FAST, NONE,
           "Mapped part of the BAR1 window in percent.", .has = METRIC_GPU_AND_MIG),
    DEVICE(UTIL_GPU, "gpu_utilization", PERCENT, INT, TIER_FAST, UTILIZATION,
           "Share of the last sample period in which a kernel ran (nvmlDeviceGetUtilizationRates).",
           COLLECTED(DEVICE, 5, "gpu_utilization (%)", 1), .prom = "utilization_ratio",
           .prom_factor = 0.01),
    DEVICE(UTIL_MEMORY, "memory_utilization", PERCENT, INT, TIER_FAST, UTILIZATION,
           "Share of the last sample period in which device memory was read or written.",
           COLLECTED(DEVICE, 6, "memory_utilization (%)", 1),
           .prom = "memory_controller_utilization_ratio", .prom_factor = 0.01),
    DEVICE(UTIL_ENCODER, "encoder_utilization", PERCENT, INT, TIER_FAST, ENCODER,
           "Load of the video encoder (nvmlDeviceGetEncoderUtilization).",
           .prom = "encoder_utilization_ratio", .prom_factor = 0.01),
    DEVICE(UTIL_DECODER, "decoder_utilization", PERCENT, INT, TIER_FAST, DECODER,
           "Load of the video decoder (nvmlDeviceGetDecoderUtilization).",
           .prom = "decoder_utilization_ratio", .prom_factor = 0.01),
    DEVICE(UTIL_JPEG, "jpeg_utilization", PERCENT, INT, TIER_FAST, JPEG,
           "Load of the JPEG engine (nvmlDeviceGetJpgUtilization).",
           .prom = "jpeg_utilization_ratio", .prom_factor = 0.01),
    DEVICE(UTIL_OFA, "ofa_utilization", PERCENT, INT, TIER_FAST, OFA,
           "Load of the optical-flow engine (nvmlDeviceGetOfaUtilization).",
           .prom = "ofa_utilization_ratio", .prom_factor = 0.01),
    DEVICE(CLOCK_GRAPHICS, "clock_graphics", MHZ, INT, TIER_FAST, CLOCK_GRAPHICS,
           "Present graphics clock (nvmlDeviceGetClockInfo).", .prom = "clock_hertz",
           .prom_label = "clock=\"graphics\"", .prom_factor = 1000000.0),
    DEVICE(CLOCK_SM, "clock_sm", MHZ, INT, TIER_FAST, CLOCK_SM,
           "Present sm clock (nvmlDeviceGetClockInfo).", .prom = "clock_hertz",
           .prom_label = "clock=\"sm\"", .prom_factor = 1000000.0),
    DEVICE(CLOCK_MEMORY, "clock_memory", MHZ, INT, TIER_FAST, CLOCK_MEMORY,
           "Present memory clock (nvmlDeviceGetClockInfo).", .prom = "clock_hertz",
           .prom_label = "clock=\"memory\"", .prom_factor = 1000000.0),
    DEVICE(CLOCK_VIDEO, "clock_video", MHZ, INT, TIER_FAST, CLOCK_VIDEO,
           "Present video clock (nvmlDeviceGetClockInfo).", .prom = "clock_hertz",
           .prom_label = "clock=\"video\"", .prom_factor = 1000000.0),
    DEVICE(MAX_CLOCK_GRAPHICS, "max_clock_graphics", MHZ, INT, TIER_STATIC, MAX_CLOCK_GRAPHICS,
           "Highest graphics clock (nvmlDeviceGetMaxClockInfo).", .prom = "clock_max_hertz",
           .prom_label = "clock=\"graphics\"", .prom_factor = 1000000.0),
    DEVICE(MAX_CLOCK_SM, "max_clock_sm", MHZ, INT, TIER_STATIC, MAX_CLOCK_SM,
           "Highest sm clock (nvmlDeviceGetMaxClockInfo).", .prom = "clock_max_hertz",
           .prom_label = "clock=\"sm\"", .prom_factor = 1000000.0),
    DEVICE(MAX_CLOCK_MEMORY, "max_clock_memory", MHZ, INT, TIER_STATIC, MAX_CLOCK_MEMORY,
           "Highest memory clock (nvmlDeviceGetMaxClockInfo).", .prom = "clock_max_hertz",
           .prom_label = "clock=\"memory\"", .prom_factor = 1000000.0),
    DEVICE(MAX_CLOCK_VIDEO, "max_clock_video", MHZ, INT, TIER_STATIC, MAX_CLOCK_VIDEO,
           "Highest video clock (nvmlDeviceGetMaxClockInfo).", .prom = "clock_max_hertz",
           .prom_label = "clock=\"video\"", .prom_factor = 1000000.0),
    DEVICE(FAN_SPEED, "fan_speed", PERCENT, INT, TIER_SLOW, FAN_SPEED,
           "Intended fan speed in percent of its maximum, may exceed 100 (nvmlDeviceGetFanSpeed).",
           COLLECTED(DEVICE, 7, "fan_speed (%)", 1), .prom = "fan_speed_ratio",
           .prom_factor = 0.01),
    DEVICE(FAN_COUNT, "fan_count", COUNT, INT, TIER_STATIC, FAN_COUNT,
           "Number of fans (nvmlDeviceGetNumFans).", .has = METRIC_GPU_ONLY),
    DEVICE(FAN_RPM, "fan_rpm", RPM, INT, TIER_SLOW, FAN_RPM,
           "Measured speed of the first fan (nvmlDeviceGetFanSpeedRPM).", .prom = "fan_rpm",
           .prom_factor = 1),
    DEVICE(TEMPERATURE, "temperature", CELSIUS, INT, TIER_SLOW, TEMPERATURE,
           "Core temperature (nvmlDeviceGetTemperatureV, else nvmlDeviceGetTemperature).",
           COLLECTED(DEVICE, 8, "temperature (C)", 1), .prom = "temperature_celsius",
           .prom_label = "sensor=\"gpu\"", .prom_factor = 1),
    DEVICE(TEMPERATURE_MEMORY, "temperature_memory", CELSIUS, INT, TIER_SLOW, FIELDS,
           "Memory temperature (field 82).", .prom = "temperature_celsius",
           .prom_label = "sensor=\"memory\"", .prom_factor = 1),
    DEVICE(TEMPERATURE_MARGIN, "temperature_margin", CELSIUS, INT, TIER_SLOW, TEMPERATURE_MARGIN,
           "Degrees left before the driver slows the GPU (nvmlDeviceGetMarginTemperature).",
           .prom = "temperature_margin_celsius", .prom_factor = 1),
    DEVICE(TEMPERATURE_SHUTDOWN, "temperature_shutdown", CELSIUS, INT, TIER_STATIC,
           TEMPERATURE_THRESHOLDS,
           "Temperature threshold \"shutdown\" (nvmlDeviceGetTemperatureThreshold).",
           .prom = "temperature_threshold_celsius", .prom_label = "threshold=\"shutdown\"",
           .prom_factor = 1),
    DEVICE(TEMPERATURE_SLOWDOWN, "temperature_slowdown", CELSIUS, INT, TIER_STATIC,
           TEMPERATURE_THRESHOLDS,
           "Temperature threshold \"slowdown\" (nvmlDeviceGetTemperatureThreshold).",
           .prom = "temperature_threshold_celsius", .prom_label = "threshold=\"slowdown\"",
           .prom_factor = 1),
    DEVICE(TEMPERATURE_MEMORY_MAX, "temperature_memory_max", CELSIUS, INT, TIER_STATIC,
           TEMPERATURE_THRESHOLDS,
           "Temperature threshold \"memory max\" (nvmlDeviceGetTemperatureThreshold).",
           .prom = "temperature_threshold_celsius", .prom_label = "threshold=\"memory_max\"",
           .prom_factor = 1),
    DEVICE(TEMPERATURE_GPU_MAX, "temperature_gpu_max", CELSIUS, INT, TIER_STATIC,
           TEMPERATURE_THRESHOLDS,
           "Temperature threshold \"gpu max\" (nvmlDeviceGetTemperatureThreshold).",
           .prom = "temperature_threshold_celsius", .prom_label = "threshold=\"gpu_max\"",
           .prom_factor = 1),
    DEVICE(
        POWER_USAGE, "power_usage", MILLIWATT, INT, TIER_FAST, POWER_USAGE,
        "Power of the board, a 1 s average on most chips since Ampere (nvmlDeviceGetPowerUsage).",
        COLLECTED(DEVICE, 9, "power_usage (W)", 1000), .prom = "power_watts",
        .prom_label = "mode=\"usage\"", .prom_factor = 0.001),
    DEVICE(POWER_INSTANT, "power_instant", MILLIWATT, INT, TIER_FAST, FIELDS,
           "Power of the GPU at this moment (field 186).", .prom = "power_watts",
           .prom_label = "mode=\"instant\"", .prom_factor = 0.001),
    DEVICE(POWER_AVERAGE, "power_average", MILLIWATT, INT, TIER_FAST, FIELDS,
           "Power of the GPU, one-second average (field 185).", .prom = "power_watts",
           .prom_label = "mode=\"average\"", .prom_factor = 0.001),
    DEVICE(POWER_LIMIT, "power_limit", MILLIWATT, INT, TIER_RARE, POWER_LIMIT,
           "Software power limit (nvmlDeviceGetPowerManagementLimit).",
           COLLECTED(DEVICE, 10, "power_limit (W)", 1000), .prom = "power_limit_watts",
           .prom_factor = 0.001),
    DEVICE(POWER_LIMIT_ENFORCED, "power_limit_enforced", MILLIWATT, INT, TIER_RARE,
           POWER_LIMIT_ENFORCED, "Lowest of all power limiters (nvmlDeviceGetEnforcedPowerLimit).",
           .prom = "power_limit_enforced_watts", .prom_factor = 0.001),
    DEVICE(POWER_LIMIT_MIN, "power_limit_min", MILLIWATT, INT, TIER_STATIC, POWER_LIMIT_RANGE,
           "Lowest limit that can be set (nvmlDeviceGetPowerManagementLimitConstraints).",
           .has = METRIC_GPU_ONLY),
    DEVICE(POWER_LIMIT_MAX, "power_limit_max", MILLIWATT, INT, TIER_STATIC, POWER_LIMIT_RANGE,
           "Highest limit that can be set.", .has = METRIC_GPU_ONLY),
    DEVICE(POWER_PERCENT, "power_percent", PERCENT, REAL, TIER_FAST, NONE,
           "Power usage of the power limit.", .has = METRIC_GPU_ONLY),
    DEVICE(ENERGY, "energy", MILLIJOULE, INT, TIER_FAST, ENERGY,
           "Energy since the driver was loaded (nvmlDeviceGetTotalEnergyConsumption).",
           .prom = "energy_joules_total", .prom_factor = 0.001),
    DEVICE(PCIE_TX, "pcie_tx_throughput", KIB_PER_S, INT, TIER_LANE, PCIE_THROUGHPUT,
           "Data sent over PCIe (field 197 differenced, else nvmlDeviceGetPcieThroughput, which "
           "blocks 20 ms).",
           .prom = "pcie_bytes_per_second", .prom_label = "direction=\"tx\"", .prom_factor = 1024),
    DEVICE(PCIE_RX, "pcie_rx_throughput", KIB_PER_S, INT, TIER_LANE, PCIE_THROUGHPUT,
           "Data received over PCIe (field 198 differenced, else nvmlDeviceGetPcieThroughput).",
           .prom = "pcie_bytes_per_second", .prom_label = "direction=\"rx\"", .prom_factor = 1024),
    DEVICE(PCIE_GENERATION, "pcie_generation", COUNT, INT, TIER_SLOW, PCIE_LINK,
           "Present PCIe generation, drops when idle (nvmlDeviceGetCurrPcieLinkGeneration).",
           .prom = "pcie_link_generation", .prom_factor = 1),
    DEVICE(PCIE_WIDTH, "pcie_width", COUNT, INT, TIER_SLOW, PCIE_LINK,
           "Present PCIe lanes (nvmlDeviceGetCurrPcieLinkWidth).", .prom = "pcie_link_width_lanes",
           .prom_factor = 1),
    DEVICE(PCIE_GENERATION_MAX, "pcie_generation_max", COUNT, INT, TIER_STATIC, PCIE_LINK_MAX,
           "Highest PCIe generation of board and slot (nvmlDeviceGetMaxPcieLinkGeneration).",
           .has = METRIC_GPU_ONLY),
    DEVICE(PCIE_WIDTH_MAX, "pcie_width_max", COUNT, INT, TIER_STATIC, PCIE_LINK_MAX,
           "Most PCIe lanes of board and slot (nvmlDeviceGetMaxPcieLinkWidth).",
           .has = METRIC_GPU_ONLY),
    DEVICE(NVLINK_COUNT, "nvlink_count", COUNT, INT, TIER_FAST, FIELDS,
           "Number of NVLinks (field 91).", .has = METRIC_GPU_ONLY),
    DEVICE(NVLINK_TX, "nvlink_tx", KIB, INT, TIER_FAST, FIELDS,
           "Data sent over all NVLinks so far (field 138).", .has = METRIC_GPU_ONLY),
    DEVICE(NVLINK_RX, "nvlink_rx", KIB, INT, TIER_FAST, FIELDS,
           "Data received over all NVLinks so far (field 139).", .has = METRIC_GPU_ONLY),
    DEVICE(DISPLAY_ACTIVE, "display_active", NONE, BOOL, TIER_RARE, DISPLAY_ACTIVE,
           "A display is initialised on it (nvmlDeviceGetDisplayActive).", .has = METRIC_GPU_ONLY),
    DEVICE(DISPLAY_MODE, "display_mode", NONE, BOOL, TIER_RARE, DISPLAY_MODE,
           "A monitor is connected (nvmlDeviceGetDisplayMode).", .has = METRIC_GPU_ONLY),
    DEVICE(DRIVER_MODEL, "driver_model", NONE, TEXT, TIER_STATIC, DRIVER_MODEL,
           "WDDM, WDM or MCDM on Windows (nvmlDeviceGetDriverModel).", .has = METRIC_GPU_ONLY),
    DEVICE(PERSISTENCE_MODE, "persistence_mode", NONE, BOOL, TIER_RARE, PERSISTENCE_MODE,
           "The driver stays loaded without clients (nvmlDeviceGetPersistenceMode).",
           .prom = "persistence_mode", .prom_factor = 1),
    DEVICE(PSTATE, "performance_state", NONE, INT, TIER_RARE, PSTATE,
           "Performance state, 0 fastest to 15 (nvmlDeviceGetPerformanceState).",
           .prom = "performance_state", .prom_factor = 1),
    DEVICE(ECC_ERRORS, "total_volatile_uncorrected_ecc_errors", COUNT, INT, TIER_SLOW, ECC_ERRORS,
           "Uncorrected memory errors since the last driver load (nvmlDeviceGetTotalEccErrors).",
           .has = METRIC_GPU_AND_MIG, .prom = "ecc_errors_total",
           .prom_label = "type=\"uncorrected\",scope=\"volatile\"", .prom_factor = 1),
    DEVICE(COMPUTE_MODE, "compute_mode", NONE, INT, TIER_RARE, COMPUTE_MODE,
           "0 default, 1 exclusive thread, 2 prohibited, 3 exclusive process "
           "(nvmlDeviceGetComputeMode).",
           .has = METRIC_GPU_AND_MIG, .prom = "compute_mode", .prom_factor = 1),
    DEVICE(MIG_MODE, "mig_mode", NONE, BOOL, TIER_RARE, MIG_MODE,
           "Multi-instance mode is on (nvmlDeviceGetMigMode).", .prom = "mig_mode",
           .prom_factor = 1),
    DEVICE(
        EVENT_REASONS, "clocks_event_reasons", BITS, INT, TIER_SLOW, EVENT_REASONS,
        "Why clocks are held down: 1 idle, 4 power cap, 8 hardware slowdown, 20h and 40h thermal, "
        "80h power brake (nvmlDeviceGetCurrentClocksEventReasons).",
        .has = METRIC_GPU_ONLY),
    DEVICE(GPU_INSTANCE_ID, "gpu_instance_id", NONE, INT, TIER_STATIC, MIG_IDS,
           "GPU instance of a MIG device (nvmlDeviceGetGpuInstanceId).", .has = METRIC_MIG_ONLY),
    DEVICE(COMPUTE_INSTANCE_ID, "compute_instance_id", NONE, INT, TIER_STATIC, MIG_IDS,
           "Compute instance of a MIG device (nvmlDeviceGetComputeInstanceId).",
           .has = METRIC_MIG_ONLY),
    DEVICE(MULTIPROCESSOR_COUNT, "multiprocessor_count", COUNT, INT, TIER_STATIC, MIG_ATTRIBUTES,
           "Multiprocessors of a MIG device (nvmlDeviceGetAttributes_v2).", .has = METRIC_MIG_ONLY),
    DEVICE(VBIOS_VERSION, "vbios_version", NONE, TEXT, TIER_STATIC, VBIOS_VERSION,
           "Version of the board's firmware (nvmlDeviceGetVbiosVersion).", .has = METRIC_GPU_ONLY),
    DEVICE(BOARD_PART_NUMBER, "board_part_number", NONE, TEXT, TIER_STATIC, BOARD_PART_NUMBER,
           "Part number of the board (nvmlDeviceGetBoardPartNumber).", .has = METRIC_GPU_ONLY),
    DEVICE(ECC_CORRECTED, "total_volatile_corrected_ecc_errors", COUNT, INT, TIER_SLOW, ECC_OTHERS,
           "Corrected memory errors since the last driver load (nvmlDeviceGetTotalEccErrors).",
           .prom = "ecc_errors_total", .prom_label = "type=\"corrected\",scope=\"volatile\"",
           .prom_factor = 1),
    DEVICE(ECC_ERRORS_AGGREGATE, "total_aggregate_uncorrected_ecc_errors", COUNT, INT, TIER_SLOW,
           ECC_OTHERS,
           "Uncorrected memory errors of the board's life (nvmlDeviceGetTotalEccErrors).",
           .prom = "ecc_errors_total", .prom_label = "type=\"uncorrected\",scope=\"aggregate\"",
           .prom_factor = 1),
    DEVICE(ECC_CORRECTED_AGGREGATE, "total_aggregate_corrected_ecc_errors", COUNT, INT, TIER_SLOW,
           ECC_OTHERS, "Corrected memory errors of the board's life (nvmlDeviceGetTotalEccErrors).",
           .prom = "ecc_errors_total", .prom_label = "type=\"corrected\",scope=\"aggregate\"",
           .prom_factor = 1),
    DEVICE(PCIE_REPLAYS, "pcie_replays", COUNT, INT, TIER_SLOW, HEALTH,
           "Packets sent again over PCIe, since the GPU was reset (field 94).",
           .prom = "pcie_replays_total", .prom_factor = 1),
    DEVICE(RETIRED_SINGLE_BIT, "retired_pages_single_bit", COUNT, INT, TIER_SLOW, HEALTH,
           "Pages retired for repeated single-bit errors, before Ampere (field 29).",
           .prom = "retired_pages_total", .prom_label = "cause=\"single_bit\"", .prom_factor = 1),
    DEVICE(RETIRED_DOUBLE_BIT, "retired_pages_double_bit", COUNT, INT, TIER_SLOW, HEALTH,
           "Pages retired for a double-bit error, before Ampere (field 30).",
           .prom = "retired_pages_total", .prom_label = "cause=\"double_bit\"", .prom_factor = 1),
    DEVICE(RETIRED_PENDING, "retired_pages_pending", NONE, BOOL, TIER_SLOW, HEALTH,
           "Pages wait for the next reset to be retired (field 31).",
           .prom = "retired_pages_pending", .prom_factor = 1),
    DEVICE(REMAPPED_CORRECTABLE, "remapped_rows_correctable", COUNT, INT, TIER_SLOW, HEALTH,
           "Rows of memory replaced for correctable errors, since Ampere (field 142).",
           .prom = "remapped_rows_total", .prom_label = "type=\"correctable\"", .prom_factor = 1),
    DEVICE(REMAPPED_UNCORRECTABLE, "remapped_rows_uncorrectable", COUNT, INT, TIER_SLOW, HEALTH,
           "Rows of memory replaced for uncorrectable errors, since Ampere (field 143).",
           .prom = "remapped_rows_total", .prom_label = "type=\"uncorrectable\"", .prom_factor = 1),
    DEVICE(REMAPPED_PENDING, "remapped_rows_pending", NONE, BOOL, TIER_SLOW, HEALTH,
           "Rows wait for the next reset to be replaced (field 144).",
           .prom = "remapped_rows_pending", .prom_factor = 1),
    DEVICE(REMAPPED_FAILURE, "remapped_rows_failure", NONE, BOOL, TIER_SLOW, HEALTH,
           "Replacing a row has failed at some time (field 145).", .prom = "remapped_rows_failure",
           .prom_factor = 1),
    DEVICE(VIOLATION_POWER, "violation_power", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that the power limit held the clocks down (field 74).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"power\"", .prom_factor = 1),
    DEVICE(VIOLATION_THERMAL, "violation_thermal", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that heat held the clocks down (field 75).", .prom = "violation_seconds_total",
           .prom_label = "cause=\"thermal\"", .prom_factor = 1),
    DEVICE(VIOLATION_SYNC_BOOST, "violation_sync_boost", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that the slowest GPU of a sync boost group held the clocks down (field 76).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"sync_boost\"",
           .prom_factor = 1),
    DEVICE(VIOLATION_BOARD_LIMIT, "violation_board_limit", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that limits of the board held the clocks down (field 77).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"board_limit\"",
           .prom_factor = 1),
    DEVICE(VIOLATION_LOW_UTILIZATION, "violation_low_utilization", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that a low load held the clocks down (field 78).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"low_utilization\"",
           .prom_factor = 1),
    DEVICE(VIOLATION_RELIABILITY, "violation_reliability", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that limits of the voltage held the clocks down (field 79).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"reliability\"",
           .prom_factor = 1),
    DEVICE(VIOLATION_APP_CLOCKS, "violation_app_clocks", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that anything, below the application clocks held the clocks down (field 80).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"total_app_clocks\"",
           .prom_factor = 1),
    DEVICE(VIOLATION_BASE_CLOCKS, "violation_base_clocks", SECONDS, REAL, TIER_SLOW, HEALTH,
           "Time that anything, below the base clocks held the clocks down (field 81).",
           .prom = "violation_seconds_total", .prom_label = "cause=\"total_base_clocks\"",
           .prom_factor = 1),
    DEVICE(SM_ACTIVE, "sm_active", PERCENT, REAL, TIER_LANE, GPM,
           "Share of multiprocessors that were busy between two samples, since Hopper "
           "(nvmlGpmMetricsGet).",
           .prom = "sm_active_ratio", .prom_factor = 0.01),
    DEVICE(TENSOR_ACTIVE, "tensor_active", PERCENT, REAL, TIER_LANE, GPM,
           "Share of time the tensor cores were busy between two samples, since Hopper "
           "(nvmlGpmMetricsGet).",
           .prom = "tensor_active_ratio", .prom_factor = 0.01),
    DEVICE(DRAM_ACTIVE, "dram_active", PERCENT, REAL, TIER_LANE, GPM,
           "Share of the memory's bandwidth in use between two samples, since Hopper "
           "(nvmlGpmMetricsGet).",
           .prom = "dram_active_ratio", .prom_factor = 0.01),
};

const struct metric metric_process[NVITOP_PROC_COUNT] = {
    PROCESS(TYPE, "type", NONE, TEXT,
            "C compute, G graphics, C+G both (the running-process lists; MPS clients count as "
            "compute)."),
    PROCESS(
        GPU_MEMORY, "gpu_memory", BYTES, INT,
        "GPU memory of the process on this device (usedGpuMemory of the running-process lists).",
        COLLECTED(PROCESS_DEVICE, 1, "gpu_memory (MiB)", 1048576), .prom = "gpu_memory_bytes",
        .prom_factor = 1),
    PROCESS(GPU_MEMORY_PERCENT, "gpu_memory_percent", PERCENT, REAL,
            "GPU memory of the process in percent of the device's total, one decimal.",
            COLLECTED(PROCESS_DEVICE, 2, "gpu_memory_percent (%)", 1)),
    PROCESS(UTIL_SM, "gpu_sm_utilization", PERCENT, INT,
            "Newest SM utilization sample, 0 without one (nvmlDeviceGetProcessUtilization).",
            COLLECTED(PROCESS_DEVICE, 4, "gpu_sm_utilization (%)", 1),
            .prom = "gpu_sm_utilization_ratio", .prom_factor = 0.01),
    PROCESS(UTIL_MEMORY, "gpu_memory_utilization", PERCENT, INT,
            "Newest memory-bandwidth sample, 0 without one.",
            COLLECTED(PROCESS_DEVICE, 3, "gpu_memory_utilization (%)", 1),
            .prom = "gpu_memory_utilization_ratio", .prom_factor = 0.01),
    PROCESS(UTIL_ENCODER, "gpu_encoder_utilization", PERCENT, INT,
            "Newest encoder sample, 0 without one.", .prom = "gpu_encoder_utilization_ratio",
            .prom_factor = 0.01),
    PROCESS(UTIL_DECODER, "gpu_decoder_utilization", PERCENT, INT,
            "Newest decoder sample, 0 without one.", .prom = "gpu_decoder_utilization_ratio",
            .prom_factor = 0.01),
    PROCESS(
        USER, "username", NONE, TEXT,
        "Name of the process's real user, the number where there is no name (/proc/PID/status)."),
    PROCESS(CPU_PERCENT, "cpu_percent", PERCENT, REAL,
            "CPU time of running time in a single report, else of the last interval; 100 is one "
            "core (/proc/PID/stat).",
            COLLECTED(PROCESS, 1, "cpu_percent (%)", 1)),
    PROCESS(RSS, "host_memory", BYTES, INT, "Resident memory (/proc/PID/stat).",
            COLLECTED(PROCESS, 2, "host_memory (MiB)", 1048576), .prom = "resident_memory_bytes",
            .prom_factor = 1, .is_prom_once = true),
    PROCESS(RSS_PERCENT, "host_memory_percent", PERCENT, REAL,
            "Resident memory in percent of the host's.",
            COLLECTED(PROCESS, 3, "host_memory_percent (%)", 1)),
    PROCESS(RUNNING_TIME, "running_time", SECONDS, REAL,
            "Time since the process started (/proc/PID/stat, field 22).",
            COLLECTED(PROCESS, 4, "running_time (min)", 60), .collector_only_max = true),
    PROCESS(STATE, "state", NONE, TEXT, "Scheduler state, one letter (/proc/PID/stat)."),
    PROCESS(THREADS, "threads", COUNT, INT, "Number of threads (/proc/PID/stat)."),
    PROCESS(PPID, "ppid", NONE, INT, "Parent process (/proc/PID/stat)."),
    PROCESS(NAME, "name", NONE, TEXT,
            "Name of the program as the kernel keeps it (/proc/PID/stat)."),
    PROCESS(COMMAND, "command", NONE, TEXT, "Command line with its quoting (/proc/PID/cmdline)."),
    PROCESS(CPU_TIME, "cpu_time", SECONDS, REAL,
            "CPU time so far, in user and in kernel mode (/proc/PID/stat).",
            .prom = "cpu_seconds_total", .prom_factor = 1, .is_prom_once = true),
    PROCESS(START_TIME, "start_time", SECONDS, REAL,
            "When the process started, counted from 1970 (/proc/PID/stat, field 22, and the boot "
            "time of /proc/stat).",
            .prom = "start_time_seconds", .prom_factor = 1, .is_prom_once = true),
    PROCESS(CONTAINER_ID, "container_id", NONE, TEXT,
            "Container that the process is in: its id, or its name where there is no id "
            "(/proc/PID/cgroup)."),
    PROCESS(POD_UID, "pod_uid", NONE, TEXT,
            "Kubernetes pod that the process is in (/proc/PID/cgroup)."),
    PROCESS(SLURM_JOB_ID, "slurm_job_id", NONE, TEXT,
            "Slurm job that the process is of (/proc/PID/cgroup, else SLURM_JOB_ID of its "
            "environment)."),
    PROCESS(BATCH_JOB_ID, "batch_job_id", NONE, TEXT,
            "Job of another batch system (PBS_JOBID, LSB_JOBID, or JOB_ID and SGE_TASK_ID of its "
            "environment)."),
};

const struct metric metric_host[NVITOP_HOST_COUNT] = {
    HOST(CPU_PERCENT, "cpu_percent", PERCENT, REAL,
         "CPU use of all cores between two readings (/proc/stat).",
         COLLECTED(HOST, 1, "cpu_percent (%)", 1), .prom = "cpu_ratio", .prom_factor = 0.01),
    HOST(MEMORY_TOTAL, "memory_total", BYTES, INT, "Usable memory (MemTotal of /proc/meminfo).",
         .prom = "memory_total_bytes", .prom_factor = 1),
    HOST(MEMORY_AVAILABLE, "memory_available", BYTES, INT,
         "Memory that programs can still get (MemAvailable).", .prom = "memory_available_bytes",
         .prom_factor = 1),
    HOST(MEMORY_USED, "memory_used", BYTES, INT, "MemTotal less MemAvailable.",
         COLLECTED(HOST, 4, "memory_used (GiB)", 1073741824)),
    HOST(MEMORY_PERCENT, "memory_percent", PERCENT, REAL, "Used memory of total memory.",
         COLLECTED(HOST, 2, "memory_percent (%)", 1)),
    HOST(SWAP_TOTAL, "swap_total", BYTES, INT, "Swap space (SwapTotal).",
         .prom = "swap_total_bytes", .prom_factor = 1),
    HOST(SWAP_USED, "swap_used", BYTES, INT, "SwapTotal less SwapFree.", .prom = "swap_used_bytes",
         .prom_factor = 1),
    HOST(SWAP_PERCENT, "swap_percent", PERCENT, REAL, "Used swap of total swap.",
         COLLECTED(HOST, 3, "swap_percent (%)", 1)),
    HOST(LOAD1, "load_average_1m", NONE, REAL, "Load average over 1 minute (/proc/loadavg).",
         COLLECTED(HOST, 5, "load_average (%) (1 min)", 1), .prom = "load1", .prom_factor = 1),
    HOST(LOAD5, "load_average_5m", NONE, REAL, "Load average over 5 minutes.",
         COLLECTED(HOST, 6, "load_average (%) (5 min)", 1), .prom = "load5", .prom_factor = 1),
    HOST(LOAD15, "load_average_15m", NONE, REAL, "Load average over 15 minutes.",
         COLLECTED(HOST, 7, "load_average (%) (15 min)", 1), .prom = "load15", .prom_factor = 1),
    HOST(UPTIME, "uptime", SECONDS, REAL, "Time since boot (/proc/uptime).",
         .prom = "uptime_seconds", .prom_factor = 1),
    HOST(CPU_COUNT, "cpu_count", COUNT, INT, "Cores that are online (/proc/stat)."),
};
/* clang-format on */

const enum nvitop_scope metric_scopes[METRIC_SCOPE_COUNT] = { NVITOP_SCOPE_DEVICE,
                                                              NVITOP_SCOPE_PROCESS,
                                                              NVITOP_SCOPE_HOST };

static const struct {
    const struct metric *rows;
    int first, count;
} scopes[] = {
    [NVITOP_SCOPE_SYSTEM] = { NULL, 0, 0 },
    [NVITOP_SCOPE_DEVICE] = { metric_device, NVITOP_DEV_NAME, NVITOP_DEV_COUNT },
    [NVITOP_SCOPE_PROCESS] = { metric_process, NVITOP_PROC_TYPE, NVITOP_PROC_COUNT },
    [NVITOP_SCOPE_HOST] = { metric_host, NVITOP_HOST_CPU_PERCENT, NVITOP_HOST_COUNT },
};

int metric_scope(int id)
{
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
        if (id >= scopes[i].first && id - scopes[i].first < scopes[i].count)
            return (int)i;
    return -1;
}

const struct metric *metric_by_id(int id)
{
    int scope = metric_scope(id);
    return scope < 0 ? NULL : &scopes[scope].rows[id - scopes[scope].first];
}

const struct metric *metric_by_name(enum nvitop_scope scope, const char *name)
{
    for (int i = 0; i < scopes[scope].count; i++)
        if (strcmp(scopes[scope].rows[i].name, name) == 0)
            return &scopes[scope].rows[i];
    return NULL;
}

const struct metric *metric_of_scope(enum nvitop_scope scope, size_t *ret_count)
{
    *ret_count = (size_t)scopes[scope].count;
    return scopes[scope].rows;
}

void metric_set_add(struct metric_set *set, int id)
{
    unsigned bit = (unsigned)(id - NVITOP_DEV_NAME);
    assert(bit < NVITOP_DEV_COUNT);
    set->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

void metric_set_union(struct metric_set *set, const struct metric_set *more)
{
    for (size_t i = 0; i < ARRAY_LEN(set->bits); i++)
        set->bits[i] |= more->bits[i];
}

bool metric_set_has(const struct metric_set *set, int id)
{
    unsigned bit = (unsigned)(id - NVITOP_DEV_NAME);
    assert(bit < NVITOP_DEV_COUNT);
    return set->bits[bit / 64] >> (bit % 64) & 1;
}
