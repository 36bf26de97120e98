/* The driver of a sampler that goes on: opened once, given up when nothing of it answers any more,
 * and opened again with growing pauses. */
#ifndef NVITOP_CORE_SERVICE_DRIVER_H
#define NVITOP_CORE_SERVICE_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/snapshot.h"

struct service;

/* `state` from now on, if it is news. */
void service_set_driver_state(struct service *service, enum driver_state state);

/* Begins to open it for the first time. */
void service_open_driver(struct service *service);

/* What has happened to it since the last time; never waits. */
enum driver_event { DRIVER_NOTHING, DRIVER_OPENED, DRIVER_CHANGED };
enum driver_event service_see_to_driver(struct service *service);

/* After a pass: whether all that answers says that the driver is gone, or it answers again. */
void service_judge_driver(struct service *service);

/* Whether its GPUs may be asked now. */
bool service_may_ask(const struct service *service);

/* Ends all workers and closes the driver, by the deadline; false: a thread was left behind. */
bool service_close_driver(struct service *service, uint64_t deadline_ns);

#endif
