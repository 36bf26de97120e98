/*
 * The mean is the area under the samples over the time. The first value counts from the start on.
 * A missing sample only ends the series at its newest real one: what lies between two real ones is
 * a straight line, unless it was skipped.
 * Invariant: start <= newest, so no weight is ever negative.
 */
#include "collect/stats.h"

#include <math.h>

void stats_begin(struct stats *stats, double start)
{
    *stats = (struct stats){ .start = start, .newest = start };
}

void stats_add(struct stats *stats, double time, double value)
{
    if (isnan(value)) {
        stats->has_missing = true;
        return;
    }
    double from = stats->has_value ? stats->last : value;
    time = fmax(time, stats->newest);
    stats->area += (from + value) / 2 * (time - stats->newest);
    stats->min = stats->has_value ? fmin(stats->min, value) : value;
    stats->max = stats->has_value ? fmax(stats->max, value) : value;
    stats->last = value;
    stats->newest = time;
    stats->has_value = true;
}

void stats_skip(struct stats *stats, double seconds)
{
    stats->start += seconds;
    stats->newest += seconds;
}

static double mean(const struct stats *stats, double now)
{
    double until = stats->has_missing ? stats->newest : fmax(now, stats->newest);
    double span = until - stats->start;
    double area = stats->area + stats->last * (until - stats->newest);
    return span > 0 ? area / span : stats->last;
}

void stats_get(const struct stats *stats, double now, struct nvitop_stats_result *ret_result)
{
    if (stats->has_value)
        *ret_result =
            (struct nvitop_stats_result){ mean(stats, now), stats->min, stats->max, stats->last };
    else
        *ret_result = (struct nvitop_stats_result){ NAN, NAN, NAN, NAN };
}
