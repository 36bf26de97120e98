/*
 * Where snapshots come from. The local sampler is one; replayed and remote ones fit in later.
 * Consumers (the report, later the monitor and the exporter) know no other way to a snapshot.
 */
#ifndef NVITOP_CORE_SOURCE_H
#define NVITOP_CORE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

struct nvml_failure;
struct patience;
struct snapshot;
struct source;

struct source_ops {
    int (*take)(struct source *source, struct patience *patience, struct snapshot **ret_snapshot,
                struct nvml_failure *ret_failure);
    bool (*close)(struct source *source, uint64_t deadline_ns);
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

#endif
