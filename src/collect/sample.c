/*
 * From a snapshot's rows to groups: a device row makes a group for each name that it was asked for
 * by, a process row one for the process and one for each name of its device; then they are sorted,
 * and what is there twice (a process on two devices) is dropped. A given series is a group, too.
 */
#include "collect/sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "collect/given.h"
#include "collect/roots.h"
#include "core/snapshot.h"

struct builder {
    const struct sample_wish *wish;
    struct sample *sample;
    size_t cap;
};

static struct sample_group *push(struct builder *builder, struct group_id id)
{
    struct sample *sample = builder->sample;
    if (sample->count == builder->cap) {
        builder->cap = builder->cap * 2 + 16;
        sample->groups = xreallocarray(sample->groups, builder->cap, sizeof(*sample->groups));
    }
    struct sample_group *group = &sample->groups[sample->count++];
    *group = (struct sample_group){ .id = id };
    return group;
}

/* `values` start with those of the metric `first`. */
static void add_group(struct builder *builder, struct group_id id, const struct value *values,
                      int first)
{
    struct sample_group *group = push(builder, id);
    for (size_t i = 0; i < builder->wish->metrics->counts[id.group]; i++) {
        const struct metric *metric = builder->wish->metrics->rows[id.group][i];
        group->values[i] =
            value_number(values[metric->id - first], NAN) / metric->collector_divisor;
    }
}

/* Whether the row is collected as `device`; a MIG device also as part of its GPU. */
static bool is_named_by(const struct snapshot_device *row, const struct collected_device *device)
{
    bool is_it = row->mig == device->mig || (row->mig >= 0 && device->mig < 0);
    return row->physical == device->physical && is_it &&
           (row->mig == device->mig || device->cuda == GROUP_NO_CUDA);
}

/* Whether an earlier device has the same name for the row. */
static bool is_repeated(const struct sample_wish *wish, const struct snapshot_device *row,
                        size_t rank)
{
    for (size_t i = 0; i < rank; i++)
        if (is_named_by(row, &wish->devices[i]) &&
            wish->devices[i].cuda == wish->devices[rank].cuda)
            return true;
    return false;
}

/* Adds a group for each name of the device row. */
static void add_for_names(struct builder *builder, const struct snapshot_device *row,
                          struct group_id id, const struct value *values, int first)
{
    const struct collected_device *devices = builder->wish->devices;
    id.device = (struct collected_device){ row->physical, row->mig, GROUP_NO_CUDA, 0 };
    if (builder->wish->has_all_gpus)
        add_group(builder, id, values, first);
    for (size_t i = 0; i < builder->wish->device_count; i++) {
        if (!is_named_by(row, &devices[i]) || is_repeated(builder->wish, row, i))
            continue;
        id.device.cuda = devices[i].cuda;
        id.device.rank = (int32_t)i;
        add_group(builder, id, values, first);
    }
}

static bool is_named(const struct sample_wish *wish, const struct snapshot_device *row)
{
    for (size_t i = 0; i < wish->device_count; i++)
        if (is_named_by(row, &wish->devices[i]))
            return true;
    return wish->has_all_gpus;
}

static void add_process(struct builder *builder, const struct snapshot_device *devices,
                        const struct snapshot_process *process)
{
    const struct snapshot_device *device = &devices[process->device];
    if (!is_named(builder->wish, device))
        return;
    struct group_id id = { .group = METRIC_GROUP_PROCESS, .pid = process->pid };
    add_group(builder, id, process->values, NVITOP_PROC_TYPE);
    id.group = METRIC_GROUP_PROCESS_DEVICE;
    add_for_names(builder, device, id, process->values, NVITOP_PROC_TYPE);
}

static int compare(const void *a, const void *b)
{
    return group_id_compare(&((const struct sample_group *)a)->id,
                            &((const struct sample_group *)b)->id);
}

static void sort_groups(struct sample *sample)
{
    size_t kept = 0;
    if (sample->count == 0)
        return;
    qsort(sample->groups, sample->count, sizeof(*sample->groups), compare);
    for (size_t i = 0; i < sample->count; i++)
        if (kept == 0 || compare(&sample->groups[kept - 1], &sample->groups[i]) != 0)
            sample->groups[kept++] = sample->groups[i];
    sample->count = kept;
}

void sample_of_host(struct sample *sample, const struct group_metrics *metrics,
                    const struct value host[NVITOP_HOST_COUNT])
{
    struct sample_wish wish = { .metrics = metrics };
    struct builder builder = { &wish, sample, 0 };
    add_group(&builder, (struct group_id){ .group = METRIC_GROUP_HOST }, host,
              NVITOP_HOST_CPU_PERCENT);
}

void sample_of_snapshot(struct sample *sample, const struct sample_wish *wish,
                        const struct root_answers *processes, const struct snapshot *snapshot)
{
    struct builder builder = { wish, sample, 0 };
    add_group(&builder, (struct group_id){ .group = METRIC_GROUP_HOST }, snapshot->host,
              NVITOP_HOST_CPU_PERCENT);
    for (size_t i = 0; i < snapshot->device_count; i++)
        add_for_names(&builder, &snapshot->devices[i],
                      (struct group_id){ .group = METRIC_GROUP_DEVICE },
                      snapshot->devices[i].values, NVITOP_DEV_NAME);
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (root_answers_has(processes, snapshot->processes[i].pid))
            add_process(&builder, snapshot->devices, &snapshot->processes[i]);
    sort_groups(sample);
}

void sample_of_given(struct sample *sample, struct given *given, const char *const *names,
                     const double *values, size_t count)
{
    struct builder builder = { NULL, sample, 0 };
    struct group_id id = { .group = METRIC_GROUP_GIVEN };
    for (size_t i = 0; i < count; i++)
        if (given_find(given, names[i], id.pid + 1, &id.pid, &id.name))
            push(&builder, id)->values[0] = values[i];
    sort_groups(sample);
}

void sample_done(struct sample *sample)
{
    free(sample->groups);
    *sample = (struct sample){ 0 };
}
