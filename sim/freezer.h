/* Threads that stop inside the kernel: a cgroup v1 freezer. Only root can, and only there. */
#ifndef NVITOP_SIM_FREEZER_H
#define NVITOP_SIM_FREEZER_H

#include <stdbool.h>

#define FREEZER_ROOT "/sys/fs/cgroup/freezer"

/* Moves the calling thread into the freezer cgroup `dir` (made if need be) and freezes it: it
 * stops here, and no signal ends its process until someone calls freezer_thaw. Returns true once
 * it was thawed, false at once if it can't be done. */
bool freezer_freeze_self(const char *dir);

/* Lets everything in `dir` go on. The directory can be removed when its threads have ended. */
bool freezer_thaw(const char *dir);

#endif
