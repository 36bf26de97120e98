/*
 * The driver, opened in good time: loading the library, nvmlInit and the device count run on a
 * thread of their own, for they may take seconds, or never return.
 */
#ifndef NVITOP_CORE_DRIVER_H
#define NVITOP_CORE_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "nvml/nvml.h"

struct job;

struct driver {
    struct nvml *nvml;
    unsigned device_count;
    struct value driver_version, cuda_version; /* TEXT, in arena */
    struct arena arena;
};

/* How long a person waits for the driver to wake up. */
struct patience {
    uint64_t deadline_ns;      /* clock_mono_ns at which waiting ends */
    uint64_t notice_ns;        /* clock_mono_ns at which `notice` is called, once; 0: never */
    void (*notice)(void *arg); /* "still waiting for the driver" */
    void *notice_arg;
};

/* job_wait until the deadline, with the notice in between. */
bool patience_wait(struct patience *patience, struct job *job, int stage);

/* Opening and closing on the caller's own thread, for as long as they take. */
int driver_open_here(const char *nvml_path, struct driver **ret_driver,
                     struct nvml_failure *ret_failure);
void driver_close_here(struct driver *driver); /* NULL is fine */

/* `nvml_path`: only this file; NULL: the usual places.
 * NVITOP_OK and *ret_driver, or a negative status with *ret_failure filled (NVITOP_ETIMEOUT: the
 * driver never answered; its thread is left behind). */
int driver_open(const char *nvml_path, struct patience *patience, struct driver **ret_driver,
                struct nvml_failure *ret_failure);

/* nvmlShutdown on a thread of its own, waited for until the deadline; with `is_stuck` (a thread
 * is still inside the driver) the library is left as it is. Returns false if a thread was, or is
 * now, left behind. NULL is fine. */
bool driver_close(struct driver *driver, bool is_stuck, uint64_t deadline_ns);

#endif
