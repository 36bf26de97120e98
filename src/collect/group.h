/*
 * Which series belong together: those of the host, of a device, of a process, of a process on a
 * device. The metrics of a group, their order and names are those of the metric tables.
 */
#ifndef NVITOP_COLLECT_GROUP_H
#define NVITOP_COLLECT_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "core/metric.h"

struct str;

enum { GROUP_NO_CUDA = -1 };

/* A device as keys name it. */
struct collected_device {
    int32_t physical;
    int32_t mig;  /* -1: the GPU itself */
    int32_t cuda; /* CUDA's index of it, or GROUP_NO_CUDA */
};

struct group_id {
    enum metric_group group;
    uint32_t pid;                   /* of processes, else 0 */
    struct collected_device device; /* of devices, else zeros */
};

/* The order of keys: the host, devices, processes; of a process first what has no device. */
int group_id_compare(const struct group_id *a, const struct group_id *b);
int collected_device_compare(const struct collected_device *a, const struct collected_device *b);

/* "host", "gpu:0", "cuda:0 (gpu:(1, 0))", "pid:1/host", "pid:1/gpu:0" */
void group_id_append(struct str *str, const struct group_id *id);

enum { GROUP_METRICS_MAX = 10 };

/* The metrics of each group, in order. */
struct group_metrics {
    const struct metric *rows[METRIC_GROUP_PROCESS_DEVICE + 1][GROUP_METRICS_MAX];
    size_t counts[METRIC_GROUP_PROCESS_DEVICE + 1];
};

void group_metrics_init(struct group_metrics *metrics);

#endif
