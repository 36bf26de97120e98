/* A mutex and a condition on the monotonic clock. */
#include "core/lock.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/cond.h"

struct lock {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

static void init(struct lock *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
    cond_init(&lock->changed);
}

struct lock *lock_new(void)
{
    struct lock *lock = xcalloc(1, sizeof(*lock));
    init(lock);
    return lock;
}

void lock_free(struct lock *lock)
{
    if (!lock)
        return;
    pthread_cond_destroy(&lock->changed);
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

void lock_take(struct lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

void lock_give(struct lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}

void lock_wake(struct lock *lock)
{
    pthread_cond_broadcast(&lock->changed);
}

bool lock_wait(struct lock *lock, uint64_t deadline_ns)
{
    if (deadline_ns != UINT64_MAX)
        return cond_wait_until(&lock->changed, &lock->mutex, deadline_ns);
    pthread_cond_wait(&lock->changed, &lock->mutex);
    return true;
}

/* Its old state is another process' business: it is not destroyed, which could wait. */
void lock_after_fork(struct lock *lock)
{
    init(lock);
}
