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
#include "cmd/locate.h"
#include "cmd/message.h"
#include "cmd/options.h"
#include "cmd/terminal.h"
#include "cmd/watch.h"
#include "core/driver.h"
#include "core/sampler.h"
#include "core/snapshot.h"
#include "host/host.h"
#include "view/frame.h"
#include "view/report.h"

enum { INIT_S = 30, NOTICE_S = 3 };

static void say_waiting(void *arg)
{
    (void)arg;
    fprintf(stderr, "nvitop: waiting for the driver (up to %d s)\n", INIT_S);
}

static struct patience patience_from_now(void)
{
    uint64_t now = clock_mono_ns();
    return (struct patience){ .deadline_ns = now + INIT_S * CLOCK_NS_PER_S,
                              .notice_ns = now + NOTICE_S * CLOCK_NS_PER_S,
                              .notice = say_waiting };
}

/* ---- why the driver could not be opened ---- */

static const struct {
    int status;
    const char *hint;
} hints[] = {
    { NVITOP_ENOLIB, "Is an NVIDIA driver installed? Without a GPU, try `nvitop --demo`." },
    { NVITOP_ENODRIVER, "The kernel module is not loaded: see `lsmod | grep nvidia` and "
                        "`dmesg`. Without a GPU, try `nvitop --demo`." },
    { NVITOP_EVERSION, "The driver was updated while loaded: reboot, or reload the nvidia kernel "
                       "modules. Meanwhile, `nvitop --demo` shows how it looks." },
    { NVITOP_EPERM, "Check the access rights of /dev/nvidia* and your container's device rules. "
                    "`nvitop --demo` needs none." },
    { NVITOP_ETIMEOUT, "A GPU or the driver hangs: see `dmesg`. `nvitop --demo` needs no driver." },
};

static const char *hint_for(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(hints); i++)
        if (hints[i].status == status)
            return hints[i].hint;
    return "See `dmesg` for what the driver says. `nvitop --demo` needs no driver.";
}

static void explain_failure(struct messages *messages, const struct nvml_failure *failure,
                            const char *nvml_path)
{
    if (failure->status == NVITOP_ENOLIB)
        message_add(messages, MESSAGE_FATAL, "NVIDIA Management Library (NVML) not found.");
    else if (failure->status == NVITOP_ETIMEOUT)
        message_add(messages, MESSAGE_NVML, "No answer from the driver for %d s.", INIT_S);
    else
        message_add(messages, MESSAGE_NVML, "%s", failure->text);
    if (failure->status == NVITOP_ENOLIB && nvml_path)
        message_add(messages, MESSAGE_HINT,
                    "The library that --nvml or NVITOP_NVML names cannot be used: %s. "
                    "Without a GPU, try `nvitop --demo`.",
                    failure->text);
    else
        message_add(messages, MESSAGE_HINT, "%s", hint_for(failure->status));
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

static const char *current_user(struct arena *arena)
{
    struct host_self self;
    host_read_self(arena, &self);
    return self.user;
}

static struct filter make_filter(const struct nvitop_settings *settings, const char *const *self)
{
    struct filter filter = { .is_compute = settings->is_compute,
                             .is_only_compute = settings->is_only_compute,
                             .is_graphics = settings->is_graphics,
                             .is_only_graphics = settings->is_only_graphics };
    if (settings->has_users) {
        filter.users = settings->user_count ? (const char *const *)settings->users : self;
        filter.user_count = settings->user_count ? settings->user_count : 1;
    }
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
        .is_ascii = settings->is_ascii || !terminal_is_utf8(),
        .is_colourful = settings->is_colourful,
        .is_light = settings->is_light,
        .gpu_thresholds = { settings->gpu_thresholds[0], settings->gpu_thresholds[1] },
        .memory_thresholds = { settings->memory_thresholds[0], settings->memory_thresholds[1] },
        .version = version,
    };
}

static struct sampler_options make_options(const struct nvitop_settings *settings,
                                           const struct view_options *view, const char *const *self,
                                           char **ret_helper)
{
    struct sampler_options options = { .has_processes = !settings->is_no_processes,
                                       .filter = make_filter(settings, self),
                                       .procfs = settings->procfs,
                                       .is_no_wake = settings->is_no_wake,
                                       .has_only = settings->has_only,
                                       .only = settings->only,
                                       .only_count = settings->only_count,
                                       .is_only_visible = settings->is_only_visible,
                                       .visible = getenv("CUDA_VISIBLE_DEVICES") };
    *ret_helper = settings->is_only_visible ? locate_helper("nvitop-cuda-order") : NULL;
    options.cuda_helper = *ret_helper;
    report_metrics(view, &options.metrics);
    return options;
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

static void report(struct messages *messages, const struct driver *driver,
                   const struct nvitop_settings *settings, const char *version,
                   struct patience *patience, bool *ret_is_stuck)
{
    struct view_options view = make_view(settings, version);
    struct arena arena = { 0 };
    bool is_self_asked = settings->has_users && !settings->user_count;
    const char *self[] = { is_self_asked ? current_user(&arena) : NULL };
    char *helper;
    struct sampler_options options = make_options(settings, &view, self, &helper);
    struct snapshot *snapshot;
    int status = sampler_once(driver, &options, patience, ret_is_stuck, &snapshot);
    free(helper);
    arena_done(&arena);
    if (status < 0) {
        message_add(messages, MESSAGE_ERROR,
                    "No process file system at `%s`: expected a mounted "
                    "/proc (see --procfs).",
                    settings->procfs ? settings->procfs : "/proc");
        return;
    }
    print_report(messages, snapshot, &view,
                 terminal_has_colour(STDOUT_FILENO, settings->is_force_colour));
    snapshot_unref(snapshot);
    check_indices(messages, settings, driver->device_count);
    if (!nvml_has_process_symbols(driver->nvml))
        message_add(messages, MESSAGE_WARNING,
                    "This driver has no process lists: no processes can be shown.");
}

int nvitop_run(const struct nvitop_settings *settings, const char *version, int *ret_is_stuck)
{
    struct messages messages = { .is_colour = terminal_has_colour(STDERR_FILENO,
                                                                  settings->is_force_colour) };
    struct patience patience = patience_from_now();
    struct driver *driver;
    struct nvml_failure failure;
    bool is_stuck = false;
    int status = driver_open(settings->nvml_path, &patience, &driver, &failure);
    if (status < 0) {
        explain_failure(&messages, &failure, settings->nvml_path);
        *ret_is_stuck = status == NVITOP_ETIMEOUT;
        return messages_flush(&messages);
    }
    report(&messages, driver, settings, version, &patience, &is_stuck);
    explain_mode(&messages, settings);
    if (watch_is_grandparent())
        message_add(&messages, MESSAGE_HINT,
                    "This runs under `watch`. `nvitop -m` refreshes by "
                    "itself.");
    driver_close(driver, is_stuck, clock_mono_ns() + NOTICE_S * CLOCK_NS_PER_S);
    *ret_is_stuck = is_stuck;
    return messages_flush(&messages);
}
