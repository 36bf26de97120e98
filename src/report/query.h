/*
 * Which metrics are written. A word of a query is a metric of a device by its bare name, a metric
 * of any scope by `scope.name`, or a scope's name alone: all its metrics, but those whose driver
 * call blocks. A bare name that no device metric has means the only scope that has it.
 */
#ifndef NVITOP_REPORT_QUERY_H
#define NVITOP_REPORT_QUERY_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"
#include "core/metric.h"
#include "nvitop/nvitop.h"

struct str;

enum { QUERY_METRICS_MAX = NVITOP_DEV_COUNT + NVITOP_PROC_COUNT + NVITOP_HOST_COUNT };

struct query {
    const struct metric *metrics[QUERY_METRICS_MAX]; /* each once, as they were asked for */
    size_t count;
    bool is_named[QUERY_METRICS_MAX];     /* device, process and host metrics, as in the tables */
    bool is_asked[NVITOP_SCOPE_HOST + 1]; /* something of that scope is */
};

void query_add(struct query *query, const struct metric *metric);

/* Everything of a scope, in the order of its table. */
void query_add_scope(struct query *query, enum nvitop_scope scope, bool has_blocking);

/* Adds what the words (which may be lists with commas) ask for; false: *err says which word is
 * wrong, and what may be meant. */
bool query_add_words(struct query *query, const char *const *words, size_t count, struct str *err);

bool query_has(const struct query *query, const struct metric *metric);

/* What must be asked of the driver for it. */
void query_wanted(const struct query *query, struct metric_wanted *ret_wanted);

/* Whether the process lists must be read: for the processes, or for a device's memory, which on
 * some boards is the sum over them. */
bool query_needs_processes(const struct query *query);

/* Whether container, pod and job of processes must be read. */
bool query_needs_workloads(const struct query *query);

/* The word by which a metric is asked for: "temperature", "process.command". */
void query_word(const struct metric *metric, struct str *out);

/* The value as it may be written: a number that neither JSON nor CSV has is an error. */
static inline struct value query_value(struct value value)
{
    return value.kind == NVITOP_REAL && !isfinite(value.r) ? value_na(NVITOP_WHY_ERROR) : value;
}

/* Its driver call takes 20 ms and more. */
static inline bool query_is_blocking(const struct metric *metric)
{
    return metric->tier == TIER_LANE;
}

#endif
