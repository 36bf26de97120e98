/*
 * Who has how much of a GPU's memory, by the counters of Windows. Pure: the counters come as pairs
 * of a name and a number, the GPUs as places on the PCI bus.
 */
#ifndef NVITOP_HOST_GPU_USAGE_H
#define NVITOP_HOST_GPU_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

/* A GPU as Windows has it: what is below one number, its LUID, may be several linked boards. */
struct gpu_adapter {
    uint64_t luid;
    uint32_t bus, device, function;
    bool is_placeless; /* it says of itself no place: one that is software is on no bus */
};

struct gpu_usage_row {
    uint64_t luid, bytes;
    uint32_t pid, board;
};

/* Zeroed is empty. */
struct gpu_usage {
    struct gpu_usage_row *rows;
    size_t count, cap;
};

void gpu_usage_clear(struct gpu_usage *usage);
void gpu_usage_done(struct gpu_usage *usage);

/* One counter: `pid_N_luid_0xHIGH_0xLOW_phys_N`, with `#N` behind it where a name is there twice.
 * What is named otherwise, and what is less than nothing, is passed over. */
void gpu_usage_add(struct gpu_usage *usage, const char *name, int64_t bytes);

/* Whether a counter is of a GPU that is not among these. */
bool gpu_usage_has_unknown(const struct gpu_usage *usage, const struct gpu_adapter *adapters,
                           size_t count);

/*
 * INT bytes: all that the process has of the GPU at `bus_id` (`DOMAIN:BUS:DEVICE.FUNCTION`, as the
 * driver writes it). N/A, not supported: no counter tells, or it is not sure which GPU it tells of:
 * none or two are at that place, Windows knowing no domains, or several boards are one to it.
 */
struct value gpu_usage_of(const struct gpu_usage *usage, const struct gpu_adapter *adapters,
                          size_t count, uint32_t pid, const char *bus_id);

#endif
