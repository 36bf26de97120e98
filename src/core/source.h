/*
 * Where snapshots come from. The local sampler is one; replayed and remote ones fit in later.
 * Consumers (the report, the monitor, later the exporter) know no other way to a snapshot.
 *
 * A source is used in one of two ways. A report takes one snapshot and waits for it. A monitor
 * starts the source and never waits: it says what it shows (a demand), is woken through a
 * descriptor, and picks up the newest snapshot and the answers to its errands.
 */
#ifndef NVITOP_CORE_SOURCE_H
#define NVITOP_CORE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/metric.h"
#include "core/snapshot.h"

struct nvml_failure;
struct patience;
struct source;

/* What a monitor shows right now: nothing else is asked. */
struct source_demand {
    struct metric_wanted metrics; /* one of TIER_LANE starts the lane for it */
    bool has_processes;
    bool has_workloads;  /* container, pod and job of processes, too */
    bool has_links;      /* the counters of each NVLink: starts the lane for them */
    bool has_xids;       /* critical errors of the GPUs: starts the watch for them */
    bool has_relatives;  /* the tree: ancestors and children of GPU processes */
    unsigned device_ms;  /* period of devices and host */
    unsigned process_ms; /* period of processes */
    bool is_paused;      /* nothing is read, the newest snapshot stays */
};

/* The environment of one process, on its own arena. Free with source_environ_free. */
struct source_environ {
    struct arena arena;
    struct process_id process;
    char **pairs; /* "KEY=value", sorted by key, printable but for newlines in values */
    size_t count;
    struct value why; /* INT, the count; N/A: why it could not be read */
};
void source_environ_free(struct source_environ *environment); /* NULL is fine */

/* What came of sending a signal to one process. */
struct signal_verdict {
    struct process_id process;
    int status; /* NVITOP_OK: sent. EGONE: no longer that process. EPERM: not ours. ENOTSUP: a pid
                   of another namespace or of another mount. EUNKNOWN: refused otherwise */
};
enum { SIGNAL_TARGETS_MAX = 256 };
struct signal_report {
    int signal;
    size_t count;
    struct signal_verdict verdicts[SIGNAL_TARGETS_MAX];
};

struct source_ops {
    int (*take)(struct source *source, struct patience *patience, struct snapshot **ret_snapshot,
                struct nvml_failure *ret_failure);
    bool (*close)(struct source *source, uint64_t deadline_ns);
    int (*start)(struct source *source, const struct source_demand *demand);
    void (*demand)(struct source *source, const struct source_demand *demand);
    void (*refresh)(struct source *source);
    int (*wake_fd)(struct source *source);
    struct snapshot *(*latest)(struct source *source);
    int (*opening)(struct source *source, struct nvml_failure *ret_failure);
    int (*ask_environ)(struct source *source, struct process_id process);
    struct source_environ *(*take_environ)(struct source *source);
    int (*send_signal)(struct source *source, int signal, const struct process_id *targets,
                       size_t count);
    bool (*take_verdicts)(struct source *source, struct signal_report *ret_report);
};

/* The head of every kind of source; its maker embeds it. */
struct source {
    const struct source_ops *ops;
};

/* A snapshot of now. What may take long (opening the driver, waking GPUs) has until the
 * patience's deadline. NVITOP_OK, or a negative status with *ret_failure filled. */
static inline int source_take(struct source *source, struct patience *patience,
                              struct snapshot **ret_snapshot, struct nvml_failure *ret_failure)
{
    return source->ops->take(source, patience, ret_snapshot, ret_failure);
}

/* Ends it, waiting for others no longer than the deadline. Returns false if a thread was left
 * behind somewhere: then only _exit(2) may end the process. */
static inline bool source_close(struct source *source, uint64_t deadline_ns)
{
    return source->ops->close(source, deadline_ns);
}

/* ---- for a monitor: none of these waits, calls the driver or opens a file of a process ---- */

/* Begins to sample, on threads of the source's own, until it is closed. NVITOP_OK, or
 * NVITOP_EUNKNOWN if the system gives no thread or descriptor. Its threads take no signals. */
static inline int source_start(struct source *source, const struct source_demand *demand)
{
    return source->ops->start(source, demand);
}

/* From now on this is shown. What it adds is read at once, not only at the next tick. */
static inline void source_demand(struct source *source, const struct source_demand *demand)
{
    source->ops->demand(source, demand);
}

/* Reads everything now, slow tiers included. */
static inline void source_refresh(struct source *source)
{
    source->ops->refresh(source);
}

/* Readable whenever there is something new: a snapshot, an answer, the end of opening. Poll it;
 * source_latest empties it. */
static inline int source_wake_fd(struct source *source)
{
    return source->ops->wake_fd(source);
}

/* A reference to the newest snapshot (snapshot_unref it), NULL before there is one. The first
 * comes within milliseconds of the start, with DRIVER_WAITING and the host's facts. */
static inline struct snapshot *source_latest(struct source *source)
{
    return source->ops->latest(source);
}

/* How opening the driver for the first time went: 1 while it has not come back, NVITOP_OK, or a
 * negative status with *ret_failure filled (NVITOP_ETIMEOUT: given up after the init deadline). */
static inline int source_opening(struct source *source, struct nvml_failure *ret_failure)
{
    return source->ops->opening(source, ret_failure);
}

/* Asks for the environment of a process; the answer comes by source_take_environ, whatever it is.
 * Pid 0 is this program itself. A later question replaces one that is not answered. NVITOP_ENOTSUP:
 * this source has no processes at hand. */
static inline int source_ask_environ(struct source *source, struct process_id process)
{
    return source->ops->ask_environ(source, process);
}

/* The answer to the last question, once; NULL: not there yet. */
static inline struct source_environ *source_take_environ(struct source *source)
{
    return source->ops->take_environ(source);
}

/* Sends a signal to these processes, each only if it still is the process with that start time and
 * its pid is one of ours; at most SIGNAL_TARGETS_MAX. What came of it is told by
 * source_take_verdicts. NVITOP_ENOTSUP: this source has no processes at hand. */
static inline int source_send_signal(struct source *source, int signal,
                                     const struct process_id *targets, size_t count)
{
    return source->ops->send_signal(source, signal, targets, count);
}

/* One report for each source_send_signal, in order; false: none (yet). */
static inline bool source_take_verdicts(struct source *source, struct signal_report *ret_report)
{
    return source->ops->take_verdicts(source, ret_report);
}

#endif
