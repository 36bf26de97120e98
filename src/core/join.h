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

struct join_memory;

struct join_input {
    struct host *host;
    const char *procfs; /* root of the host reader, NULL for /proc */
    enum nvml_pid_scope pid_scope;
    const struct value *totals;      /* NVITOP_HOST_COUNT of them */
    struct device_reading *readings; /* in display order; their memory is taken over, but that
                                        of a list that is joined again, where whose its pids
                                        are is noted */
    size_t reading_count;
    const struct filter *filter;
    bool has_workloads; /* whose processes are: container, pod, job */
    /* A single report: */
    bool is_lifetime_cpu; /* %CPU is CPU time ÷ running time */
    unsigned patience_ms; /* for each command line */
    uint64_t deadline_ns; /* clock_mono_ns: for all of them; with a memory, 0: nobody waits */
    /* A join that goes on: */
    struct join_memory *memory; /* NULL: a single report */
    uint64_t now_ns;            /* clock_mono_ns */
    bool keeps_facts;           /* processes it knows are not looked at: between their periods */
    bool has_relatives;         /* ancestors and children of GPU processes too */
    uint64_t keep_ns;           /* so long it remembers who is not in a snapshot */
};

/*
 * Fills devices, processes and host of the snapshot, whose has_processes is set already. Returns
 * false if a thread that reads a command line was left behind (never with a memory: then
 * join_memory_free tells).
 *
 * With a memory, a command line that has not been read (by the deadline) is N/A, "no sample". %CPU
 * is that of the time since the process was last looked at, at first that of its whole life. A
 * process that has gone keeps its start time, user and parent as long as the driver lists it. If a
 * list is joined again, who has got a pid of it since is not the one that it is of: that one has
 * gone.
 */
bool join_snapshot(const struct join_input *input, struct snapshot *snapshot);

#endif
