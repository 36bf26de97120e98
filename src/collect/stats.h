/* Statistics of one series, weighted by time. Plain arithmetic on seconds of any clock. */
#ifndef NVITOP_COLLECT_STATS_H
#define NVITOP_COLLECT_STATS_H

#include <stdbool.h>

#include "nvitop/nvitop.h"

struct stats {
    double start, newest; /* its beginning, and the time of the newest real sample */
    double area;          /* under the samples, joined by straight lines */
    double last, min, max;
    bool has_value, has_missing;
};

void stats_begin(struct stats *stats, double start);

/* NaN: there was none to be had. A time before the newest one counts as that one. */
void stats_add(struct stats *stats, double time, double value);

/* Nothing is known of so many seconds: they count as if they had not passed. */
void stats_skip(struct stats *stats, double seconds);

/* The last value counts until `now`, unless a sample was missing ever. */
void stats_get(const struct stats *stats, double now, struct nvitop_stats_result *ret_result);

#endif
