/* Are we run by watch(1)? Then a hint is due: the monitor does it better. */
#ifndef NVITOP_CMD_WATCH_H
#define NVITOP_CMD_WATCH_H

#include <stdbool.h>

/* stdout is no terminal, and above our own processes there is a shell whose parent is `watch`. */
bool watch_is_grandparent(void);

#endif
