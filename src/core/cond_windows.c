/* The conditions of winpthreads know the time of day alone, which may be set, so they are given
 * what is left until the deadline. */
#include "core/cond.h"

#include <time.h>

#include "base/clock.h"

void cond_init(pthread_cond_t *cond)
{
    pthread_cond_init(cond, NULL);
}

bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline_ns)
{
    uint64_t now_ns = clock_mono_ns();
    uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
    struct timespec left = { .tv_sec = (time_t)(left_ns / CLOCK_NS_PER_S),
                             .tv_nsec = (long)(left_ns % CLOCK_NS_PER_S) };
    return pthread_cond_timedwait_relative_np(cond, mutex, &left) == 0;
}
