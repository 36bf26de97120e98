/* What is told of the sampler's own work: whether its looks are whole, how long they take, and when
 * all this was put together. */
#include <assert.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_parts.h"
#include "report/prometheus_walk.h"

static const char *const names[] = {
    [SNAPSHOT_GPUS] = "gpu", [SNAPSHOT_PROCESSES] = "processes", [SNAPSHOT_HOST] = "host"
};
static_assert(ARRAY_LEN(names) == SNAPSHOT_PART_COUNT, "a name for each part");

static void put_value(struct walk *walk, size_t part, struct value value)
{
    if (value_is_na(value))
        return;
    walk_begin(walk, "");
    walk_label(walk, "collector", names[part]);
    walk_sample(walk, value_number(value, 0));
}

void prometheus_put_looks(struct walk *walk)
{
    const struct snapshot_look *looks = walk->snapshot->looks;
    exposition_family(
        walk->exposition, PROMETHEUS_PREFIX, "scrape_collector_success",
        "1 if the newest look at all GPUs, at their processes or at the host is whole "
        "and not too old, else 0.");
    for (size_t i = 0; i < SNAPSHOT_PART_COUNT; i++)
        put_value(walk, i, value_bool(looks[i].is_good));
    exposition_family(walk->exposition, PROMETHEUS_PREFIX, "scrape_collector_duration_seconds",
                      "How long that look took; at the GPUs, that at the slowest of them.");
    for (size_t i = 0; i < SNAPSHOT_PART_COUNT; i++)
        put_value(walk, i, looks[i].seconds);
    exposition_family(walk->exposition, PROMETHEUS_PREFIX, "snapshot_timestamp_seconds",
                      "When what is told here was put together, since 1970.");
    if (walk->snapshot->epoch_us)
        exposition_sample(walk->exposition, "", (double)walk->snapshot->epoch_us / 1e6);
}
