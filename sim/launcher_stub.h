/*
 * A demo process after its start: harmless, idle or a little busy, and gone as soon as the keeper
 * is. The launcher's program is executed again with the wanted argv; what else the process must
 * know shows neither in its argv nor in its environment. Two files implement it,
 * launcher_stub_posix.c and launcher_stub_windows.c.
 */
#ifndef NVITOP_SIM_LAUNCHER_STUB_H
#define NVITOP_SIM_LAUNCHER_STUB_H

#include <stdbool.h>
#include <stdnoreturn.h>

enum { STUB_THREADS_MAX = 256 };

/* It is busy for its share of this, over and over. */
enum { STUB_PERIOD_MS = 250, STUB_PERMILLE = 1000 };

/* Was this program executed to become a demo process? */
bool stub_is_wanted(void);
noreturn void stub_run(void);

#endif
