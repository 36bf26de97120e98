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

struct driver {
    struct nvml *nvml;
    unsigned device_count;
    struct value driver_version, cuda_version; /* TEXT, in arena */
    struct arena arena;
};

struct driver_options {
    const char *nvml_path;             /* NULL: the usual places */
    uint64_t deadline_ns;              /* clock_mono_ns at which waiting ends */
    uint64_t notice_ns;                /* clock_mono_ns at which `notice` is called, once */
    void (*notice)(void *arg);         /* "still waiting for the driver"; may be NULL */
    void *notice_arg;
};

/* NVITOP_OK and *ret_driver, or a negative status with *ret_failure filled (NVITOP_ETIMEOUT: the
 * driver never answered; its thread is left behind). */
int driver_open(const struct driver_options *options, struct driver **ret_driver,
                struct nvml_failure *ret_failure);

/* nvmlShutdown on a thread of its own, waited for until the deadline; with `is_stuck` (a thread
 * is still inside the driver) the library is left as it is. NULL is fine. */
void driver_close(struct driver *driver, bool is_stuck, uint64_t deadline_ns);

#endif
