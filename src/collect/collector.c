/*
 * Windows under a lock, a sampler while one is open, and whoever takes a sample.
 *
 * A sample is taken without the lock and added with it; several may be on their way at once. A
 * sampler has a structure of its own, which it shares with the collector: once `is_over` stands
 * there, it calls the source no more and adds nothing, however late it comes back. The collector
 * itself goes when the last of its holders, the user and the samplers, lets go of it.
 */
#include "collect/collector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "collect/given.h"
#include "collect/sample.h"
#include "collect/window.h"
#include "core/lock.h"
#include "core/periodic.h"
#include "core/snapshot.h"

/* If no sample came for so many intervals and so many seconds, the program or the machine stood
 * still: that time is a gap, and does not count. */
#define GAP_INTERVALS 3.0
#define GAP_MIN_S 1.0

struct sampler {
    struct collector *collector;
    struct periodic *periodic;
    bool is_over;
};

struct collector {
    struct lock *lock;
    /* Not changed after the making. */
    struct collector_source source;
    struct group_metrics metrics;
    struct collector_options options; /* lists are our own */
    /* Under the lock. */
    unsigned holders;
    bool has_ended;
    struct windows windows;
    struct given given;          /* names in windows are its */
    struct sampler *sampler;     /* while a window is open */
    struct root_answers answers; /* empty while they are out with a sample */
    double fresh_from;           /* a sample that began before has nothing of the newest window */
    struct {
        double begin, end;
    } newest; /* sample */
};

static double seconds(const struct collector *collector)
{
    return (double)collector->source.mono_ns(collector->source.arg) / CLOCK_NS_PER_S;
}

static struct moment moment_now(const struct collector *collector)
{
    double epoch = (double)collector->source.epoch_us(collector->source.arg) / 1e6;
    return (struct moment){ seconds(collector), epoch };
}

/* ---- being there ---- */

static void *copy(const void *rows, size_t count, size_t size)
{
    void *own = xcalloc(count + 1, size);
    if (count > 0)
        memcpy(own, rows, count * size);
    return own;
}

struct collector *collector_new(const struct collector_source *source,
                                const struct collector_options *options)
{
    struct collector *collector = xcalloc(1, sizeof(*collector));
    struct collected_device *devices =
        options->devices ? copy(options->devices, options->device_count, sizeof(*devices)) : NULL;
    collector->lock = lock_new();
    collector->source = *source;
    collector->options = *options;
    collector->options.devices = devices;
    collector->options.roots = copy(options->roots, options->root_count, sizeof(*options->roots));
    collector->holders = 1;
    collector->newest.begin = collector->newest.end = -INFINITY;
    group_metrics_init(&collector->metrics);
    return collector;
}

static void let_go(struct collector *collector)
{
    lock_take(collector->lock);
    bool is_last = --collector->holders == 0;
    lock_give(collector->lock);
    if (!is_last)
        return;
    collector->source.free_arg(collector->source.arg);
    windows_done(&collector->windows);
    given_done(&collector->given);
    root_answers_done(&collector->answers);
    free((void *)collector->options.devices);
    free((void *)collector->options.roots);
    lock_free(collector->lock);
    free(collector);
}

/* ---- samples ---- */

static bool goes_on(struct collector *collector, const bool *is_over)
{
    lock_take(collector->lock);
    bool goes_on = !*is_over;
    lock_give(collector->lock);
    return goes_on;
}

static struct root_answers take_answers(struct collector *collector)
{
    lock_take(collector->lock);
    struct root_answers answers = collector->answers;
    collector->answers = (struct root_answers){ 0 };
    lock_give(collector->lock);
    return answers;
}

/* `snapshot` NULL: of the host alone. */
static void fill(const struct collector *collector, struct snapshot *snapshot,
                 struct root_answers *answers, struct sample *sample)
{
    const struct collector_options *options = &collector->options;
    const struct sample_wish wish = { &collector->metrics, !options->devices, options->devices,
                                      options->device_count };
    const struct root_question question = { collector->source.descends, collector->source.arg,
                                            options->roots, options->root_count };
    if (snapshot) {
        root_answers_renew(answers, &question, snapshot);
        sample_of_snapshot(sample, &wish, answers, snapshot);
    } else {
        struct value host[NVITOP_HOST_COUNT] = { 0 };
        collector->source.host(collector->source.arg, host);
        sample_of_host(sample, &collector->metrics, host);
    }
}

/* With the lock taken. */
static void add(struct collector *collector, struct sample *sample)
{
    struct moment now = moment_now(collector);
    sample->end = now.mono;
    sample->epoch = now.epoch;
    windows_add(&collector->windows, sample,
                fmax(GAP_INTERVALS * collector->options.interval, GAP_MIN_S));
    collector->newest.begin = fmax(collector->newest.begin, sample->begin);
    collector->newest.end = sample->end;
}

/* With the lock taken: they come back, and what was there meanwhile goes. */
static void give_back(struct collector *collector, struct root_answers *answers)
{
    struct root_answers old = collector->answers;
    collector->answers = *answers;
    *answers = old;
}

/* `is_over` is under the lock: once it is true, nobody waits for this one. */
static void take_sample(struct collector *collector, const bool *is_over)
{
    struct sample sample = { .begin = seconds(collector) };
    struct root_answers answers = take_answers(collector);
    struct snapshot *snapshot = NULL;
    if (collector->source.take(collector->source.arg, &snapshot) < 0)
        snapshot = NULL;
    if (goes_on(collector, is_over))
        fill(collector, snapshot, &answers, &sample);
    snapshot_unref(snapshot);
    lock_take(collector->lock);
    if (!*is_over) {
        add(collector, &sample);
        give_back(collector, &answers);
    }
    lock_give(collector->lock);
    root_answers_done(&answers);
    sample_done(&sample);
}

