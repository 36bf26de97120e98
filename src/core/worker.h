/*
 * A job on a thread of its own, which may never return.
 *
 * Driver calls and some files of /proc can block for ever, so nobody calls them on a thread that
 * others wait for. A job that is stuck is abandoned: its argument stays alive for as long as the
 * thread does, and is freed by whoever lets go last. Nothing is ever cancelled or joined.
 */
#ifndef NVITOP_CORE_WORKER_H
#define NVITOP_CORE_WORKER_H

#include <stdbool.h>
#include <stdint.h>

struct job;

enum { JOB_DONE = 1 << 30 }; /* the stage of a job that has returned */

/* So many threads may be stuck in the files of processes for one purpose; then that purpose is
 * given up, for the rest would go the same way. */
enum { JOB_LANES_MAX = 4 };

/* Runs run(job, arg) on a new thread, with all signals blocked. When the job has returned and was
 * released, free_arg(arg) is called (NULL: nothing to free). NULL if the system gives no thread;
 * arg is then untouched. */
struct job *job_start(void (*run)(struct job *job, void *arg), void (*free_arg)(void *arg),
                      void *arg);

/* For the job itself: it has come this far (stages only grow). What it wrote before is visible to
 * whoever saw the stage. */
void job_advance(struct job *job, int stage);

/* How far it has come. */
int job_stage(struct job *job);

/* Waits until the job has reached the stage; false when the deadline (clock_mono_ns) came first. */
bool job_wait(struct job *job, int stage, uint64_t deadline_ns);

/* Lets go of it. Returns true if it had returned, false if a running thread was left behind. */
bool job_release(struct job *job);

#endif
