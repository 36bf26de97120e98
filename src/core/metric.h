/*
 * The metric tables: one row per metric, for devices, processes and the host. Reading, snapshots,
 * JSON, CSV, exporter, collector, Python and the manual all walk these rows.
 */
#ifndef NVITOP_CORE_METRIC_H
#define NVITOP_CORE_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nvitop/nvitop.h"
#include "nvml/nvml.h"

/* How often a metric is worth asking. */
enum metric_tier {
    TIER_STATIC, /* once per device */
    TIER_FAST,   /* every tick */
    TIER_SLOW,   /* spread over 5 s */
    TIER_RARE,   /* every 60 s */
    TIER_LANE,   /* blocks: on a lane of its own, only while somebody looks */
};

enum metric_has {
    METRIC_GPU_ONLY,
    METRIC_GPU_AND_MIG,
    METRIC_MIG_ONLY,
};

/* Metrics that a collector names alike: the part of the key before the metric says which. */
enum metric_group {
    METRIC_GROUP_NONE,           /* not collected */
    METRIC_GROUP_HOST,           /* host/… */
    METRIC_GROUP_DEVICE,         /* gpu:0/… */
    METRIC_GROUP_PROCESS,        /* pid:1/host/…, the same on all its devices */
    METRIC_GROUP_PROCESS_DEVICE, /* pid:1/gpu:0/… */
    METRIC_GROUP_GIVEN,          /* a series that a user gives; no metric is in it */
    METRIC_GROUP_COUNT,
};

struct metric {
    int id;           /* enum nvitop_metric */
    const char *name; /* "temperature": JSON key, --query word, Python getter */
    enum nvitop_unit unit;
    enum nvitop_kind kind;
    enum metric_tier tier;
    enum nvml_query query; /* device metrics: the driver call; NVML_QUERY_NONE = derived or host */
    enum metric_has has;   /* device metrics: who has it; "not applicable" elsewhere */
    const char *collector; /* "temperature (C)", NULL: not collected */
    double collector_divisor;
    unsigned char collector_place; /* from 1, among those of the same collector_group */
    enum metric_group collector_group;
    bool collector_only_max; /* a single figure, the greatest, instead of statistics */
    const char *prom;        /* Prometheus name behind that of the scope, NULL: not exported */
    const char *prom_label;  /* where rows share a name: the label that tells them apart; NULL */
    double prom_factor;      /* to the base unit of the name */
    bool is_prom_once;       /* process metrics: the host's, the same on all its devices */
    const char *help;        /* one sentence: meaning and source */
};

extern const struct metric metric_device[NVITOP_DEV_COUNT];
extern const struct metric metric_process[NVITOP_PROC_COUNT];
extern const struct metric metric_host[NVITOP_HOST_COUNT];

const struct metric *metric_by_id(int id); /* NULL when unknown */
int metric_scope(int id);                  /* enum nvitop_scope; -1 when unknown */
const struct metric *metric_by_name(enum nvitop_scope scope, const char *name);

/* The scopes that have metrics, in the order in which they are told. */
enum { METRIC_SCOPE_COUNT = 3 };
extern const enum nvitop_scope metric_scopes[METRIC_SCOPE_COUNT];

/* The table of a scope; NULL and 0 where it has none. */
const struct metric *metric_of_scope(enum nvitop_scope scope, size_t *ret_count);

/* A set of device metrics: what a consumer wants to see. */
struct metric_set {
    uint64_t bits[(NVITOP_DEV_COUNT + 63) / 64];
};
void metric_set_add(struct metric_set *set, int id);
void metric_set_union(struct metric_set *set, const struct metric_set *more);
bool metric_set_has(const struct metric_set *set, int id);

/* What a consumer shows of GPUs and of their MIG devices. */
struct metric_wanted {
    struct metric_set gpu, mig;
};

#endif
