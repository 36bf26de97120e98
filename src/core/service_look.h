/* How the sampler's own work goes: what a snapshot says of it. */
#ifndef NVITOP_CORE_SERVICE_LOOK_H
#define NVITOP_CORE_SERVICE_LOOK_H

#include <stdint.h>

struct service;
struct snapshot;

/* Reads the host's totals, if it is time to. */
void service_look_at_host(struct service *service);

/* A look at processes that began then is over. */
void service_note_processes(struct service *service, uint64_t began_ns);

/* Fills snapshot->looks; the GPUs' rows are in it already. */
void service_tell_looks(const struct service *service, struct snapshot *snapshot);

#endif
