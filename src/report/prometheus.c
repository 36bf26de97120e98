/*
 * The exposition from end to end. A family of a GPU, a process or the host that is a metric is a
 * row of the metric tables; any other is a short function here or in prometheus_*.c, and its place
 * in `parts`.
 */
#include "report/prometheus.h"

#include "base/mem.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_compat.h"
#include "report/prometheus_options.h"
#include "report/prometheus_parts.h"
#include "report/prometheus_walk.h"

static void put_build(struct walk *walk)
{
    struct str labels = { 0 };
    exposition_family(walk->exposition, PROMETHEUS_PREFIX, "build_info",
                      "Version of the exporter.");
    exposition_label(&labels, "version", walk->how->version);
    exposition_sample(walk->exposition, str_text(&labels), 1);
    str_done(&labels);
}

/* One that is being opened has said nothing yet, neither well nor ill, unless that takes too long.
 */
static bool is_driver_told(const struct snapshot *snapshot)
{
    return snapshot->driver_state != DRIVER_WAITING || snapshot->is_driver_late;
}

static void put_driver_info(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_PREFIX, "driver_info",
                      "Versions of driver and CUDA.");
    if (value_is_na(walk->snapshot->driver_version) && value_is_na(walk->snapshot->cuda_version))
        return;
    walk_begin(walk, "");
    walk_label_value(walk, "version", walk->snapshot->driver_version);
    walk_label_value(walk, "cuda_version", walk->snapshot->cuda_version);
    walk_sample(walk, 1);
}

static void put_driver_up(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_PREFIX, "driver_up",
                      "1 if the driver can be asked, else 0.");
    if (is_driver_told(walk->snapshot))
        exposition_sample(walk->exposition, "", walk->snapshot->driver_state == DRIVER_OK);
}

typedef void part_fn(struct walk *walk);

/* What says how the exporter itself is. */
static part_fn *const own_parts[] = { put_build, prometheus_put_looks };

static part_fn *const parts[] = {
    put_driver_info,
    put_driver_up,
    prometheus_put_up,
    prometheus_put_gpu_info,
    prometheus_put_device_table,
    prometheus_put_clock_events,
    prometheus_put_nvlinks,
    prometheus_put_xids,
    prometheus_put_process_counts,
    prometheus_put_process_info,
    prometheus_put_process_table,
    prometheus_put_host_table,
    prometheus_put_compat,
};

static void put_parts(struct walk *walk, part_fn *const *put, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put[i](walk);
}

void prometheus_write(const struct snapshot *snapshot, const struct prometheus_options *how,
                      struct exposition *exposition)
{
    struct walk walk;
    walk_init(&walk, snapshot, how, exposition);
    put_parts(&walk, own_parts, ARRAY_LEN(own_parts));
    put_parts(&walk, parts, ARRAY_LEN(parts));
    walk_done(&walk);
}

void prometheus_write_old(const struct snapshot *snapshot, const struct prometheus_options *how,
                          struct exposition *exposition)
{
    struct snapshot old = { .epoch_us = snapshot ? snapshot->epoch_us : 0 };
    struct walk walk;
    walk_init(&walk, &old, how, exposition);
    put_parts(&walk, own_parts, ARRAY_LEN(own_parts));
    walk_done(&walk);
}

void prometheus_metrics(struct metric_wanted *ret_wanted)
{
    *ret_wanted = (struct metric_wanted){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(metric_device); i++)
        if (metric_device[i].prom)
            metric_set_add(&ret_wanted->gpu, metric_device[i].id);
    prometheus_gpu_metrics(&ret_wanted->gpu);
    compat_metrics(&ret_wanted->gpu);
    ret_wanted->mig = ret_wanted->gpu;
    metric_set_add(&ret_wanted->mig, NVITOP_DEV_GPU_INSTANCE_ID);
    metric_set_add(&ret_wanted->mig, NVITOP_DEV_COMPUTE_INSTANCE_ID);
}
