/*
 * Names and order of groups. A metric is in a group because its row says so; places are 1, 2, 3 …
 * without a hole, which a test of the tables sees to.
 */
#include "collect/group.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* -1, 0 or 1. */
#define COMPARE(A, B) (((A) > (B)) - ((A) < (B)))

/* What the groups sort by first: a process and what it does on devices stay together. */
static const int classes[] = {
    [METRIC_GROUP_HOST] = 0,           [METRIC_GROUP_DEVICE] = 1, [METRIC_GROUP_PROCESS] = 2,
    [METRIC_GROUP_PROCESS_DEVICE] = 2, [METRIC_GROUP_GIVEN] = 3,
};

static int compare_devices(const struct collected_device *a, const struct collected_device *b)
{
    int order = COMPARE(a->rank, b->rank);
    order = order ? order : COMPARE(a->physical, b->physical);
    order = order ? order : COMPARE(a->mig, b->mig);
    return order ? order : COMPARE(a->cuda, b->cuda);
}

int group_id_compare(const struct group_id *a, const struct group_id *b)
{
    int order = COMPARE(classes[a->group], classes[b->group]);
    order = order ? order : COMPARE(a->pid, b->pid);
    order = order ? order : COMPARE(a->group, b->group);
    return order ? order : compare_devices(&a->device, &b->device);
}

static void append_device(struct str *str, const struct collected_device *device)
{
    if (device->cuda != GROUP_NO_CUDA)
        str_printf(str, "cuda:%d (", device->cuda);
    if (device->mig < 0)
        str_printf(str, "gpu:%d", device->physical);
    else
        str_printf(str, "gpu:(%d, %d)", device->physical, device->mig);
    if (device->cuda != GROUP_NO_CUDA)
        str_append_char(str, ')');
}

void group_id_append(struct str *str, const struct group_id *id)
{
    if (id->group == METRIC_GROUP_PROCESS || id->group == METRIC_GROUP_PROCESS_DEVICE)
        str_printf(str, "pid:%u/", id->pid);
    if (id->name)
        str_append(str, id->name);
    else if (id->group == METRIC_GROUP_HOST || id->group == METRIC_GROUP_PROCESS)
        str_append(str, "host");
    else
        append_device(str, &id->device);
}

static void add_rows(struct group_metrics *metrics, const struct metric *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum metric_group group = rows[i].collector_group;
        if (group == METRIC_GROUP_NONE)
            continue;
        assert(rows[i].collector_place >= 1 && rows[i].collector_place <= GROUP_METRICS_MAX);
        metrics->rows[group][rows[i].collector_place - 1] = &rows[i];
        metrics->counts[group]++;
    }
}

void group_metrics_init(struct group_metrics *metrics)
{
    *metrics = (struct group_metrics){ 0 };
    add_rows(metrics, metric_host, ARRAY_LEN(metric_host));
    add_rows(metrics, metric_device, ARRAY_LEN(metric_device));
    add_rows(metrics, metric_process, ARRAY_LEN(metric_process));
}

bool group_metrics_is_only_max(const struct group_metrics *metrics, const char *key)
{
    const char *slash = strrchr(key, '/');
    const char *name = slash ? slash + 1 : key;
    for (size_t group = 0; group < METRIC_GROUP_COUNT; group++)
        for (size_t i = 0; i < metrics->counts[group]; i++)
            if (strcmp(metrics->rows[group][i]->collector, name) == 0)
                return metrics->rows[group][i]->collector_only_max;
    return false;
}
