/*
 * A lock with a condition, for what several threads share outside this layer: sessions and
 * collectors. Never held over a driver call, nor over a function of the caller's.
 */
#ifndef NVITOP_CORE_LOCK_H
#define NVITOP_CORE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct lock;

struct lock *lock_new(void);
void lock_free(struct lock *lock); /* nobody holds it; NULL is fine */

void lock_take(struct lock *lock);
void lock_give(struct lock *lock);

/* With the lock taken: wakes all who wait; gives the lock up until woken, or until the deadline
 * (clock_mono_ns; UINT64_MAX: none), which false tells. Wakes for no reason now and then. */
void lock_wake(struct lock *lock);
bool lock_wait(struct lock *lock, uint64_t deadline_ns);

/* In the child of a fork: free again, whoever held it. */
void lock_after_fork(struct lock *lock);

#endif
