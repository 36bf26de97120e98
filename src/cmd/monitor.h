/* The monitor from the program's side: what it is given, and what is left to say after it. */
#ifndef NVITOP_CMD_MONITOR_H
#define NVITOP_CMD_MONITOR_H

#include <stdbool.h>

struct showing;

/*
 * Runs the monitor until the viewer leaves, then prints the report of its newest snapshot. False:
 * there is no terminal for it (a message says why), and nothing was shown. *ret_signal: the one
 * that ended it, 0: none. *ret_is_stuck: a thread was left behind.
 */
bool monitor_run(const struct showing *showing, int *ret_signal, bool *ret_is_stuck);

#endif
