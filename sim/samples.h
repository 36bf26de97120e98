/* The utilization samples of processes, with the garbage that drivers have been seen to add. */
#ifndef NVITOP_SIM_SAMPLES_H
#define NVITOP_SIM_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "nvml/nvml_abi.h"

struct call;

struct samples {
    struct nvml_abi_process_utilization *rows; /* malloc'd */
    size_t count, cap;
};

/* Appends the samples newer than `since` (epoch µs). */
void samples_take(const struct call *call, uint64_t since, struct samples *samples);

#endif
