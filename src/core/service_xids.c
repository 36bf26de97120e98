/*
 * Invariant: the set of events is the thread's alone; what is under the lock is handed over whole.
 * The thread looks whether it is to end after each wait, so its waits are short.
 */
#include "core/service_xids.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/bell.h"
#include "core/lock.h"
#include "core/service_state.h"
#include "core/worker.h"
#include "nvml/nvml.h"

enum { WAIT_MS = 200, PENDING_MAX = 256 };

struct pending {
    unsigned index;
    uint32_t xid;
    uint64_t epoch_us;
};

struct xid_watch {
    struct nvml *view;
    unsigned device_count;
    struct bell *bell;
    struct job *job;
    struct lock *lock; /* guards the rest */
    bool is_ending;
    struct pending
        pending[PENDING_MAX]; /* that were not taken yet; a storm beyond is not counted */
    size_t count;
};

/* ---- the thread ---- */

static void leave(struct xid_watch *watch, const struct nvml_event *event)
{
    lock_take(watch->lock);
    if (watch->count < PENDING_MAX)
        watch->pending[watch->count++] =
            (struct pending){ event->index, event->xid, clock_epoch_us() };
    lock_give(watch->lock);
    bell_ring(watch->bell);
}

/* Rests for as long as a wait is; false: it is to end. */
static bool rest(struct xid_watch *watch)
{
    uint64_t end_ns = clock_mono_ns() + WAIT_MS * CLOCK_NS_PER_MS;
    lock_take(watch->lock);
    while (!watch->is_ending && lock_wait(watch->lock, end_ns))
        ;
    bool goes_on = !watch->is_ending;
    lock_give(watch->lock);
    return goes_on;
}

static bool is_to_go_on(struct xid_watch *watch)
{
    lock_take(watch->lock);
    bool goes_on = !watch->is_ending;
    lock_give(watch->lock);
    return goes_on;
}

static void run_watch(struct job *job, void *arg)
{
    struct xid_watch *watch = arg;
    struct nvml_event event;
    struct nvml_events *events = nvml_events_open(watch->view, watch->device_count);
    (void)job;
    while (events && is_to_go_on(watch)) {
        enum nvml_events_answer answer = nvml_events_wait(events, WAIT_MS, &event);
        if (answer == NVML_EVENT)
            leave(watch, &event);
        else if (answer == NVML_EVENT_FAILED && !rest(watch))
            break;
    }
    nvml_events_close(events);
}

static void free_watch(void *arg)
{
    struct xid_watch *watch = arg;
    nvml_view_free(watch->view);
    bell_unref(watch->bell);
    lock_free(watch->lock);
    free(watch);
}

static struct xid_watch *start(struct nvml *nvml, unsigned device_count, struct bell *bell)
{
    struct xid_watch *watch = xcalloc(1, sizeof(*watch));
    watch->view = nvml_view(nvml);
    watch->device_count = device_count;
    watch->bell = bell_ref(bell);
    watch->lock = lock_new();
    watch->job = job_start(run_watch, free_watch, watch);
    if (watch->job)
        return watch;
    free_watch(watch);
    return NULL;
}

void xid_watch_end(struct xid_watch *watch)
{
    if (!watch)
        return;
    lock_take(watch->lock);
    watch->is_ending = true;
    lock_wake(watch->lock);
    lock_give(watch->lock);
}

bool xid_watch_is_over(struct xid_watch *watch)
{
    return !watch || job_stage(watch->job) >= JOB_DONE;
}

bool xid_watch_release(struct xid_watch *watch, uint64_t deadline_ns)
{
    if (!watch)
        return true;
    xid_watch_end(watch);
    bool is_over = job_wait(watch->job, JOB_DONE, deadline_ns);
    job_release(watch->job);
    return is_over;
}

/* ---- the host worker ---- */

void service_see_to_xids(struct service *service)
{
    bool is_wanted = service->demand.has_xids && !service->options.is_no_wake;
    bool is_open = service->driver && !service->is_given_up;
    if (is_wanted && !service->xids && is_open)
        service->xids = start(service->driver->nvml, service->driver->device_count, service->bell);
    if (is_wanted || !service->xids)
        return;
    xid_watch_end(service->xids);
    if (!xid_watch_is_over(service->xids))
        return;
    xid_watch_release(service->xids, 0);
    service->xids = NULL;
}

static struct seat_xid *count_of(struct seat *seat, uint32_t xid)
{
    for (size_t i = 0; i < seat->xid_count; i++)
        if (seat->xids[i].xid == xid)
            return &seat->xids[i];
    seat->xids = xreallocarray(seat->xids, seat->xid_count + 1, sizeof(*seat->xids));
    seat->xids[seat->xid_count] = (struct seat_xid){ .xid = xid };
    return &seat->xids[seat->xid_count++];
}

static void count(struct service *service, const struct pending *pending)
{
    for (size_t i = 0; i < service->seat_count; i++) {
        struct seat *seat = &service->seats[i];
        if (seat->index != pending->index)
            continue;
        struct seat_xid *xid = count_of(seat, pending->xid);
        xid->count++;
        seat->xid_last_us = pending->epoch_us;
    }
}

bool service_collect_xids(struct service *service)
{
    struct xid_watch *watch = service->xids;
    if (!watch)
        return false;
    lock_take(watch->lock);
    size_t taken = watch->count;
    for (size_t i = 0; i < taken; i++)
        count(service, &watch->pending[i]);
    watch->count = 0;
    lock_give(watch->lock);
    return taken > 0;
}
