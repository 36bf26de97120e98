/*
 * A session: the driver, its GPUs and the host, kept open for whoever asks, from any thread. What
 * the public C library stands on; it goes through the same devices, metric table and join as the
 * sampler.
 *
 * A question about one device (session_read, session_processes) runs on the caller's thread and
 * takes as long as the driver does; a snapshot reads all GPUs on threads of their own and gives up
 * on one at the deadline. Each GPU is asked by one thread at a time; others wait for their turn,
 * but not for a call that has been out for longer than one may take: then the GPU is "not
 * responding" until the call comes back. No lock is held over a driver call.
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
    unsigned open_ms;      /* for opening the driver, and for looking up handles */
    unsigned read_ms;      /* for the reads of a snapshot */
};

/* Opens the host only. NVITOP_ENOTFOUND: no process file system. */
int session_open(const struct session_options *options, struct session **ret_session);

/* Waits for calls in flight until the deadline. What a thread that is still in the driver uses is
 * left to it, and nvmlShutdown is not called then. False: such a thread is a caller of these
 * functions, so the session itself stays in memory, and so must whatever that caller uses. NULL is
 * fine. */
bool session_close(struct session *session, uint64_t deadline_ns);

/* Each call below is between these two, and so may be whatever else a caller does with what he
 * would free when the session has been closed: session_close waits for him. NVITOP_ESTATE: it is
 * being closed. */
int session_enter(struct session *session);
void session_leave(struct session *session);

/* In the child of a fork: what was the parent's is forgotten, the driver is opened again when it is
 * needed. */
void session_after_fork(struct session *session);

/* Opens the driver if it is not open: NVITOP_OK, or a negative status with *ret_failure filled
 * (NULL is fine). Several threads at once open it once. All below do this first. */
int session_ready(struct session *session, struct nvml_failure *ret_failure);
void session_failure(struct session *session, struct nvml_failure *ret_failure); /* the newest */

/* Of an open driver. */
struct session_driver {
    unsigned gpu_count;
    struct value driver_version, cuda_version, library_version; /* TEXT, in the caller's arena */
    struct value library_path;                                  /* the same; bytes as they are */
};
int session_driver(struct session *session, struct arena *arena, struct session_driver *ret_driver);

/* ---- one device, on the caller's thread ---- */

/* One row; its texts are in the caller's arena. */
struct session_reading {
    struct snapshot_device row;
    uint32_t ages_ms[NVITOP_DEV_COUNT]; /* by id - NVITOP_DEV_NAME; 0: just read, or a fact */
};

/* Readings may be as old as the session's cache_ms. `wanted` of the device `index`; of the rest,
 * the row says whatever was read with it, or "not asked". NVITOP_EINVAL: no such GPU;
 * NVITOP_ENOTFOUND: no such MIG device. */
int session_read(struct session *session, struct nvitop_index index,
                 const struct metric_set *wanted, struct arena *arena,
                 struct session_reading *ret_reading);

/* Who a listed process is. */
struct session_start {
    uint64_t ticks;  /* 0: it has gone, or is foreign */
    bool is_foreign; /* its pid is (or may be) not one of ours: whoever has it here is another */
};

/* The processes of one device. */
struct session_processes {
    struct device_process *rows;  /* ascending pid, in the caller's arena */
    struct session_start *starts; /* of each */
    size_t count;
    struct value why; /* NONE, or why the lists could not be read */
};
int session_processes(struct session *session, struct nvitop_index index, struct arena *arena,
                      struct session_processes *ret_processes);

/* The MIG indices under a GPU now, ascending, in `arena`. NVITOP_EINVAL: no such GPU.
 * NVITOP_ETIMEOUT: it does not answer. */
int session_children(struct session *session, int32_t gpu, struct arena *arena, int32_t **ret_migs,
                     size_t *ret_count);

/* Kept readings and facts of the GPU and of its MIG devices. */
void session_forget(struct session *session, int32_t gpu);

/* The driver's handle, or the status of its refusal. NVITOP_EINVAL, NVITOP_ENOTFOUND as above;
 * NVITOP_ETIMEOUT: the GPU does not answer. */
int session_handle(struct session *session, struct nvitop_index index, void **ret_handle,
                   int *ret_code);

/* ---- everything ---- */

struct session_request {
    struct metric_wanted metrics;
    bool has_processes;
    const unsigned *gpus; /* NVML indices, those out of range are passed over; NULL: all */
    size_t gpu_count;
};

/* A snapshot of now: each GPU followed by its MIG devices. %CPU of a process is that since the
 * previous snapshot of this session. The snapshot is the caller's alone until it is published. */
int session_snapshot(struct session *session, const struct session_request *request,
                     struct snapshot **ret_snapshot);

/* The host's totals, without the driver: values[id - NVITOP_HOST_CPU_PERCENT]. */
void session_host(struct session *session, struct value values[NVITOP_HOST_COUNT]);

/* What the host says of a process, without the driver. */
struct session_fact {
    enum process_presence presence; /* never PROCESS_HOST_PID */
    uint64_t start_ticks;           /* 0: unknown */
    uint64_t read_ns;               /* clock_mono_ns, when cpu_seconds was read */
    struct value uid, user, ppid, threads, state, name, command, rss, cpu_seconds, running_time;
    const char *comm; /* what the kernel has for name; NULL where that is N/A */
    const char *argv; /* the arguments, each ended by NUL; NULL: not read, or not all of them */
    size_t argv_len;
};

/* Facts of many processes, in the order of `pids`; texts are in `arena`. Holds no lock while it
 * reads. With commands it may wait, for ever, for a process that is stuck. NVITOP_ENOTFOUND: the
 * process file system has gone. */
int session_facts(struct session *session, const uint32_t *pids, size_t count, bool has_commands,
                  struct arena *arena, struct session_fact *ret_facts);

/* Is this process one of `roots`, or does it descend from one? A process that has gone does not. Of
 * 1, all do. */
bool session_descends(struct session *session, uint32_t pid, const int32_t *roots, size_t count);

#endif
