/* The life of a sampler that goes on: what source.h promises to a monitor, for sampler.c. */
#ifndef NVITOP_CORE_SERVICE_H
#define NVITOP_CORE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/sampler_options.h"
#include "core/source.h"

struct board;
struct errands;
struct host;
struct service_handle;

/* Takes `host` over, with the totals as read last. NULL if the system gives no thread or
 * descriptor; then `host` is still the caller's. */
struct service_handle *service_start(const struct sampler_options *options, struct host *host,
                                     const struct source_demand *demand);
void service_demand(struct service_handle *handle, const struct source_demand *demand);
void service_refresh(struct service_handle *handle);
/* For what needs no waking of the sampler. */
struct board *service_board(struct service_handle *handle);
struct errands *service_errands(struct service_handle *handle);
/* Ends it by the deadline and frees the handle; false: a thread was left behind. */
bool service_close(struct service_handle *handle, uint64_t deadline_ns);

#endif
