/*
 * What the settings mean: which source, what is asked of it, and whether its snapshots are shown
 * once or in the monitor.
 */
#include "cmd/run.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/data.h"
#include "cmd/locate.h"
#include "cmd/loop.h"
#include "cmd/message.h"
#include "cmd/monitor.h"
#include "cmd/once.h"
#include "cmd/options.h"
#include "cmd/showing.h"
#include "cmd/terminal.h"
#include "core/sampler_options.h"
#include "core/source.h"
#include "host/host.h"
#include "tui/term.h"
#include "view/report.h"

enum { CLOSE_S = 1, EXIT_BY_SIGNAL = 128 };

/* ---- what was asked for ---- */

/* `--user` without a name means the viewer. */
static void filter_users(const struct nvitop_settings *settings, struct arena *arena,
                         struct filter *filter)
{
    if (!settings->has_users)
        return;
    filter->users = (const char *const *)settings->users;
    filter->user_count = settings->user_count;
    if (settings->user_count)
        return;
    struct host_self self;
    host_read_self(arena, &self);
    const char **names = arena_array(arena, 1, sizeof(*names));
    names[0] = self.user;
    filter->users = names;
    filter->user_count = 1;
}

static struct filter make_filter(const struct nvitop_settings *settings, struct arena *arena)
{
    struct filter filter = { .is_compute = settings->is_compute,
                             .is_only_compute = settings->is_only_compute,
                             .is_graphics = settings->is_graphics,
                             .is_only_graphics = settings->is_only_graphics };
    filter_users(settings, arena, &filter);
    if (settings->has_pids) {
        filter.pids = settings->pids;
        filter.pid_count = settings->pid_count;
    }
    return filter;
}

static struct view_options make_view(const struct nvitop_settings *settings, const char *version)
{
    return (struct view_options){
        .columns = terminal_columns(TERMINAL_COLUMNS_DEFAULT),
        .is_ascii = settings->is_ascii || !utf8_has_locale(),
        .is_colourful = settings->is_colourful,
        .is_light = settings->is_light,
        .hidden_columns = settings->hidden_columns,
        .gpu_thresholds = { settings->gpu_thresholds[0], settings->gpu_thresholds[1] },
        .memory_thresholds = { settings->memory_thresholds[0], settings->memory_thresholds[1] },
        .version = version,
    };
}

/* What is shown is asked for, and nothing else. */
static void choose_metrics(const struct data *data, const struct view_options *view,
                           struct sampler_options *options)
{
    if (!data->is_wanted) {
        report_metrics(view, &options->metrics);
        return;
    }
    query_wanted(&data->query, &options->metrics);
    options->has_processes &= query_needs_processes(&data->query);
    options->has_workloads = query_needs_workloads(&data->query);
}

/* What the options point to lives in `arena` or in the settings. */
static void make_options(const struct nvitop_settings *settings, struct arena *arena,
                         struct sampler_options *ret_options)
{
    *ret_options = (struct sampler_options){ .nvml_path = settings->source.nvml_path,
                                             .has_processes = !settings->is_no_processes,
                                             .filter = make_filter(settings, arena),
                                             .procfs = settings->source.procfs,
                                             .is_no_wake = settings->is_no_wake,
                                             .has_only = settings->has_only,
                                             .only = settings->only,
                                             .only_count = settings->only_count,
                                             .is_only_visible = settings->is_only_visible,
                                             .visible = environment_get("CUDA_VISIBLE_DEVICES") };
    char *helper = settings->is_only_visible ? locate_helper("nvitop-cuda-order") : NULL;
    ret_options->cuda_helper = helper ? arena_strdup(arena, helper) : NULL;
    free(helper);
}

static bool wants_monitor(const struct showing *showing)
{
    const struct nvitop_settings *settings = showing->settings;
    bool is_for_programs = showing->data->is_wanted;
    return !settings->is_once && !is_for_programs &&
           (settings->is_monitor || settings->is_monitor_always);
}

static void show_once(const struct showing *showing, bool *ret_is_stuck)
{
    struct source *source;
    if (!once_open(showing, &source))
        return;
    once_take(showing, source);
    /* Closing may take a while: who reads the report does not wait for it. */
    messages_write(showing->messages);
    *ret_is_stuck |= !source_close(source, clock_mono_ns() + CLOSE_S * CLOCK_NS_PER_S);
}

/* Returns the exit status. */
static int show(const struct showing *showing, bool *ret_is_stuck)
{
    const struct nvitop_settings *settings = showing->settings;
    int ended_by = 0;
    if (settings->is_monitor && !term_is_there())
        message_add(showing->messages, MESSAGE_ERROR,
                    "You must run monitor mode from a TTY terminal.");
    bool is_shown =
        wants_monitor(showing) && term_is_there() && monitor_run(showing, &ended_by, ret_is_stuck);
    if (settings->is_loop)
        loop_run(showing, &ended_by, ret_is_stuck);
    else if (!is_shown)
        show_once(showing, ret_is_stuck);
    int status = messages_flush(showing->messages);
    return ended_by ? EXIT_BY_SIGNAL + ended_by : status;
}

static int list_metrics(const struct nvitop_settings *settings)
{
    struct str text = { 0 };
    int columns = isatty(STDOUT_FILENO) ? terminal_columns(TERMINAL_COLUMNS_DEFAULT) : 0;
    data_list(settings, columns, &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
    return EXIT_SUCCESS;
}

int nvitop_run(const struct nvitop_settings *settings, const char *version, bool *ret_is_stuck)
{
    *ret_is_stuck = false;
    if (settings->is_list_metrics)
        return list_metrics(settings);
    struct messages messages = { .is_colour = terminal_has_colour(STDERR_FILENO,
                                                                  settings->is_force_colour) };
    struct view_options view = make_view(settings, version);
    struct arena arena = { 0 };
    struct sampler_options options;
    struct data data;
    data_init(settings, version, &data);
    make_options(settings, &arena, &options);
    choose_metrics(&data, &view, &options);
    struct showing showing = { &messages, settings, &view, &options, &data };
    int status = show(&showing, ret_is_stuck);
    arena_done(&arena);
    return status;
}
