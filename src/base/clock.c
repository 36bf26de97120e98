/* clock_gettime(2) in whole numbers. */
#include "clock.h"

#include <time.h>

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
