/* Statistics of one series, as the collector's own are made. */
#include <stdlib.h>

#include "api/api.h"
#include "base/mem.h"
#include "collect/stats.h"

struct nvitop_stats {
    struct stats series;
};

int nvitop_stats_new(double start, struct nvitop_stats **ret_stats)
{
    if (!ret_stats || start != start)
        return NVITOP_EINVAL;
    struct nvitop_stats *stats = xmalloc(sizeof(*stats));
    stats_begin(&stats->series, start);
    *ret_stats = stats;
    return NVITOP_OK;
}

void nvitop_stats_free(struct nvitop_stats *stats)
{
    free(stats);
}

void nvitop_stats_add(struct nvitop_stats *stats, double time, double value)
{
    if (stats)
        stats_add(&stats->series, time, value);
}

void nvitop_stats_get(const struct nvitop_stats *stats, double now,
                      struct nvitop_stats_result *ret_result)
{
    if (stats && ret_result)
        stats_get(&stats->series, now, ret_result);
}
