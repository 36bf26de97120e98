/* What holds the clocks of a GPU down: the bits of NVITOP_DEV_EVENT_REASONS
 * (nvmlDeviceGetCurrentClocksEventReasons), and what each is called. */
#ifndef NVITOP_CORE_CLOCK_EVENT_H
#define NVITOP_CORE_CLOCK_EVENT_H

#include <stdint.h>

struct clock_event {
    uint64_t bit;
    const char *name;         /* as the driver has it */
    const char *words, *word; /* on a screen, in at most five letters; NULL: no trouble */
    uint64_t unless;          /* bits that say the same in more detail */
};

enum { CLOCK_EVENT_COUNT = 9 };

/* The gravest first. */
extern const struct clock_event clock_events[CLOCK_EVENT_COUNT];

#endif
