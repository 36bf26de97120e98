/*
 * The loop sleeps until the source has something new or the time is up; it never asks the driver.
 * Nothing is chosen before every device has been looked at once: the first to answer need not be
 * the best. A driver that goes away while we wait is opened again by the source; its devices keep
 * no constraint in the meantime.
 *
 * Signals have their usual meaning, so Ctrl-C ends it at once.
 */
#include "cmd/nvisel_wait.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/await.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/units.h"
#include "cmd/nvisel_choose.h"
#include "cmd/options_nvisel.h"
#include "core/sampler_options.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "nvml/nvml.h"

enum {
    PERIOD_MAX_MS = 1000,
    PERIOD_MIN_MS = 250,
    LOOKS = 4,        /* at least so many in the time of --sustain, where the least period allows */
    FIRST_LOOK_S = 3, /* what a device may take for its first answer once the time is up … */
    WAKE_S = 33,      /* … and before: as in a report, to be looked up and to be read */
    AWAIT_MS = 1000,
};

struct waiting {
    struct chooser *chooser;
    const struct nvisel_settings *settings;
    struct source *source;
    struct source_demand demand;
    struct choice choice; /* the newest */
    bool has_choice;
    uint64_t start_ns, end_ns;
    uint64_t opened_ns;     /* when the driver was found open; 0: not yet */
    uint64_t first_look_ns; /* the first look at everything; 0: not yet */
    uint64_t seen_ns;       /* the newest snapshot */
    bool has_warned, has_progress;
};

/* ---- telling ---- */

