/* Invariant: the bell is rung exactly as long as there is something that nobody has looked at. */
#include "core/service_board.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/wake.h"

struct board {
    pthread_mutex_t mutex;
    struct source_demand demand;
    bool is_changed, is_refresh, is_ending;
    struct snapshot *latest;
    int opening; /* as source_opening has it */
    struct nvml_failure failure;
    struct wake *wake;
};

struct board *board_new(void)
{
    struct board *board = xcalloc(1, sizeof(*board));
    board->wake = wake_new();
    if (!board->wake) {
        free(board);
        return NULL;
    }
    pthread_mutex_init(&board->mutex, NULL);
    board->opening = 1;
    return board;
}

void board_free(struct board *board)
{
    if (!board)
        return;
    snapshot_unref(board->latest);
    wake_free(board->wake);
    pthread_mutex_destroy(&board->mutex);
    free(board);
}

void board_demand(struct board *board, const struct source_demand *demand)
{
    pthread_mutex_lock(&board->mutex);
    board->demand = *demand;
    board->is_changed = true;
    pthread_mutex_unlock(&board->mutex);
}

void board_ask_refresh(struct board *board)
{
    pthread_mutex_lock(&board->mutex);
    board->is_refresh = true;
    pthread_mutex_unlock(&board->mutex);
}

void board_end(struct board *board)
{
    pthread_mutex_lock(&board->mutex);
    board->is_ending = true;
    pthread_mutex_unlock(&board->mutex);
}

int board_wake_fd(const struct board *board)
{
    return wake_fd(board->wake);
}

struct snapshot *board_latest(struct board *board)
{
    pthread_mutex_lock(&board->mutex);
    wake_clear(board->wake);
    struct snapshot *latest = board->latest ? snapshot_ref(board->latest) : NULL;
    pthread_mutex_unlock(&board->mutex);
    return latest;
}

int board_opening(struct board *board, struct nvml_failure *ret_failure)
{
    pthread_mutex_lock(&board->mutex);
    int status = board->opening;
    if (status < 0)
        *ret_failure = board->failure;
    pthread_mutex_unlock(&board->mutex);
    return status;
}

void board_take_wishes(struct board *board, struct board_wishes *ret_wishes)
{
    pthread_mutex_lock(&board->mutex);
    *ret_wishes = (struct board_wishes){ .demand = board->demand,
                                         .is_changed = board->is_changed,
                                         .is_refresh = board->is_refresh,
                                         .is_ending = board->is_ending };
    board->is_changed = board->is_refresh = false;
    pthread_mutex_unlock(&board->mutex);
}

void board_publish(struct board *board, struct snapshot *snapshot)
{
    pthread_mutex_lock(&board->mutex);
    struct snapshot *old = board->latest;
    board->latest = snapshot;
    wake_ring(board->wake);
    pthread_mutex_unlock(&board->mutex);
    snapshot_unref(old);
}

void board_set_opening(struct board *board, int status, const struct nvml_failure *failure)
{
    pthread_mutex_lock(&board->mutex);
    board->opening = status;
    board->failure = *failure;
    wake_ring(board->wake);
    pthread_mutex_unlock(&board->mutex);
}

void board_wake(struct board *board)
{
    pthread_mutex_lock(&board->mutex);
    wake_ring(board->wake);
    pthread_mutex_unlock(&board->mutex);
}
