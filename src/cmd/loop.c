/*
 * The loop of --loop. It waits at once for the source, for signals and for the reader. One
 * snapshot at most is kept for the reader, the newest; whoever reads slowly misses those between.
 *
 * A line is a look at everything. What comes a little late, a command line above all, is waited
 * for a moment, and what comes later is in the next line.
 */
#include "cmd/loop.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/await.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/signal_number.h"
#include "cmd/data.h"
#include "cmd/message.h"
#include "cmd/once.h"
#include "cmd/options.h"
#include "cmd/outlet.h"
#include "cmd/showing.h"
#include "cmd/trouble.h"
#include "core/sampler_options.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "nvml/nvml.h"
#include "tui/term_signals.h"

enum { FIRST_MS = 1000, LATE_MS = 250, FINISH_MS = 500, CLOSE_MS = 200, FOREVER_MS = 60000 };

struct loop {
    const struct showing *showing;
    struct source *source;
    struct term_signals *signals;
    struct outlet outlet;
    struct snapshot *next; /* not written yet; NULL: none */
    uint64_t ready_ns;     /* when it is written whatever may still come */
    uint64_t look;         /* of the newest that was written or passed over */
    uint64_t written_ns;   /* mono_ns of the newest that was written; 0: none */
    uint64_t notice_ns;    /* 0: it was said, or need not be */
    int signal;
    bool is_ending;
};

/* ---- what is to be written ---- */

static bool has_late_commands(const struct loop *loop, const struct snapshot *snapshot)
{
    if (!query_has(&loop->showing->data->query, metric_by_id(NVITOP_PROC_COMMAND)))
        return false;
    for (size_t i = 0; i < snapshot->process_count; i++) {
        struct value command = snapshot_process_value(&snapshot->processes[i], NVITOP_PROC_COMMAND);
        if (value_is_na(command) && command.why == NVITOP_WHY_NO_SAMPLE)
            return true;
    }
    return false;
}

/* Calls that block are made beside the look, and nobody waits for them but the first line. */
static bool has_late_values(const struct loop *loop, const struct snapshot_device *device)
{
    const struct query *query = &loop->showing->data->query;
    for (size_t i = 0; i < query->count; i++) {
        const struct metric *metric = query->metrics[i];
        if (!query_is_blocking(metric))
            continue;
        struct value value = snapshot_device_value(device, metric->id);
        if (value_is_na(value) && value.why == NVITOP_WHY_NO_SAMPLE)
            return true;
    }
    return false;
}

/* A first snapshot may come before the GPUs have answered or been chosen. */
static bool has_late_devices(const struct loop *loop, const struct snapshot *snapshot)
{
    bool is_choosing = loop->showing->options->is_only_visible && !snapshot->device_count;
    bool is_any = snapshot->is_gathering || (is_choosing && snapshot->driver_device_count);
    for (size_t i = 0; i < snapshot->device_count; i++)
        is_any |= snapshot->devices[i].condition == DEVICE_WAITING ||
                  has_late_values(loop, &snapshot->devices[i]);
    return is_any;
}

static bool is_complete(const struct loop *loop, const struct snapshot *snapshot)
{
    return !has_late_commands(loop, snapshot) &&
           (loop->written_ns || !has_late_devices(loop, snapshot));
}

static unsigned period_ms(const struct showing *showing)
{
    return clock_period_ms(showing->settings->interval);
}

static uint64_t period_ns(const struct loop *loop)
{
    return period_ms(loop->showing) * CLOCK_NS_PER_MS;
}

static uint64_t patience_ns(const struct loop *loop)
{
    uint64_t late = MIN_OF(period_ns(loop) / 4, LATE_MS * CLOCK_NS_PER_MS);
    return loop->written_ns ? late : FIRST_MS * CLOCK_NS_PER_MS;
}

/* Before the driver has answered there is nothing to tell; and a look that was begun right after
 * another one, as the first is at any time, is not worth a line. */
static bool is_passed_over(const struct loop *loop, const struct snapshot *snapshot)
{
    return snapshot->driver_state == DRIVER_WAITING ||
           (loop->written_ns && snapshot->mono_ns - loop->written_ns < period_ns(loop) / 2);
}

static void take_snapshot(struct loop *loop)
{
    struct snapshot *snapshot = source_latest(loop->source);
    bool is_news = snapshot && snapshot->look != loop->look;
    if (is_news && is_passed_over(loop, snapshot)) {
        loop->look = snapshot->look;
        is_news = false;
    }
    if (!is_news) {
        snapshot_unref(snapshot);
        return;
    }
    if (!loop->next || loop->next->look != snapshot->look)
        loop->ready_ns = clock_mono_ns() + patience_ns(loop);
    snapshot_unref(loop->next);
    loop->next = snapshot;
}

