/*
 * Which series belong together: those of the host, of a device, of a process, of a process on a
 * device. The metrics of a group, their order and names are those of the metric tables.
 */
#ifndef NVITOP_COLLECT_GROUP_H
#define NVITOP_COLLECT_GROUP_H

#include <stdbool.h>
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
    int32_t rank; /* its place among those that are collected */
};

struct group_id {
    enum metric_group group;
    uint32_t pid;                   /* of processes; the place of a given name; else 0 */
    struct collected_device device; /* of devices, else zeros */
    const char *name;               /* a given one, else NULL */
};

/* The order of keys: the host, devices, processes; of a process first what has no device; what is
 * given. */
int group_id_compare(const struct group_id *a, const struct group_id *b);

/* "host", "gpu:0", "cuda:0 (gpu:(1, 0))", "pid:1/host", "pid:1/gpu:0"; the name of what is given */
void group_id_append(struct str *str, const struct group_id *id);

enum { GROUP_METRICS_MAX = 10 };

/* The metrics of each group, in order. */
struct group_metrics {
    const struct metric *rows[METRIC_GROUP_COUNT][GROUP_METRICS_MAX];
    size_t counts[METRIC_GROUP_COUNT];
};

void group_metrics_init(struct group_metrics *metrics);

/* Whether the key "…/METRIC" is of a metric of which there is only the greatest. */
bool group_metrics_is_only_max(const struct group_metrics *metrics, const char *key);

#endif
