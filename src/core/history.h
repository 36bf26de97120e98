/*
 * The last minutes of a quantity, a value per second. A second without a value is a gap, and stays
 * one: nothing is interpolated.
 */
#ifndef NVITOP_CORE_HISTORY_H
#define NVITOP_CORE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

struct snapshot;

enum { HISTORY_SECONDS = 2049 };

/* {0} is empty. Grows as time goes by, up to HISTORY_SECONDS values. */
struct history {
    uint64_t origin_ns; /* when second 0 began; 0 while empty */
    float *values;      /* ring of `cap`, by second */
    size_t cap, len;
    uint64_t second; /* the newest one's number */
    double sum;      /* of the newest second's values so far */
    unsigned count;
};

/* Values of one second are averaged; N/A adds nothing. Time (clock_mono_ns) never goes back. */
void history_push(struct history *history, uint64_t now_ns, struct value value);

/* The value `back` whole seconds ago, 0 being the newest second that is complete; false: a gap, or
 * before the beginning. */
bool history_get(const struct history *history, size_t back, double *ret_value);

/* What the label shows: the mean of the second that goes on, as the rest of the screen shows now;
 * where it has none, the newest complete one. N/A when there is nothing. */
struct value history_latest(const struct history *history);

void history_done(struct history *history);

/* ---- what the main screen draws ---- */

struct device_history {
    int32_t physical, mig;
    char uuid[96]; /* a MIG device that is made anew under the same index has a fresh history */
    struct history memory_percent, util_gpu;
};

struct histories {
    struct history cpu, host_memory, swap;       /* percent */
    struct history average_memory, average_util; /* over leaf devices: Σused/Σtotal, mean */
    struct device_history *devices;
    size_t device_count;
};

/* One sample of everything; stale and absent values are gaps. Devices that are gone are dropped. */
void histories_push(struct histories *histories, const struct snapshot *snapshot);
/* NULL if there is none. */
const struct device_history *histories_device(const struct histories *histories, int32_t physical,
                                              int32_t mig);
void histories_done(struct histories *histories);

#endif
