/*
 * What the sampler and its consumer tell each other: the one side says what it shows, the other
 * lays down snapshots and wakes it. Nobody waits here for longer than it takes to copy.
 */
#ifndef NVITOP_CORE_SERVICE_BOARD_H
#define NVITOP_CORE_SERVICE_BOARD_H

#include <stdbool.h>

#include "core/source.h"
#include "nvml/nvml.h"

struct board;

/* NULL if the system gives no descriptor. */
struct board *board_new(void);
void board_free(struct board *board); /* NULL is fine */

/* ---- for the consumer ---- */

void board_demand(struct board *board, const struct source_demand *demand);
void board_ask_refresh(struct board *board);
void board_end(struct board *board);
int board_wake_fd(const struct board *board);
struct snapshot *board_latest(struct board *board);
int board_opening(struct board *board, struct nvml_failure *ret_failure);

/* ---- for the sampler ---- */

struct board_wishes {
    struct source_demand demand;
    bool is_changed, is_refresh, is_ending; /* since the last time */
};
void board_take_wishes(struct board *board, struct board_wishes *ret_wishes);
void board_publish(struct board *board, struct snapshot *snapshot); /* takes the reference over */
void board_set_opening(struct board *board, int status, const struct nvml_failure *failure);
void board_wake(struct board *board);

#endif