static bool is_ready(const struct loop *loop)
{
    return loop->next && (clock_mono_ns() >= loop->ready_ns || is_complete(loop, loop->next));
}

static void put_line(struct loop *loop)
{
    struct str lines = { 0 };
    bool is_first = !loop->written_ns;
    data_write(loop->showing->data, loop->next, is_first, &lines);
    outlet_put(&loop->outlet, &lines);
    if (is_first) {
        once_check(loop->showing, loop->next);
        messages_write(loop->showing->messages);
    }
    loop->look = loop->next->look;
    loop->written_ns = loop->next->mono_ns;
    snapshot_unref(loop->next);
    loop->next = NULL;
}

/* ---- the reader ---- */

static void end_by(struct loop *loop, int signal)
{
    loop->signal = signal;
    loop->is_ending = true;
}

static void see_to_reader(struct loop *loop, unsigned seen)
{
    switch (outlet_go_on(&loop->outlet, seen)) {
    case OUTLET_READY:
        if ((seen & AWAIT_WRITE) && is_ready(loop))
            put_line(loop);
        break;
    case OUTLET_BUSY: break;
    case OUTLET_GONE: end_by(loop, SIGNAL_PIPE); break;
    case OUTLET_ERROR:
        message_add(loop->showing->messages, MESSAGE_ERROR, "Cannot write the output: %s.",
                    strerror(errno));
        loop->is_ending = true;
        break;
    }
}

/* ---- signals and the driver ---- */

static void take_signals(struct loop *loop)
{
    int signal;
    while ((signal = term_signals_next(loop->signals)))
        if (signal == SIGNAL_TSTP)
            term_signals_stop(loop->signals);
        else if (signal != SIGNAL_WINCH && signal != SIGNAL_CONT)
            end_by(loop, signal);
}

static void check_opening(struct loop *loop)
{
    struct nvml_failure failure;
    int status = source_opening(loop->source, &failure);
    if (status != 1)
        loop->notice_ns = 0;
    if (loop->notice_ns && clock_mono_ns() >= loop->notice_ns) {
        trouble_waiting();
        loop->notice_ns = 0;
    }
    if (status >= 0)
        return;
    trouble_explain(loop->showing->messages, &failure, loop->showing->settings->source.nvml_path);
    loop->is_ending = true;
}

/* ---- the loop ---- */

/* Milliseconds until something is due that no descriptor tells. */
static int wait_ms(const struct loop *loop)
{
    uint64_t now = clock_mono_ns(), due = now + FOREVER_MS * CLOCK_NS_PER_MS;
    if (loop->next && loop->ready_ns > now)
        due = MIN_OF(due, loop->ready_ns);
    if (loop->notice_ns)
        due = MIN_OF(due, MAX_OF(loop->notice_ns, now));
    return (int)((due - now + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS);
}

static void run(struct loop *loop)
{
    while (!loop->is_ending) {
        struct awaited things[] = {
            { .fd = loop->outlet.fd, .wanted = outlet_wants(&loop->outlet, is_ready(loop)) },
            { .fd = term_signals_fd(loop->signals), .wanted = AWAIT_READ },
            { .fd = source_wake_fd(loop->source), .wanted = AWAIT_READ },
        };
        await(things, ARRAY_LEN(things), wait_ms(loop));
        if (things[2].seen)
            take_snapshot(loop);
        check_opening(loop);
        see_to_reader(loop, things[0].seen);
        take_signals(loop);
    }
    outlet_finish(&loop->outlet, clock_mono_ns() + FINISH_MS * CLOCK_NS_PER_MS);
}

static struct source_demand make_demand(const struct showing *showing)
{
    return (struct source_demand){ .metrics = showing->options->metrics,
                                   .has_processes = showing->options->has_processes,
                                   .has_workloads = showing->options->has_workloads,
                                   .device_ms = period_ms(showing),
                                   .process_ms = period_ms(showing) };
}

void loop_run(const struct showing *showing, int *ret_signal, bool *ret_is_stuck)
{
    struct loop loop = { .showing = showing,
                         .notice_ns = clock_mono_ns() + TROUBLE_NOTICE_S * CLOCK_NS_PER_S };
    struct source_demand demand = make_demand(showing);
    if (!once_open(showing, &loop.source))
        return;
    if (term_signals_open(&loop.signals) < 0 || source_start(loop.source, &demand) < 0) {
        message_add(showing->messages, MESSAGE_ERROR, "The system gives no thread or descriptor.");
    } else {
        outlet_open(&loop.outlet);
        run(&loop);
        outlet_close(&loop.outlet);
    }
    *ret_is_stuck |= !source_close(loop.source, clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS);
    snapshot_unref(loop.next);
    term_signals_close(loop.signals);
    *ret_signal = loop.signal;
}
