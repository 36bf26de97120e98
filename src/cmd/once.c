/*
 * The report: everything is known before anything is written, so a failure leaves no half report.
 * Messages are kept until it is out.
 */
#include "cmd/once.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/str.h"
#include "cmd/data.h"
#include "cmd/message.h"
#include "cmd/options.h"
#include "cmd/showing.h"
#include "cmd/terminal.h"
#include "cmd/trouble.h"
#include "cmd/watch.h"
#include "core/driver.h"
#include "core/sampler.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "nvml/nvml.h"
#include "view/frame.h"
#include "view/report.h"

static void say_waiting(void *arg)
{
    (void)arg;
    trouble_waiting();
}

static struct patience patience_from_now(void)
{
    uint64_t now = clock_mono_ns();
    return (struct patience){ .deadline_ns = now + TROUBLE_INIT_S * CLOCK_NS_PER_S,
                              .notice_ns = now + TROUBLE_NOTICE_S * CLOCK_NS_PER_S,
                              .notice = say_waiting };
}

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

static void write_all(struct messages *messages, const char *text, size_t len)
{
    int why = descriptors_write(STDOUT_FILENO, text, len);
    if (why)
        message_add(messages, MESSAGE_ERROR, "Cannot write the report: %s.", strerror(why));
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

static void print_data(const struct showing *showing, const struct snapshot *snapshot)
{
    struct str text = { 0 };
    data_write(showing->data, snapshot, true, &text);
    write_all(showing->messages, str_text(&text), text.len);
    str_done(&text);
    once_check(showing, snapshot);
}

bool once_open(const struct showing *showing, struct source **ret_source)
{
    const char *procfs = showing->settings->source.procfs;
    if (sampler_open(showing->options, ret_source) >= 0)
        return true;
    message_add(showing->messages, MESSAGE_ERROR,
                "No process file system at `%s`: expected a mounted /proc (see --procfs).",
                procfs ? procfs : "/proc");
    return false;
}

void once_check(const struct showing *showing, const struct snapshot *snapshot)
{
    check_indices(showing->messages, showing->settings, snapshot->driver_device_count);
    if (!snapshot->has_process_lists && showing->options->has_processes)
        message_add(showing->messages, MESSAGE_WARNING,
                    "This driver has no process lists: no processes can be shown.");
}

void once_report(const struct showing *showing, const struct snapshot *snapshot,
                 const struct view_options *view)
{
    struct messages *messages = showing->messages;
    print_report(messages, snapshot, view,
                 terminal_has_colour(STDOUT_FILENO, showing->settings->is_force_colour));
    once_check(showing, snapshot);
    if (watch_is_grandparent())
        message_add(messages, MESSAGE_HINT,
                    "This runs under `watch`. `nvitop -m` refreshes by itself.");
}

void once_take(const struct showing *showing, struct source *source)
{
    struct patience patience = patience_from_now();
    struct nvml_failure failure;
    struct snapshot *snapshot;
    if (source_take(source, &patience, &snapshot, &failure) < 0) {
        trouble_explain(showing->messages, &failure, showing->settings->source.nvml_path);
        return;
    }
    if (showing->data->is_wanted)
        print_data(showing, snapshot);
    else
        once_report(showing, snapshot, showing->view);
    snapshot_unref(snapshot);
}
