/*
 * A sample and a window both hold their groups in order, so adding is walking along both.
 * Invariants: newest.mono never goes back and is not before start.mono; a group that is once there
 * stays until the window is cleared, but for the bound.
 */
#include "collect/window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "collect/result.h"
#include "collect/sample.h"

/* ---- the stack ---- */

static struct window *find(const struct windows *windows, const char *tag)
{
    for (size_t i = 0; i < windows->count; i++)
        if (strcmp(windows->rows[i].tag, tag) == 0)
            return &windows->rows[i];
    return NULL;
}

static void empty(struct window *window, struct moment now)
{
    free(window->groups);
    window->groups = NULL;
    window->count = 0;
    window->start = window->newest = now;
}

int windows_open(struct windows *windows, const char *tag, struct moment now)
{
    if (find(windows, tag))
        return NVITOP_EDUPLICATE;
    windows->rows = xreallocarray(windows->rows, windows->count + 1, sizeof(*windows->rows));
    windows->rows[windows->count++] =
        (struct window){ .tag = xstrdup(tag), .start = now, .newest = now };
    return NVITOP_OK;
}

/* Which one is meant: its place in the stack, or a status. */
static int place(const struct windows *windows, const char *tag)
{
    if (windows->count == 0)
        return NVITOP_ESTATE;
    if (!tag)
        return (int)windows->count - 1;
    const struct window *window = find(windows, tag);
    return window ? (int)(window - windows->rows) : NVITOP_ENOTFOUND;
}

int windows_close(struct windows *windows, const char *tag)
{
    if (windows->count == 0 && !tag)
        return NVITOP_OK;
    int at = place(windows, tag);
    if (at < 0)
        return at;
    while (windows->count > (size_t)at) {
        struct window *last = &windows->rows[--windows->count];
        free(last->groups);
        free(last->tag);
    }
    return NVITOP_OK;
}

int windows_clear(struct windows *windows, const char *tag, struct moment now)
{
    int at = place(windows, tag);
    if (at < 0)
        return at;
    for (size_t i = (size_t)at; i < windows->count; i++)
        empty(&windows->rows[i], now);
    return NVITOP_OK;
}

void windows_done(struct windows *windows)
{
    while (windows->count > 0)
        windows_close(windows, NULL);
    free(windows->rows);
    *windows = (struct windows){ 0 };
}

/* ---- samples ---- */

static void add_values(struct window_group *group, double time,
                       const double values[GROUP_METRICS_MAX])
{
    for (size_t i = 0; i < GROUP_METRICS_MAX; i++)
        stats_add(&group->stats[i], time, values[i]);
}

/* What the sample lacks counts as missing. */
static void add_missing(struct window_group *group, double time)
{
    for (size_t i = 0; i < GROUP_METRICS_MAX; i++)
        stats_add(&group->stats[i], time, NAN);
}

static struct window_group group_begin(const struct window *window, const struct group_id *id)
{
    struct window_group group = { .id = *id };
    for (size_t i = 0; i < GROUP_METRICS_MAX; i++)
        stats_begin(&group.stats[i], window->newest.mono);
    return group;
}

static bool is_process(const struct group_id *id)
{
    return id->group == METRIC_GROUP_PROCESS || id->group == METRIC_GROUP_PROCESS_DEVICE;
}

/* Which of the two comes next: negative the window's, positive the sample's, 0 both. */
static int next_of(const struct window *window, size_t old, const struct sample *sample, size_t new)
{
    if (old == window->count)
        return 1;
    if (new == sample->count)
        return -1;
    return group_id_compare(&window->groups[old].id, &sample->groups[new].id);
}

static size_t merged_count(const struct window *window, const struct sample *sample)
{
    size_t count = 0;
    for (size_t old = 0, new = 0; old < window->count || new < sample->count; count++) {
        int order = next_of(window, old, sample, new);
        old += order <= 0;
        new += order >= 0;
    }
    return count;
}

/* The next group of the merged ones: with the sample's values, or with none. */
static struct window_group next_group(const struct window *window, size_t old,
                                      const struct sample *sample, size_t new)
{
    int order = next_of(window, old, sample, new);
    struct window_group group =
        order > 0 ? group_begin(window, &sample->groups[new].id) : window->groups[old];
    if (order < 0)
        add_missing(&group, sample->end);
    else
        add_values(&group, sample->end, sample->groups[new].values);
    return group;
}

