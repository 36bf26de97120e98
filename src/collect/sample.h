/*
 * A sample: the figures of one snapshot, for the devices and processes that are collected, in the
 * units of the keys. NaN where a value is not available.
 */
#ifndef NVITOP_COLLECT_SAMPLE_H
#define NVITOP_COLLECT_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"
#include "collect/group.h"

struct root_answers;
struct given;
struct snapshot;

struct sample_group {
    struct group_id id;
    double values[GROUP_METRICS_MAX];
};

struct sample {
    double begin, end;           /* seconds of the clock of statistics: when it was taken */
    double epoch;                /* seconds since 1970, at the end */
    struct sample_group *groups; /* ascending, each once */
    size_t count;
};

/* What is collected. */
struct sample_wish {
    const struct group_metrics *metrics;
    bool has_all_gpus;                      /* else `devices` */
    const struct collected_device *devices; /* in the order of keys; a GPU without a CUDA index
                                               brings its MIG devices. Ranks are not looked at */
    size_t device_count;
};

/* Of the host alone: where there is no driver. */
void sample_of_host(struct sample *sample, const struct group_metrics *metrics,
                    const struct value host[NVITOP_HOST_COUNT]);

/* Of all: host, devices, and the processes that `processes` has. Times are left alone. */
void sample_of_snapshot(struct sample *sample, const struct sample_wish *wish,
                        const struct root_answers *processes, const struct snapshot *snapshot);

/* Of numbers that a user gives, by name; `given` learns names that are new to it, as many as it
 * may. A name that comes twice counts once. */
void sample_of_given(struct sample *sample, struct given *given, const char *const *names,
                     const double *values, size_t count);

void sample_done(struct sample *sample);

#endif
