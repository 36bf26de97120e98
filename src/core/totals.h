/* The host's totals, as read last. CPU % is that between two readings. */
#ifndef NVITOP_CORE_TOTALS_H
#define NVITOP_CORE_TOTALS_H

#include <stdint.h>

#include "base/value.h"

struct host;

struct totals {
    struct value values[NVITOP_HOST_COUNT]; /* by id - NVITOP_HOST_CPU_PERCENT */
    uint64_t read_ns;                       /* clock_mono_ns; 0: never */
};

/* Reads them anew, unless the last reading is too near for a CPU % of any worth: nobody waits. */
void totals_refresh(struct totals *totals, struct host *host);

#endif
