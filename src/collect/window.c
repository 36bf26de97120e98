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

static void empty(struct windows *windows, struct window *window, struct moment now)
{
    free(window->groups);
    window->groups = NULL;
    window->count = 0;
    window->layout = ++windows->layouts;
    window->start = window->newest = now;
}

int windows_open(struct windows *windows, const char *tag, struct moment now)
{
    if (find(windows, tag))
        return NVITOP_EDUPLICATE;
    windows->rows = xreallocarray(windows->rows, windows->count + 1, sizeof(*windows->rows));
    struct window *window = &windows->rows[windows->count++];
    *window = (struct window){ .tag = xstrdup(tag) };
    empty(windows, window, now);
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
        empty(windows, &windows->rows[i], now);
    return NVITOP_OK;
}

void windows_done(struct windows *windows)
{
    while (windows->count > 0)
        windows_close(windows, NULL);
    free(windows->rows);
    *windows = (struct windows){ .layouts = windows->layouts };
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

static bool comes_and_goes(const struct group_id *id)
{
    return id->group != METRIC_GROUP_HOST && id->group != METRIC_GROUP_DEVICE;
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

/* Whether there are other groups than before. */
static bool merge(struct window *window, const struct sample *sample)
{
    size_t all = merged_count(window, sample), count = 0;
    struct window_group *groups = xreallocarray(NULL, all, sizeof(*groups));
    for (size_t old = 0, new = 0; old < window->count || new < sample->count;) {
        int order = next_of(window, old, sample, new);
        if (order >= 0 || all <= WINDOW_GROUPS_MAX || !comes_and_goes(&window->groups[old].id))
            groups[count++] = next_group(window, old, sample, new);
        old += order <= 0;
        new += order >= 0;
    }
    bool is_other = all > window->count || all > count;
    free(window->groups);
    window->groups = groups;
    window->count = count;
    return is_other;
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
        if (merge(window, sample))
            window->layout = ++windows->layouts;
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

/* A series, if it is one of those that are wanted now: those with statistics, or those of which
 * there is only the greatest. */
static void add_series(struct result *result, const char *prefix, const char *name,
                       const struct stats *series, double now, bool is_only_max,
                       bool wants_only_max)
{
    struct nvitop_stats_result stats;
    if (is_only_max != wants_only_max)
        return;
    stats_get(series, now, &stats);
    if (is_only_max)
        result_add(result, prefix, name, NULL, stats.max);
    else
        add_statistics(result, prefix, name, &stats);
}

static void add_group(struct result *result, const char *prefix, const struct window_group *group,
                      const struct group_metrics *metrics, double now, bool wants_only_max)
{
    const struct group_id *id = &group->id;
    if (id->name)
        add_series(result, prefix, "", group->stats, now,
                   group_metrics_is_only_max(metrics, id->name), wants_only_max);
    for (size_t i = 0; i < metrics->counts[id->group]; i++) {
        const struct metric *metric = metrics->rows[id->group][i];
        add_series(result, prefix, metric->collector, &group->stats[i], now,
                   metric->collector_only_max, wants_only_max);
    }
}

/* What keys begin with: the tags with a slash behind each. */
static void append_tags(struct str *str, const struct windows *windows, const struct result *result)
{
    for (size_t i = 0; i < windows->count && result->which == RESULT_KEYS; i++) {
        str_append(str, windows->rows[i].tag);
        str_append_char(str, '/');
    }
}

static void append_group(struct str *str, const struct group_id *id, const struct result *result)
{
    if (result->which == RESULT_NO_KEYS)
        return;
    group_id_append(str, id);
    if (!id->name)
        str_append_char(str, '/');
}

static void add_groups(struct result *result, const struct windows *windows,
                       const struct group_metrics *metrics, double now, bool wants_only_max)
{
    const struct window *window = &windows->rows[windows->count - 1];
    struct str prefix = { 0 };
    for (size_t i = 0; i < window->count; i++) {
        append_tags(&prefix, windows, result);
        append_group(&prefix, &window->groups[i].id, result);
        add_group(result, str_text(&prefix), &window->groups[i], metrics, now, wants_only_max);
        str_clear(&prefix);
    }
    str_done(&prefix);
}

void windows_result(const struct windows *windows, const struct group_metrics *metrics,
                    struct moment now, struct result *result)
{
    const struct window *window = &windows->rows[windows->count - 1];
    struct str tags = { 0 };
    result->layout = window->layout;
    add_groups(result, windows, metrics, now.mono, false);
    add_groups(result, windows, metrics, now.mono, true);
    append_tags(&tags, windows, result);
    result_add(result, str_text(&tags), "duration (s)", NULL, now.mono - window->start.mono);
    result_add(result, str_text(&tags), "timestamp", NULL, now.epoch);
    result_add(result, str_text(&tags), "last_timestamp", NULL, window->newest.epoch);
    str_done(&tags);
}
