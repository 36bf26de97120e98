/* clock_gettime(2) in whole numbers. */
#include "clock.h"

#include <time.h>

#define SPAN_MAX_S 1e9
#define PERIOD_MAX_S 1e6

static uint64_t now_ns(clockid_t id)
{
    struct timespec now = { 0 };
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t clock_mono_ns(void)
{
    return now_ns(CLOCK_MONOTONIC);
}

uint64_t clock_epoch_us(void)
{
    return now_ns(CLOCK_REALTIME) / 1000;
}

uint64_t clock_span_ns(double seconds)
{
    if (!(seconds > 0)) /* NaN is not greater */
        return 0;
    return (uint64_t)((seconds < SPAN_MAX_S ? seconds : SPAN_MAX_S) * 1e9);
}

unsigned clock_period_ms(double seconds)
{
    return (unsigned)(clock_span_ns(seconds < PERIOD_MAX_S ? seconds : PERIOD_MAX_S) /
                      CLOCK_NS_PER_MS);
}
