/*
 * Where devices and processes meet: readings of all GPUs and the host's facts become one
 * snapshot. Runs on the thread that owns the host, never on one that calls the driver.
 */
#ifndef NVITOP_CORE_JOIN_H
#define NVITOP_CORE_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/device.h"
#include "core/filter.h"
#include "core/snapshot.h"
#include "host/host.h"
#include "nvml/nvml.h"

struct join_input {
    struct host *host;
    const char *procfs; /* root of the host reader, NULL for /proc */
    enum nvml_pid_scope pid_scope;
    const struct value *totals;      /* NVITOP_HOST_COUNT of them */
    struct device_reading *readings; /* in display order; their memory is taken over */
    size_t reading_count;
    const struct filter *filter;
    bool is_lifetime_cpu; /* %CPU is CPU time ÷ running time (a single report) */
    unsigned patience_ms; /* for each command line */
    uint64_t deadline_ns; /* clock_mono_ns: for all of them */
};

/* Fills devices, processes and host of the snapshot, whose has_processes is set already. Returns
 * false if a thread that reads a command line was left behind. */
bool join_snapshot(const struct join_input *input, struct snapshot *snapshot);

#endif
