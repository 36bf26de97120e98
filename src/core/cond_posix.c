/* The clock is said once, so that no deadline is ever taken for a time of day. */
#include "core/cond.h"

#include <time.h>

#include "base/clock.h"

void cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline_ns)
{
    struct timespec until = { .tv_sec = (time_t)(deadline_ns / CLOCK_NS_PER_S),
                              .tv_nsec = (long)(deadline_ns % CLOCK_NS_PER_S) };
    return pthread_cond_timedwait(cond, mutex, &until) == 0;
}
