/*
 * The worker of one GPU: a thread that looks the handle up, then reads when it is told to, and
 * leaves the newest reading to be taken. It may never return from the driver: then its orders are
 * left lying and everybody else goes on. All of this, but for what the thread does, is for one
 * thread, the one that joins.
 */
#ifndef NVITOP_CORE_SERVICE_GPU_H
#define NVITOP_CORE_SERVICE_GPU_H

#include <stdbool.h>
#include <stdint.h>

#include "core/device.h"

struct bell;
struct gpu_worker;

/* `bell` is rung when the worker has ended, and answered where it is expected. NULL if the system
 * gives no thread. `nvml` must stay open until the worker has ended. */
struct gpu_worker *gpu_worker_start(struct nvml *nvml, unsigned index, struct bell *bell);

struct gpu_order {
    struct device_request request;
    unsigned round;
    bool is_urgent;    /* rings when it is done after its round */
    bool is_unawaited; /* no round waits for it */
};

/* Tells it to read. One that is still at an earlier order does this one afterwards, several of
 * them as one, and is not expected to answer in the round. */
void gpu_worker_order(struct gpu_worker *worker, const struct gpu_order *order);

/* Moves the newest reading out; false if there is none since the last time. */
bool gpu_worker_take(struct gpu_worker *worker, struct device_reading *ret_reading,
                     uint64_t *ret_began_ns);

/* clock_mono_ns at which its present driver call went out; 0: no call is out. */
uint64_t gpu_worker_out_ns(const struct gpu_worker *worker);
/* Whether the look-up of the handle has come back. */
bool gpu_worker_is_open(struct gpu_worker *worker);
uint64_t gpu_worker_born_ns(const struct gpu_worker *worker);
/* Whether it is at rest: no order is being done, none is left. */
bool gpu_worker_is_idle(struct gpu_worker *worker);

/* Tells it to end; gpu_worker_release says whether it has by then, and lets go of it anyhow. */
void gpu_worker_end(struct gpu_worker *worker);
bool gpu_worker_release(struct gpu_worker *worker, uint64_t deadline_ns); /* NULL: true */

#endif
