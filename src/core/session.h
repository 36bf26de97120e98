/*
 * A session: the driver, its GPUs and the host, kept open for whoever asks, from any thread. What
 * the public C library stands on; it goes through the same devices, metric table and join as the
 * sampler.
 *
 * A question about one device (session_read, session_processes) runs on the caller's thread and
 * takes as long as the driver does; a snapshot reads all GPUs on threads of their own and gives up
 * on one at the deadline. Each GPU is asked by one thread at a time. No lock is held over a driver
 * call but that of the GPU itself.
 */
#ifndef NVITOP_CORE_SESSION_H
#define NVITOP_CORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device.h"
#include "core/metric.h"
#include "core/snapshot.h"
#include "nvml/nvml.h"

struct arena;
struct session;

/* Texts are copied. */
struct session_options {
    const char *nvml_path; /* only this library; NULL: the usual places */
    const char *procfs;    /* NULL: /proc */
    unsigned cache_ms;     /* session_read gives readings up to this old; 0: always asks */
    unsigned open_ms;      /* for opening the driver and looking up handles */
    unsigned read_ms;      /* for the reads of a snapshot */
};

/* Opens the host only. NVITOP_ENOTFOUND: no process file system. */
int session_open(const struct session_options *options, struct session **ret_session);

/* Waits for calls in flight until the deadline. False: a thread was left behind, with all that it
 * uses; nvmlShutdown was not called then. */
bool session_close(struct session *session, uint64_t deadline_ns);

/* In the child of a fork. */
void session_after_fork(struct session *session);

/* Opens the driver if it is not open: NVITOP_OK, or a negative status with *ret_failure filled
 * (NULL is fine). Several threads at once open it once. All below do this first. */
int session_ready(struct session *session, struct nvml_failure *ret_failure);
void session_failure(struct session *session, struct nvml_failure *ret_failure); /* the newest */

/* Of an open driver. */
struct session_driver {
    unsigned gpu_count;
    struct value driver_version, cuda_version, library_version; /* TEXT, in the caller's arena */
};
int session_driver(struct session *session, struct arena *arena, struct session_driver *ret_driver);

/* ---- one device, on the caller's thread ---- */

/* `wanted` of the device `index`: *ret_row is filled, its texts are in `arena`. *ret_age_ms: how
 * old the oldest kept reading in it is. NVITOP_EINVAL: no such GPU; NVITOP_ENOTFOUND: no such MIG
 * device. */
int session_read(struct session *session, struct nvitop_index index,
                 const struct metric_set *wanted, struct arena *arena,
                 struct snapshot_device *ret_row, unsigned *ret_age_ms);

/* The processes of one device, with sm, memory, encoder and decoder; in `arena`, ascending pid.
 * *ret_why as in nvml_device_processes. */
int session_processes(struct session *session, struct nvitop_index index, struct arena *arena,
                      struct device_process **ret_rows, size_t *ret_count, struct value *ret_why);

/* The MIG indices under a GPU now, ascending, in `arena`. */
int session_children(struct session *session, unsigned gpu, struct arena *arena, int32_t **ret_migs,
                     size_t *ret_count);

void session_forget(struct session *session, struct nvitop_index index); /* kept readings, facts */

/* The driver's handle; NULL with its return code if it gave none. */
int session_handle(struct session *session, struct nvitop_index index, void **ret_handle,
                   int *ret_code);

/* ---- everything ---- */

struct session_request {
    struct metric_wanted metrics;
    bool has_processes;
    const unsigned *gpus; /* NVML indices, ascending; NULL: all */
    size_t gpu_count;
};

/* A snapshot of now: each GPU followed by its MIG devices. %CPU of a process is that since the
 * previous snapshot of this session. */
int session_snapshot(struct session *session, const struct session_request *request,
                     struct snapshot **ret_snapshot);

/* The host's totals, without the driver: values[id - NVITOP_HOST_CPU_PERCENT]. */
void session_host(struct session *session, struct value values[NVITOP_HOST_COUNT]);

/* Is this process one of `roots`, or does it descend from one? A process that has gone does not. */
bool session_descends(struct session *session, uint32_t pid, const int32_t *roots, size_t count);

#endif
