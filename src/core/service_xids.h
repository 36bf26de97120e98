/*
 * The watch for critical errors of GPUs (XIDs): a thread that waits in the driver for them, and
 * leaves them to be taken. Like every thread in the driver it may never come back, and is left
 * behind then.
 */
#ifndef NVITOP_CORE_SERVICE_XIDS_H
#define NVITOP_CORE_SERVICE_XIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bell;
struct nvml;
struct service;
struct xid_watch;

/* Begins or ends it as the demand says; nothing waits. */
void service_see_to_xids(struct service *service);

/* Counts what has come at its GPU's seat; false: nothing. */
bool service_collect_xids(struct service *service);

/* Tells it to end; whether it has by then, and it is let go of anyhow. NULL: true. */
void xid_watch_end(struct xid_watch *watch);
bool xid_watch_is_over(struct xid_watch *watch);
bool xid_watch_release(struct xid_watch *watch, uint64_t deadline_ns);

#endif
