/* Opening the driver, or closing it and opening it again, on a thread of its own that may never
 * return. Others are told by the bell and never wait. */
#ifndef NVITOP_CORE_SERVICE_OPEN_H
#define NVITOP_CORE_SERVICE_OPEN_H

#include <stdbool.h>
#include <stdint.h>

struct bell;
struct driver;
struct nvml_failure;
struct opening;

/* `nvml_path` as in driver_open. `old` is closed first (NULL: nothing to close) and belongs to the
 * opening from now on. NULL if the system gives no thread; then `old` is still the caller's. */
struct opening *opening_start(const char *nvml_path, struct driver *old, struct bell *bell);

/* Whether it has come back. */
bool opening_is_over(struct opening *opening);

/* For one that is over: its outcome, as of driver_open. Frees it. */
int opening_finish(struct opening *opening, struct driver **ret_driver,
                   struct nvml_failure *ret_failure);

/* Lets go of one that is not waited for any more: what it still opens, it closes. Returns false if
 * its thread was left behind. NULL is fine. */
bool opening_abandon(struct opening *opening, uint64_t deadline_ns);

#endif
