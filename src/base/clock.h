/* The two clocks: monotonic for periods and deadlines, epoch only for stamps that are shown or
 * handed to the driver (utilization samples are stamped in epoch microseconds). */
#ifndef NVITOP_BASE_CLOCK_H
#define NVITOP_BASE_CLOCK_H

#include <stdint.h>

uint64_t clock_mono_ns(void);
uint64_t clock_epoch_us(void);

/* Seconds as nanoseconds. 31 years and more are all the same, so that the sum with a moment of
 * either clock does not overflow; less than none, or no number, is 0. */
uint64_t clock_span_ns(double seconds);

/* The same as milliseconds, and at most 11 days: a period of a program's. */
unsigned clock_period_ms(double seconds);

#define CLOCK_NS_PER_MS UINT64_C(1000000)
#define CLOCK_NS_PER_S UINT64_C(1000000000)

#endif
