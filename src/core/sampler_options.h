/* What to sample: filled in by the program, read by the sampler and by the pick. */
#ifndef NVITOP_CORE_SAMPLER_OPTIONS_H
#define NVITOP_CORE_SAMPLER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/filter.h"
#include "core/metric.h"

/* All that it points to must outlive the source. */
struct sampler_options {
    const char *nvml_path;        /* only this library, NULL: the usual places */
    struct metric_wanted metrics; /* what somebody shows; nothing else is asked */
    bool has_processes;
    bool has_workloads; /* container, pod and job of processes, too */
    struct filter filter;
    const char *procfs;  /* NULL: /proc */
    bool has_only;       /* only these NVML indices; those out of range are passed over */
    const int64_t *only; /* ascending */
    size_t only_count;
    bool is_only_visible;    /* only what CUDA_VISIBLE_DEVICES lets through */
    const char *visible;     /* that variable's text, NULL: unset */
    bool is_no_wake;         /* a GPU that the system has suspended is left asleep */
    const char *sysfs;       /* NULL: /sys; only read for is_no_wake */
    const char *cuda_helper; /* program that asks libcuda for its order, NULL: none */
};

#endif
