/*
 * Something done again and again on a thread of its own, for the layers above.
 *
 * Stopping waits for a run that is going on, but never for the time between two; a run that does
 * not end by the deadline is left behind like a job (core/worker.h): its argument stays alive for
 * as long as it does, and it is the last one.
 */
#ifndef NVITOP_CORE_PERIODIC_H
#define NVITOP_CORE_PERIODIC_H

#include <stdbool.h>
#include <stdint.h>

struct periodic;

/* Calls run(arg) at once and then every interval, counted from the beginning of the one before; a
 * run that takes longer is followed by the next at once, and what was missed is not made up for.
 * UINT64_MAX: only once. When it was stopped and the last run is over, free_arg(arg) is called, on
 * whichever thread (NULL: nothing to free). NULL if the system gives no thread; arg is then
 * untouched. */
struct periodic *periodic_start(void (*run)(void *arg), void (*free_arg)(void *arg), void *arg,
                                uint64_t interval_ns);

/* Ends it, and lets go of it. False: a run was left behind at the deadline (clock_mono_ns). Not
 * from within a run. */
bool periodic_stop(struct periodic *periodic, uint64_t deadline_ns);

/* In the child of a fork, where its thread is not: lets go of it without looking at it. What it
 * held is lost. */
void periodic_after_fork(struct periodic *periodic);

#endif