static void merge(struct window *window, const struct sample *sample)
{
    size_t all = merged_count(window, sample), count = 0;
    struct window_group *groups = xreallocarray(NULL, all, sizeof(*groups));
    for (size_t old = 0, new = 0; old < window->count || new < sample->count;) {
        int order = next_of(window, old, sample, new);
        if (order >= 0 || all <= WINDOW_GROUPS_MAX || !is_process(&window->groups[old].id))
            groups[count++] = next_group(window, old, sample, new);
        old += order <= 0;
        new += order >= 0;
    }
    free(window->groups);
    window->groups = groups;
    window->count = count;
}

/* Nothing is known since the newest sample. */
static void skip(struct window *window, double seconds)
{
    for (size_t i = 0; i < window->count; i++)
        for (size_t j = 0; j < GROUP_METRICS_MAX; j++)
            stats_skip(&window->groups[i].stats[j], seconds);
    window->newest.mono += seconds;
}

void windows_add(struct windows *windows, const struct sample *sample, double gap)
{
    for (size_t i = 0; i < windows->count; i++) {
        struct window *window = &windows->rows[i];
        if (sample->begin < window->start.mono)
            continue;
        if (sample->begin - window->newest.mono > gap)
            skip(window, sample->end - window->newest.mono);
        merge(window, sample);
        window->newest = (struct moment){ fmax(window->newest.mono, sample->end), sample->epoch };
    }
}

/* ---- results ---- */

static void add_statistics(struct result *result, const char *prefix, const char *name,
                           const struct nvitop_stats_result *stats)
{
    result_add(result, prefix, name, "mean", stats->mean);
    result_add(result, prefix, name, "min", stats->min);
    result_add(result, prefix, name, "max", stats->max);
    result_add(result, prefix, name, "last", stats->last);
}

/* The metrics of a group: those with statistics, or those of which there is only the greatest. */
static void add_group(struct result *result, const char *prefix, const struct window_group *group,
                      const struct group_metrics *metrics, double now, bool is_only_max)
{
    for (size_t i = 0; i < metrics->counts[group->id.group]; i++) {
        const struct metric *metric = metrics->rows[group->id.group][i];
        struct nvitop_stats_result stats;
        stats_get(&group->stats[i], now, &stats);
        if (metric->collector_only_max == is_only_max && is_only_max)
            result_add(result, prefix, metric->collector, NULL, stats.max);
        else if (metric->collector_only_max == is_only_max)
            add_statistics(result, prefix, metric->collector, &stats);
    }
}

static void append_tags(struct str *str, const struct windows *windows)
{
    for (size_t i = 0; i < windows->count; i++) {
        if (i > 0)
            str_append_char(str, '/');
        str_append(str, windows->rows[i].tag);
    }
}

static void add_groups(struct result *result, const struct windows *windows,
                       const struct group_metrics *metrics, double now, bool is_only_max)
{
    const struct window *window = &windows->rows[windows->count - 1];
    struct str prefix = { 0 };
    for (size_t i = 0; i < window->count; i++) {
        append_tags(&prefix, windows);
        str_append_char(&prefix, '/');
        group_id_append(&prefix, &window->groups[i].id);
        add_group(result, str_text(&prefix), &window->groups[i], metrics, now, is_only_max);
        str_clear(&prefix);
    }
    str_done(&prefix);
}

void windows_result(const struct windows *windows, const struct group_metrics *metrics,
                    struct moment now, struct result *ret_result)
{
    const struct window *window = &windows->rows[windows->count - 1];
    struct str tags = { 0 };
    *ret_result = (struct result){ 0 };
    add_groups(ret_result, windows, metrics, now.mono, false);
    add_groups(ret_result, windows, metrics, now.mono, true);
    append_tags(&tags, windows);
    result_add(ret_result, str_text(&tags), "duration (s)", NULL, now.mono - window->start.mono);
    result_add(ret_result, str_text(&tags), "timestamp", NULL, now.epoch);
    result_add(ret_result, str_text(&tags), "last_timestamp", NULL, window->newest.epoch);
    str_done(&tags);
}
