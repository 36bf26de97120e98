/* A counted condition. Invariant: `missing` is above 0 exactly while a round is not complete; the
 * one who opened it counts as missing until it is closed. */
#include "core/bell.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/cond.h"

struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    unsigned holders;
    unsigned round, missing;
    bool is_rung, is_round_over; /* not told yet */
};

struct bell *bell_new(void)
{
    struct bell *bell = xcalloc(1, sizeof(*bell));
    bell->holders = 1;
    pthread_mutex_init(&bell->mutex, NULL);
    cond_init(&bell->moved);
    return bell;
}

struct bell *bell_ref(struct bell *bell)
{
    pthread_mutex_lock(&bell->mutex);
    bell->holders++;
    pthread_mutex_unlock(&bell->mutex);
    return bell;
}

void bell_unref(struct bell *bell)
{
    if (!bell)
        return;
    pthread_mutex_lock(&bell->mutex);
    bool is_last = --bell->holders == 0;
    pthread_mutex_unlock(&bell->mutex);
    if (!is_last)
        return;
    pthread_cond_destroy(&bell->moved);
    pthread_mutex_destroy(&bell->mutex);
    free(bell);
}

void bell_ring(struct bell *bell)
{
    pthread_mutex_lock(&bell->mutex);
    bell->is_rung = true;
    pthread_cond_signal(&bell->moved);
    pthread_mutex_unlock(&bell->mutex);
}

unsigned bell_round_open(struct bell *bell)
{
    pthread_mutex_lock(&bell->mutex);
    unsigned round = ++bell->round;
    bell->missing = 1;
    bell->is_round_over = false;
    pthread_mutex_unlock(&bell->mutex);
    return round;
}

void bell_round_expect(struct bell *bell)
{
    pthread_mutex_lock(&bell->mutex);
    bell->missing++;
    pthread_mutex_unlock(&bell->mutex);
}

void bell_round_close(struct bell *bell)
{
    bell_answer(bell, bell->round); /* only the one who waits changes it */
}

bool bell_answer(struct bell *bell, unsigned round)
{
    pthread_mutex_lock(&bell->mutex);
    bool is_in_time = round == bell->round && bell->missing;
    if (is_in_time && --bell->missing == 0) {
        bell->is_round_over = true;
        pthread_cond_signal(&bell->moved);
    }
    pthread_mutex_unlock(&bell->mutex);
    return is_in_time;
}

enum bell_event bell_wait(struct bell *bell, uint64_t deadline_ns)
{
    enum bell_event event = BELL_SILENT;
    pthread_mutex_lock(&bell->mutex);
    while (!bell->is_rung && !bell->is_round_over)
        if (!cond_wait_until(&bell->moved, &bell->mutex, deadline_ns))
            break;
    if (bell->is_rung)
        event = BELL_RUNG;
    else if (bell->is_round_over)
        event = BELL_ROUND;
    bell->is_rung = bell->is_rung && event != BELL_RUNG;
    bell->is_round_over = bell->is_round_over && event != BELL_ROUND;
    pthread_mutex_unlock(&bell->mutex);
    return event;
}