static bool has_progress_line(void)
{
    const char *term = environment_get("TERM");
    return isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

static void wipe_progress(struct waiting *waiting)
{
    if (waiting->has_progress)
        fputs("\r\033[K", stderr);
    waiting->has_progress = false;
}

static void tell_progress(struct waiting *waiting)
{
    if (!has_progress_line())
        return;
    char elapsed[UNITS_TEXT_SIZE];
    uint64_t now_ns = clock_mono_ns();
    units_seconds((double)(now_ns - waiting->start_ns) / 1e9, UNITS_DAYS_FROM, elapsed);
    fprintf(stderr, "\rnvisel: %s, ", elapsed);
    if (!waiting->has_choice)
        fputs("waiting for the driver", stderr);
    else if (waiting->choice.snapshot->driver_state == DRIVER_FAILED)
        fputs("the driver is gone", stderr);
    else
        fprintf(stderr, "%zu of %zu devices found", waiting->choice.selection.taken_count,
                choice_needs(waiting->chooser));
    fputs("\033[K", stderr);
    waiting->has_progress = true;
}

/* Once, if no patience will help: there are not so many devices. */
static void warn_of_too_few(struct waiting *waiting)
{
    const struct selection *selection = &waiting->choice.selection;
    size_t needs = choice_needs(waiting->chooser), there = 0;
    for (size_t i = 0; i < selection->count; i++)
        there += selection->verdicts[i].fate != SELECT_INVISIBLE;
    if (!waiting->settings->is_waiting || waiting->has_warned || there >= needs)
        return;
    wipe_progress(waiting);
    fprintf(stderr, "nvisel: warning: waiting for %zu device%s, but there %s %zu.\n", needs,
            needs == 1 ? "" : "s", there == 1 ? "is" : "are", there);
    waiting->has_warned = true;
}

/* ---- looking ---- */

/* Every device has said something, or is known to be silent; so have the process lists, if they
 * are needed and there is anybody to give one. */
static bool is_whole(const struct waiting *waiting, const struct snapshot *snapshot)
{
    bool has_lists = snapshot->has_processes && !snapshot->is_gathering;
    bool is_whole = true, is_any_well = false;
    for (size_t i = 0; i < snapshot->device_count; i++) {
        is_whole &= !select_is_unasked(&snapshot->devices[i]);
        is_any_well |= snapshot->devices[i].condition == DEVICE_OK;
    }
    return is_whole && (has_lists || !is_any_well || !waiting->demand.has_processes);
}

static bool is_worth_a_look(const struct waiting *waiting, const struct snapshot *snapshot,
                            uint64_t now_ns)
{
    if (!snapshot || snapshot->driver_state == DRIVER_WAITING)
        return false;
    uint64_t patience_s = now_ns >= waiting->end_ns ? FIRST_LOOK_S : WAKE_S;
    bool is_late = now_ns >= waiting->opened_ns + patience_s * CLOCK_NS_PER_S;
    return waiting->first_look_ns || is_late || is_whole(waiting, snapshot);
}

/* What is used of unified memory is known from the processes alone: then they are asked for, and
 * this is not the first look yet. */
static void see_to_unified(struct waiting *waiting, const struct snapshot *snapshot)
{
    if (waiting->demand.has_processes || !select_wants_processes(snapshot))
        return;
    waiting->demand.has_processes = true;
    source_demand(waiting->source, &waiting->demand);
}

static void look(struct waiting *waiting, struct snapshot *snapshot)
{
    struct choice choice;
    if (waiting->seen_ns == snapshot->mono_ns)
        return;
    waiting->seen_ns = snapshot->mono_ns;
    if (!waiting->first_look_ns)
        waiting->first_look_ns = snapshot->mono_ns;
    choose(waiting->chooser, snapshot, &choice);
    choice_done(&waiting->choice);
    waiting->choice = choice;
    waiting->has_choice = true;
    warn_of_too_few(waiting);
}

/* ---- when to stop ---- */

static bool is_over(const struct waiting *waiting, uint64_t now_ns)
{
    if (!waiting->has_choice)
        return false;
    if (waiting->settings->is_waiting)
        return choice_is_good(waiting->chooser, &waiting->choice) || now_ns >= waiting->end_ns;
    uint64_t enough_ns = clock_span_ns(waiting->settings->sustain_s);
    return waiting->seen_ns - waiting->first_look_ns >= enough_ns;
}

static int await_ms(const struct waiting *waiting, uint64_t now_ns)
{
    uint64_t left_ms =
        now_ns < waiting->end_ns ? (waiting->end_ns - now_ns) / CLOCK_NS_PER_MS + 1 : AWAIT_MS;
    return (int)MIN_OF(left_ms, (uint64_t)AWAIT_MS);
}

static void sleep_until_news(const struct waiting *waiting)
{
    struct awaited news = { .fd = source_wake_fd(waiting->source), .wanted = AWAIT_READ };
    await(&news, 1, await_ms(waiting, clock_mono_ns()));
}

static int watch(struct waiting *waiting, struct nvml_failure *ret_failure)
{
    for (;;) {
        sleep_until_news(waiting);
        struct snapshot *snapshot = source_latest(waiting->source);
        int status = source_opening(waiting->source, ret_failure);
        uint64_t now_ns = clock_mono_ns();
        if (status == NVITOP_OK && !waiting->opened_ns)
            waiting->opened_ns = now_ns;
        if (snapshot)
            see_to_unified(waiting, snapshot);
        if (waiting->opened_ns && is_worth_a_look(waiting, snapshot, now_ns))
            look(waiting, snapshot);
        snapshot_unref(snapshot);
        if (status < 0 || is_over(waiting, now_ns))
            return MIN_OF(status, NVITOP_OK);
        tell_progress(waiting);
    }
}

static unsigned period_ms(const struct nvisel_settings *settings)
{
    double ms = settings->sustain_s > 0 ? settings->sustain_s * 1e3 / LOOKS : PERIOD_MAX_MS;
    return (unsigned)MAX_OF(MIN_OF(ms, PERIOD_MAX_MS), PERIOD_MIN_MS);
}

static uint64_t end_of_waiting(const struct nvisel_settings *settings, uint64_t start_ns)
{
    return start_ns + clock_span_ns(settings->has_timeout ? settings->timeout_s : INFINITY);
}

int nvisel_wait(struct chooser *chooser, struct source *source,
                const struct sampler_options *options, struct choice *ret_choice,
                struct nvml_failure *ret_failure)
{
    unsigned period = period_ms(chooser->settings);
    struct waiting waiting = { .chooser = chooser,
                               .settings = chooser->settings,
                               .source = source,
                               .demand = { .metrics = options->metrics,
                                           .has_processes = options->has_processes,
                                           .device_ms = period,
                                           .process_ms = period },
                               .start_ns = clock_mono_ns() };
    waiting.end_ns = end_of_waiting(chooser->settings, waiting.start_ns);
    int status = source_start(source, &waiting.demand);
    if (status == NVITOP_OK)
        status = watch(&waiting, ret_failure);
    else
        *ret_failure = (struct nvml_failure){ .status = status };
    wipe_progress(&waiting);
    if (status == NVITOP_OK)
        *ret_choice = waiting.choice;
    else
        choice_done(&waiting.choice);
    return status;
}