/* ---- the sampler ---- */

static void run_sampler(void *arg)
{
    struct sampler *sampler = arg;
    if (goes_on(sampler->collector, &sampler->is_over))
        take_sample(sampler->collector, &sampler->is_over);
}

static void free_sampler(void *arg)
{
    struct sampler *sampler = arg;
    let_go(sampler->collector);
    free(sampler);
}

static uint64_t interval_ns(double interval)
{
    const double never_s = 1e9;
    return interval < never_s ? (uint64_t)(fmax(interval, COLLECTOR_INTERVAL_MIN) * 1e9)
                              : UINT64_MAX;
}

/* With the lock taken. False: the system gives no thread. */
static bool start_sampler(struct collector *collector)
{
    struct sampler *sampler = xcalloc(1, sizeof(*sampler));
    sampler->collector = collector;
    sampler->periodic = periodic_start(run_sampler, free_sampler, sampler,
                                       interval_ns(collector->options.interval));
    if (!sampler->periodic) {
        free(sampler);
        return false;
    }
    collector->holders++;
    collector->sampler = sampler;
    return true;
}

/* With the lock taken: nobody is to wait for the present sampler's sample any more. */
static struct periodic *dismiss_sampler(struct collector *collector)
{
    struct sampler *sampler = collector->sampler;
    if (!sampler)
        return NULL;
    collector->sampler = NULL;
    sampler->is_over = true;
    return sampler->periodic;
}

/* ---- the end ---- */

static uint64_t patience_end(const struct collector *collector)
{
    return clock_mono_ns() + collector->options.patience_ms * CLOCK_NS_PER_MS;
}

bool collector_end(struct collector *collector, uint64_t deadline_ns)
{
    lock_take(collector->lock);
    struct periodic *sampler = dismiss_sampler(collector);
    collector->has_ended = true;
    windows_done(&collector->windows);
    lock_give(collector->lock);
    return !sampler || periodic_stop(sampler, deadline_ns);
}

bool collector_free(struct collector *collector)
{
    bool is_alone = collector_end(collector, patience_end(collector));
    let_go(collector);
    return is_alone;
}

void collector_after_fork(struct collector *collector)
{
    lock_after_fork(collector->lock);
    if (collector->sampler)
        periodic_after_fork(collector->sampler->periodic);
    collector->sampler = NULL;
    collector->windows = (struct windows){ .layouts = collector->windows.layouts };
    collector->given = (struct given){ 0 };
    collector->answers = (struct root_answers){ 0 };
    collector->holders = 1;
}

/* ---- windows ---- */

int collector_activate(struct collector *collector, const char *tag)
{
    lock_take(collector->lock);
    struct moment now = moment_now(collector);
    int status = collector->has_ended ? NVITOP_ESTATE : windows_open(&collector->windows, tag, now);
    bool wants_sampler = !collector->sampler && !collector->options.is_by_hand;
    if (status == NVITOP_OK && wants_sampler && !start_sampler(collector)) {
        windows_close(&collector->windows, tag);
        status = NVITOP_EUNKNOWN;
    }
    if (status == NVITOP_OK) {
        collector->fresh_from = now.mono;
        collector->newest.begin = -INFINITY;
    }
    lock_give(collector->lock);
    return status;
}

int collector_deactivate(struct collector *collector, const char *tag)
{
    lock_take(collector->lock);
    int status = collector->has_ended ? NVITOP_ESTATE : windows_close(&collector->windows, tag);
    struct periodic *sampler = collector->windows.count == 0 ? dismiss_sampler(collector) : NULL;
    lock_give(collector->lock);
    if (sampler)
        periodic_stop(sampler, patience_end(collector));
    return status;
}

int collector_clear(struct collector *collector, const char *tag)
{
    lock_take(collector->lock);
    int status = windows_clear(&collector->windows, tag, moment_now(collector));
    lock_give(collector->lock);
    return status;
}

/* ---- what a user asks ---- */

int collector_sample(struct collector *collector)
{
    if (!goes_on(collector, &collector->has_ended))
        return NVITOP_ESTATE;
    take_sample(collector, &collector->has_ended);
    return NVITOP_OK;
}

/* With the lock taken. */
static bool is_fresh(const struct collector *collector)
{
    return collector->newest.begin >= collector->fresh_from &&
           seconds(collector) - collector->newest.end <= collector->options.interval / 2;
}

int collector_add(struct collector *collector, double took, const char *const *names,
                  const double *values, size_t count)
{
    struct sample sample = { .begin = seconds(collector) - took };
    lock_take(collector->lock);
    int status = collector->has_ended ? NVITOP_ESTATE : NVITOP_OK;
    if (status == NVITOP_OK) {
        sample_of_given(&sample, &collector->given, names, values, count);
        add(collector, &sample);
    }
    lock_give(collector->lock);
    sample_done(&sample);
    return status;
}

int collector_is_due(struct collector *collector)
{
    lock_take(collector->lock);
    int status = collector->windows.count ? !is_fresh(collector) : NVITOP_ESTATE;
    lock_give(collector->lock);
    return status;
}

int collector_tell(struct collector *collector, struct result *result)
{
    lock_take(collector->lock);
    int status = collector->windows.count ? NVITOP_OK : NVITOP_ESTATE;
    if (status == NVITOP_OK)
        windows_result(&collector->windows, &collector->metrics, moment_now(collector), result);
    lock_give(collector->lock);
    return status;
}

int collector_collect(struct collector *collector, struct result *result)
{
    if (!collector->options.is_by_hand && collector_is_due(collector) == 1)
        take_sample(collector, &collector->has_ended);
    return collector_tell(collector, result);
}
