/* Conditions of pthreads whose deadlines are those of clock_mono_ns. */
#ifndef NVITOP_CORE_COND_H
#define NVITOP_CORE_COND_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* End it with pthread_cond_destroy. */
void cond_init(pthread_cond_t *cond);

/* Waits, under the mutex, until it is signalled (or wakes for nothing); false: the deadline came
 * first. */
bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline_ns);

#endif
