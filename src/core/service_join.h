/* From what the workers left to a snapshot. */
#ifndef NVITOP_CORE_SERVICE_JOIN_H
#define NVITOP_CORE_SERVICE_JOIN_H

#include <stdbool.h>
#include <stdint.h>

struct service;

/* Takes what the workers have finished; false: nothing new. */
bool service_collect(struct service *service);

/* Judges every GPU, joins with the host, and publishes. */
void service_publish(struct service *service);

/* Whether opening the driver has been on for longer than it may take. */
bool service_is_opening_late(const struct service *service);

/* Whether a call of a worker has been out for too long: such a GPU gets no more orders. */
struct seat;
bool service_is_silent(const struct seat *seat, uint64_t now_ns);

#endif
