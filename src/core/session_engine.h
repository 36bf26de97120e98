/*
 * An open driver with its GPUs. Each GPU is asked by one thread at a time: whoever has taken it
 * has its device for himself, and gives it back. One that is out for too long is not waited for.
 */
#ifndef NVITOP_CORE_SESSION_ENGINE_H
#define NVITOP_CORE_SESSION_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/snapshot.h"

struct device;
struct driver;
struct lock;

struct session_limits {
    unsigned open_ms, read_ms;
};

struct session_gpu {
    unsigned index;
    struct device *device; /* whoever has taken the GPU; NULL until it is looked up */
    struct lock *lock;     /* guards the rest; never held over a driver call */
    unsigned user_count;   /* who has it, or may ask for it */
    bool is_out;
    uint64_t due_ns; /* while it is out: when it should be back */
    bool is_open;    /* it has been looked up */
    bool is_to_forget;
    struct arena arena;
    struct snapshot_device facts; /* what never changes of it, as far as it was told; in arena */
};

struct session_engine {
    struct driver *driver;
    struct arena arena;
    struct value library_version;
    struct session_limits limits;
    struct session_gpu *gpus; /* driver->device_count of them */
    /* Under the session's lock: */
    unsigned caller_count; /* who may use it */
    bool is_gone;          /* all GPUs say that there is no driver any more */
};

/* Takes the driver over; the version's text is copied. */
struct session_engine *session_engine_new(struct driver *driver, struct value library_version,
                                          struct session_limits limits);

/* Waits for whoever is in the driver until the deadline, then leaves all as it is for them. */
void session_engine_close(struct session_engine *engine, uint64_t deadline_ns);

/* No thread is in the driver, nor waits for a GPU. */
bool session_engine_is_idle(struct session_engine *engine);

/* From hold to drop, the GPU stays in memory. */
void session_gpu_hold(struct session_gpu *gpu);
void session_gpu_drop(struct session_gpu *gpu);

/* Takes a GPU that is held, and looks it up if it has not been. False: somebody had it until the
 * deadline, or has had it for longer than a call may take. */
bool session_gpu_take(struct session_engine *engine, struct session_gpu *gpu, uint64_t deadline_ns);
/* `row`: what it has answered, NULL: nothing to keep. */
void session_gpu_give(struct session_gpu *gpu, const struct snapshot_device *row);

/* Has it been looked up? */
bool session_gpu_is_open(struct session_gpu *gpu);
/* Whoever takes it next asks all anew. */
void session_gpu_forget(struct session_gpu *gpu);
/* The row of one that does not answer; its texts are in `arena`. */
void session_gpu_silent_row(struct session_gpu *gpu, struct arena *arena,
                            struct snapshot_device *ret_row);

#endif
