/*
 * The sampler: owns every thread that calls the driver, and makes snapshots. GPUs are sampled in
 * parallel, each on a thread of its own, so that one that hangs delays nobody.
 */
#ifndef NVITOP_CORE_SAMPLER_H
#define NVITOP_CORE_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/driver.h"
#include "core/filter.h"
#include "core/metric.h"

struct snapshot;

struct sampler_options {
    struct metric_wanted metrics; /* what somebody shows; nothing else is asked */
    bool has_processes;
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

/*
 * One snapshot. Handle look-ups have until patience->deadline_ns, all further reads together 3 s;
 * a GPU past either has a row that says "not responding". *ret_is_stuck: a thread was left inside
 * the driver (or a stuck process), so the library must stay loaded and only _exit ends us.
 * A negative status (NVITOP_ENOTFOUND: no procfs there) leaves the outputs alone.
 */
int sampler_once(const struct driver *driver, const struct sampler_options *options,
                 struct patience *patience, bool *ret_is_stuck, struct snapshot **ret_snapshot);

#endif
