/* Snapshots for programs, one after the other, until somebody ends it. */
#ifndef NVITOP_CMD_LOOP_H
#define NVITOP_CMD_LOOP_H

#include <stdbool.h>

struct showing;

/*
 * Writes a snapshot each interval. *ret_signal: the one that ended it, SIGPIPE if the reader has
 * left; 0: messages say why it ended. *ret_is_stuck: a thread was left behind.
 */
void loop_run(const struct showing *showing, int *ret_signal, bool *ret_is_stuck);

#endif
