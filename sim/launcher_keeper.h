/*
 * The keeper: a process of its own, in a session of its own, that has the demo processes as
 * children, reaps them, and ends them when the launcher's process (by then the command) is gone.
 */
#ifndef NVITOP_SIM_LAUNCHER_KEEPER_H
#define NVITOP_SIM_LAUNCHER_KEEPER_H

#include <stddef.h>

struct demo_set;
struct place;

/*
 * Returns once every demo process runs and their pids are in the folder's file `pids`
 * (`NAME PID` lines). The keeper is no child of the caller, and removes the folder at its end.
 * `freezer` (may be NULL) is a cgroup to thaw and remove then, too.
 * 0, or a negative status with the reason in `why`; nothing is left behind then.
 */
int keeper_start(const struct demo_set *set, const struct place *place, const char *freezer,
                 char *ret_why, size_t why_size);

#endif
