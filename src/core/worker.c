/*
 * Jobs over pthreads. Two hold a job: its thread and the one who started it; the last to let go
 * frees it. Invariant: `stage` grows only, under the mutex.
 */
#include "core/worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/cond.h"
#include "core/thread.h"

struct job {
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    int stage;
    int awaited; /* the lowest stage somebody waits for: below it nobody is woken */
    int holders;
    void (*run)(struct job *job, void *arg);
    void (*free_arg)(void *arg);
    void *arg;
};

/* Returns the stage at the moment of letting go. */
static int let_go(struct job *job)
{
    pthread_mutex_lock(&job->mutex);
    int stage = job->stage;
    bool is_last = --job->holders == 0;
    pthread_mutex_unlock(&job->mutex);
    if (!is_last)
        return stage;
    if (job->free_arg)
        job->free_arg(job->arg);
    pthread_cond_destroy(&job->moved);
    pthread_mutex_destroy(&job->mutex);
    free(job);
    return stage;
}

static void *thread_main(void *arg)
{
    struct job *job = arg;
    job->run(job, job->arg);
    job_advance(job, JOB_DONE);
    let_go(job);
    return NULL;
}

struct job *job_start(void (*run)(struct job *job, void *arg), void (*free_arg)(void *arg),
                      void *arg)
{
    struct job *job = xcalloc(1, sizeof(*job));
    *job = (struct job){
        .awaited = JOB_DONE, .holders = 2, .run = run, .free_arg = free_arg, .arg = arg
    };
    pthread_mutex_init(&job->mutex, NULL);
    cond_init(&job->moved);
    if (thread_start(thread_main, job))
        return job;
    pthread_cond_destroy(&job->moved);
    pthread_mutex_destroy(&job->mutex);
    free(job);
    return NULL;
}

void job_advance(struct job *job, int stage)
{
    pthread_mutex_lock(&job->mutex);
    if (stage > job->stage)
        job->stage = stage;
    if (job->stage >= job->awaited) {
        job->awaited = JOB_DONE; /* whoever waits on for more says so again */
        pthread_cond_broadcast(&job->moved);
    }
    pthread_mutex_unlock(&job->mutex);
}

int job_stage(struct job *job)
{
    pthread_mutex_lock(&job->mutex);
    int stage = job->stage;
    pthread_mutex_unlock(&job->mutex);
    return stage;
}

bool job_wait(struct job *job, int stage, uint64_t deadline_ns)
{
    pthread_mutex_lock(&job->mutex);
    while (job->stage < stage) {
        if (stage < job->awaited)
            job->awaited = stage;
        if (!cond_wait_until(&job->moved, &job->mutex, deadline_ns))
            break;
    }
    bool is_there = job->stage >= stage;
    pthread_mutex_unlock(&job->mutex);
    return is_there;
}

bool job_release(struct job *job)
{
    return let_go(job) == JOB_DONE;
}
