/*
 * A job that sleeps on a condition between its runs. What it works on belongs to the job, so that
 * whoever of the two lets go last frees it; the other half is the caller's.
 */
#include "core/periodic.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/lock.h"
#include "core/worker.h"

struct work {
    struct lock *lock;
    bool is_stopping; /* under the lock */
    uint64_t interval_ns;
    void (*run)(void *arg);
    void (*free_arg)(void *arg);
    void *arg;
};

struct periodic {
    struct job *job;
    struct work *work; /* the job's */
};

/* False once it is to stop. */
static bool sleep_until(struct work *work, uint64_t time_ns)
{
    lock_take(work->lock);
    while (!work->is_stopping && (time_ns == UINT64_MAX || clock_mono_ns() < time_ns))
        lock_wait(work->lock, time_ns);
    bool goes_on = !work->is_stopping;
    lock_give(work->lock);
    return goes_on;
}

static void run_work(struct job *job, void *arg)
{
    struct work *work = arg;
    uint64_t next = 0;
    (void)job;
    while (sleep_until(work, next)) {
        uint64_t now = clock_mono_ns();
        next = work->interval_ns < UINT64_MAX - now ? now + work->interval_ns : UINT64_MAX;
        work->run(work->arg);
    }
}

static void free_work(void *arg)
{
    struct work *work = arg;
    if (work->free_arg)
        work->free_arg(work->arg);
    lock_free(work->lock);
    free(work);
}

struct periodic *periodic_start(void (*run)(void *arg), void (*free_arg)(void *arg), void *arg,
                                uint64_t interval_ns)
{
    struct work *work = xcalloc(1, sizeof(*work));
    *work = (struct work){
        .lock = lock_new(), .interval_ns = interval_ns, .run = run, .free_arg = free_arg, .arg = arg
    };
    struct job *job = job_start(run_work, free_work, work);
    if (!job) {
        work->free_arg = NULL;
        free_work(work);
        return NULL;
    }
    struct periodic *periodic = xcalloc(1, sizeof(*periodic));
    *periodic = (struct periodic){ job, work };
    return periodic;
}

bool periodic_stop(struct periodic *periodic, uint64_t deadline_ns)
{
    struct job *job = periodic->job;
    struct work *work = periodic->work;
    free(periodic);
    lock_take(work->lock);
    work->is_stopping = true;
    lock_wake(work->lock);
    lock_give(work->lock);
    job_wait(job, JOB_DONE, deadline_ns);
    return job_release(job);
}

void periodic_after_fork(struct periodic *periodic)
{
    free(periodic);
}
