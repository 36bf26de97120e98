/*
 * How one driver call becomes values. A reader makes the call of its row and returns the code;
 * after success it has set out[i] for each metric that the row fills.
 */
#ifndef NVITOP_NVML_NVML_READ_H
#define NVITOP_NVML_NVML_READ_H

#include "nvml/nvml_internal.h"

struct arena;
struct nvml_row;

typedef int nvml_reader(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                        struct value *out);

enum { NVML_FILLS_MAX = 20 };

/* What a query of fields asks for in one call: X(metric, field, scope, kind of its value). */
/* clang-format off */
#define NVML_FIELDS(X)                                                                             \
    X(POWER_INSTANT, POWER_INSTANT, 0, NUMBER)                                                             \
    X(POWER_AVERAGE, POWER_AVERAGE, 0, NUMBER)                                                             \
    X(TEMPERATURE_MEMORY, MEMORY_TEMP, 0, NUMBER)                                                          \
    X(NVLINK_COUNT, NVLINK_LINK_COUNT, 0, NUMBER)                                                          \
    X(NVLINK_TX, NVLINK_THROUGHPUT_DATA_TX, NVML_ABI_ALL_LINKS, NUMBER)                                    \
    X(NVLINK_RX, NVLINK_THROUGHPUT_DATA_RX, NVML_ABI_ALL_LINKS, NUMBER)
#define NVML_HEALTH_FIELDS(X)                                                                      \
    X(PCIE_REPLAYS, PCIE_REPLAY_COUNTER, 0, NUMBER)                                                \
    X(RETIRED_SINGLE_BIT, RETIRED_SBE, 0, NUMBER)                                                  \
    X(RETIRED_DOUBLE_BIT, RETIRED_DBE, 0, NUMBER)                                                  \
    X(RETIRED_PENDING, RETIRED_PENDING, 0, FLAG)                                                   \
    X(REMAPPED_CORRECTABLE, REMAPPED_COR, 0, NUMBER)                                               \
    X(REMAPPED_UNCORRECTABLE, REMAPPED_UNC, 0, NUMBER)                                             \
    X(REMAPPED_PENDING, REMAPPED_PENDING, 0, FLAG)                                                 \
    X(REMAPPED_FAILURE, REMAPPED_FAILURE, 0, FLAG)                                                 \
    X(VIOLATION_POWER, PERF_POLICY_POWER, 0, NANOSECONDS)                                          \
    X(VIOLATION_THERMAL, PERF_POLICY_THERMAL, 0, NANOSECONDS)                                      \
    X(VIOLATION_SYNC_BOOST, PERF_POLICY_SYNC_BOOST, 0, NANOSECONDS)                                \
    X(VIOLATION_BOARD_LIMIT, PERF_POLICY_BOARD_LIMIT, 0, NANOSECONDS)                              \
    X(VIOLATION_LOW_UTILIZATION, PERF_POLICY_LOW_UTILIZATION, 0, NANOSECONDS)                      \
    X(VIOLATION_RELIABILITY, PERF_POLICY_RELIABILITY, 0, NANOSECONDS)                              \
    X(VIOLATION_APP_CLOCKS, PERF_POLICY_TOTAL_APP_CLOCKS, 0, NANOSECONDS)                          \
    X(VIOLATION_BASE_CLOCKS, PERF_POLICY_TOTAL_BASE_CLOCKS, 0, NANOSECONDS)
/* clang-format on */

/* Of the reader of ECC errors: which type, and since when. */
#define NVML_ECC_ARG(type, counter) ((uint32_t)(type) << 1 | (uint32_t)(counter))

struct nvml_row {
    enum nvml_query query;
    int16_t fills[NVML_FILLS_MAX]; /* metric ids, 0 after the last */
    nvml_reader *read;
    size_t place; /* of the function in struct nvml_symbols, for readers that take any */
    uint32_t arg; /* what to ask for: clock, threshold, buffer size, largest sane answer */
    const char *const *words; /* texts by number, ended by NULL */
};

nvml_reader nvml_read_text, nvml_read_u32, nvml_read_bool, nvml_read_word, nvml_read_selected,
    nvml_read_two, nvml_read_u64, nvml_read_pci, nvml_read_capability, nvml_read_memory,
    nvml_read_bar1, nvml_read_utilization, nvml_read_fan_rpm, nvml_read_temperature,
    nvml_read_margin, nvml_read_fields, nvml_read_pcie_throughput, nvml_read_driver_model,
    nvml_read_ecc, nvml_read_mig_mode, nvml_read_event_reasons, nvml_read_attributes,
    nvml_read_uuid, nvml_read_health, nvml_read_gpm;

#endif
