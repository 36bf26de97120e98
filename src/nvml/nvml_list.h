/* One of the driver's lists of running processes, whatever its rows look like. */
#ifndef NVITOP_NVML_NVML_LIST_H
#define NVITOP_NVML_NVML_LIST_H

#include "nvml/nvml_internal.h"

struct arena;

/* What a row must fulfil to be believed. */
struct nvml_sanity {
    uint32_t pid_max;      /* 0: unknown */
    uint64_t total_memory; /* 0: unknown */
};

/* Rows as the driver gave them, those with impossible pids left out. Returns the driver's code;
 * the outputs are set after success only. */
int nvml_list_read(struct nvml_device *device, enum nvml_list_kind kind,
                   const struct nvml_sanity *sanity, struct arena *arena,
                   struct nvml_process **ret_rows, size_t *ret_count);

#endif
