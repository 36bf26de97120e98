/* The host worker: the thread that reads the host, sends the GPUs' workers off at each tick, joins
 * what has come back in time and publishes it. It makes no driver call itself. */
#ifndef NVITOP_CORE_SERVICE_HOST_H
#define NVITOP_CORE_SERVICE_HOST_H

struct service;

/* Until the board says that it ends. */
void service_run(struct service *service);

#endif
