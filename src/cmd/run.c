/*
 * The flow of a single report: driver → snapshot → frame → text. Nothing is written to stdout
 * before everything is known, so a failure leaves no half report.
 */
#include "cmd/run.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/locate.h"
#include "cmd/message.h"
#include "cmd/options.h"
#include "cmd/terminal.h"
#include "cmd/trouble.h"
#include "cmd/watch.h"
#include "core/sampler.h"
#include "core/snapshot.h"
#include "host/host.h"
#include "view/frame.h"
#include "view/report.h"

enum { CLOSE_S = 1 };

static void say_waiting(void *arg)
{
    (void)arg;
    fprintf(stderr, "nvitop: waiting for the driver (up to %d s)\n", TROUBLE_INIT_S);
}

static struct patience patience_from_now(void)
{
    uint64_t now = clock_mono_ns();
    return (struct patience){ .deadline_ns = now + TROUBLE_INIT_S * CLOCK_NS_PER_S,
                              .notice_ns = now + TROUBLE_NOTICE_S * CLOCK_NS_PER_S,
                              .notice = say_waiting };
}

/* ---- what was asked for ---- */

static void check_indices(struct messages *messages, const struct nvitop_settings *settings,
                          unsigned device_count)
{
    struct str list = { 0 };
    size_t count = 0;
    for (size_t i = 0; settings->has_only && i < settings->only_count; i++)
        if (settings->only[i] < 0 || settings->only[i] >= (int64_t)device_count)
            str_printf(&list, "%s%lld", count++ ? ", " : "", (long long)settings->only[i]);
    if (count == 1)
        message_add(messages, MESSAGE_ERROR, "Invalid device index: %s.", str_text(&list));
    else if (count)
        message_add(messages, MESSAGE_ERROR, "Invalid device indices: [%s].", str_text(&list));
    str_done(&list);
}

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
        .gpu_thresholds = { settings->gpu_thresholds[0], settings->gpu_thresholds[1] },
        .memory_thresholds = { settings->memory_thresholds[0], settings->memory_thresholds[1] },
        .version = version,
    };
}

/* What the options point to lives in `arena` or in the settings. */
static void make_options(const struct nvitop_settings *settings, const struct view_options *view,
                         struct arena *arena, struct sampler_options *ret_options)
{
    *ret_options = (struct sampler_options){ .nvml_path = settings->nvml_path,
                                             .has_processes = !settings->is_no_processes,
                                             .filter = make_filter(settings, arena),
                                             .procfs = settings->procfs,
                                             .is_no_wake = settings->is_no_wake,
                                             .has_only = settings->has_only,
                                             .only = settings->only,
                                             .only_count = settings->only_count,
                                             .is_only_visible = settings->is_only_visible,
                                             .visible = getenv("CUDA_VISIBLE_DEVICES") };
    report_metrics(view, &ret_options->metrics);
    char *helper = settings->is_only_visible ? locate_helper("nvitop-cuda-order") : NULL;
    ret_options->cuda_helper = helper ? arena_strdup(arena, helper) : NULL;
    free(helper);
}

/* ---- the report ---- */

static void write_all(struct messages *messages, const char *text, size_t len)
{
    while (len) {
        ssize_t put = write(STDOUT_FILENO, text, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            message_add(messages, MESSAGE_ERROR, "Cannot write the report: %s.", strerror(errno));
            return;
        }
        text += put;
        len -= (size_t)put;
    }
}

static void print_report(struct messages *messages, const struct snapshot *snapshot,
                         const struct view_options *view, bool is_colour)
{
    struct frame *frame = report_draw(snapshot, view);
    struct str text = { 0 };
    frame_write(frame, is_colour ? FRAME_ANSI : FRAME_PLAIN, &text);
    write_all(messages, str_text(&text), text.len);
    str_done(&text);
    frame_free(frame);
}

static bool is_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void explain_mode(struct messages *messages, const struct nvitop_settings *settings)
{
    if (settings->is_once)
        return;
    if (!is_terminal()) {
        if (settings->is_monitor)
            message_add(messages, MESSAGE_ERROR, "You must run monitor mode from a TTY terminal.");
        return;
    }
    if (settings->is_monitor || settings->is_monitor_always)
        message_add(messages, MESSAGE_HINT,
                    "The monitor is not built yet; this is the report of `nvitop -1`.");
}

static void report(struct messages *messages, const struct snapshot *snapshot,
                   const struct nvitop_settings *settings, const struct view_options *view)
{
    print_report(messages, snapshot, view,
                 terminal_has_colour(STDOUT_FILENO, settings->is_force_colour));
    check_indices(messages, settings, snapshot->driver_device_count);
    if (!snapshot->has_process_lists)
        message_add(messages, MESSAGE_WARNING,
                    "This driver has no process lists: no processes can be shown.");
    explain_mode(messages, settings);
    if (watch_is_grandparent())
        message_add(messages, MESSAGE_HINT,
                    "This runs under `watch`. `nvitop -m` refreshes by itself.");
}

/* One snapshot of the source and its report. The messages are out before the source is closed,
 * which may take its time. Returns the exit status. */
static int run_once(struct messages *messages, struct source *source,
                    const struct nvitop_settings *settings, const struct view_options *view)
{
    struct patience patience = patience_from_now();
    struct nvml_failure failure;
    struct snapshot *snapshot;
    if (source_take(source, &patience, &snapshot, &failure) < 0) {
        trouble_explain(messages, &failure, settings->nvml_path);
    } else {
        report(messages, snapshot, settings, view);
        snapshot_unref(snapshot);
    }
    return messages_flush(messages);
}

int nvitop_run(const struct nvitop_settings *settings, const char *version, bool *ret_is_stuck)
{
    struct messages messages = { .is_colour = terminal_has_colour(STDERR_FILENO,
                                                                  settings->is_force_colour) };
    struct view_options view = make_view(settings, version);
    struct arena arena = { 0 };
    struct sampler_options options;
    make_options(settings, &view, &arena, &options);
    struct source *source;
    int status;
    *ret_is_stuck = false;
    if (sampler_open(&options, &source) < 0) {
        message_add(&messages, MESSAGE_ERROR,
                    "No process file system at `%s`: expected a mounted /proc (see --procfs).",
                    settings->procfs ? settings->procfs : "/proc");
        status = messages_flush(&messages);
    } else {
        status = run_once(&messages, source, settings, &view);
        *ret_is_stuck = !source_close(source, clock_mono_ns() + CLOSE_S * CLOCK_NS_PER_S);
    }
    arena_done(&arena);
    return status;
}
