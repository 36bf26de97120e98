#include "settings_text.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/columns.h"
#include "cmd/options.h"
#include "report/query.h"

#define FLAG(name, member)                                                                         \
    {                                                                                              \
        name, offsetof(struct nvitop_settings, member)                                             \
    }
static const struct {
    const char *name;
    size_t offset;
} flags[] = {
    FLAG("once", is_once),
    FLAG("monitor", is_monitor),
    FLAG("ascii", is_ascii),
    FLAG("readonly", is_readonly),
    FLAG("colorful", is_colourful),
    FLAG("force-color", is_force_colour),
    FLAG("light", is_light),
    FLAG("no-mouse", is_no_mouse),
    FLAG("no-wake", is_no_wake),
    FLAG("no-processes", is_no_processes),
    FLAG("no-host", is_no_host),
    FLAG("pcie", is_pcie),
    FLAG("only-visible", is_only_visible),
    FLAG("compute", is_compute),
    FLAG("only-compute", is_only_compute),
    FLAG("graphics", is_graphics),
    FLAG("only-graphics", is_only_graphics),
};

static void list_text(const char *name, const int64_t *list, size_t count, struct str *out)
{
    str_printf(out, " %s=", name);
    for (size_t i = 0; i < count; i++)
        str_printf(out, "%s%lld", i ? "," : "", (long long)list[i]);
}

static void thresholds_text(const char *name, const int pair[2], int low, int high, struct str *out)
{
    if (pair[0] != low || pair[1] != high)
        str_printf(out, " %s=%d,%d", name, pair[0], pair[1]);
}

static void path_text(const char *name, const char *path, struct str *out)
{
    if (path)
        str_printf(out, " %s=<%s>", name, path);
}

static void data_text(const struct nvitop_settings *settings, struct str *out)
{
    if (settings->is_json)
        str_append(out, settings->is_json_pretty ? " json=pretty" : " json");
    if (settings->is_csv)
        str_append(out, " csv");
    if (settings->is_loop)
        str_append(out, " loop");
    if (settings->is_list_metrics)
        str_append(out, " list-metrics");
    for (size_t i = 0; settings->query && i < settings->query->count; i++) {
        str_append(out, i ? "," : " query=");
        query_word(settings->query->metrics[i], out);
    }
}

static void filters_text(const struct nvitop_settings *settings, struct str *out)
{
    if (settings->has_only)
        list_text("only", settings->only, settings->only_count, out);
    if (settings->has_pids)
        list_text("pids", settings->pids, settings->pid_count, out);
    if (settings->has_users)
        str_append(out, " users=");
    for (size_t i = 0; i < settings->user_count; i++)
        str_printf(out, "%s<%s>", i ? "," : "", settings->users[i]);
}

void settings_text(const struct nvitop_settings *settings, struct str *out)
{
    str_append(out, "run");
    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (*(const bool *)((const char *)settings + flags[i].offset))
            str_printf(out, " %s", flags[i].name);
    if (!settings->is_monitor_always)
        str_append(out, " not-always");
    if (settings->hidden_columns) {
        str_append(out, " hidden=");
        columns_names(settings->hidden_columns, ",", out);
    }
    if (settings->mode != VIEW_AUTO)
        str_printf(out, " mode=%s", view_mode_words[settings->mode]);
    if (settings->interval < 2 || settings->interval > 2)
        str_printf(out, " interval=%g", settings->interval);
    thresholds_text("gpu", settings->gpu_thresholds, 10, 75, out);
    thresholds_text("memory", settings->memory_thresholds, 10, 80, out);
    data_text(settings, out);
    filters_text(settings, out);
    path_text("nvml", settings->source.nvml_path, out);
    path_text("procfs", settings->source.procfs, out);
    if (settings->source.has_demo)
        path_text("demo", settings->source.demo ? settings->source.demo : "", out);
}
