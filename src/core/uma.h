/*
 * Unified-memory boards: GPU and host share one memory, and the driver cannot (or does not) tell
 * the GPU's part. Then total is MemTotal, free is MemAvailable, used is the sum over the GPU's
 * processes, so that what the host allocates never looks like GPU use.
 */
#ifndef NVITOP_CORE_UMA_H
#define NVITOP_CORE_UMA_H

#include <stdbool.h>

#include "base/value.h"

struct device_reading;
struct snapshot_device;

/* Whether a row is that of such a board, by what was read of it and the host's MemTotal. */
bool uma_is(const struct snapshot_device *row, const struct value *totals);

/* Rewrites the memory metrics of a physical GPU's row where it is such a board. `totals`: the
 * host's values. `has_processes`: the reading's processes were asked for; else used is not known.
 * Leaves every other row alone. */
void uma_apply(struct snapshot_device *row, const struct device_reading *reading,
               const struct value *totals, bool has_processes);

#endif
