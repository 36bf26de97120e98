/*
 * The keeper: a process of its own, in a session of its own, that has the demo processes as
 * children, reaps them, and ends them when the launcher's process (by then the command) is gone.
 */
#ifndef NVITOP_SIM_LAUNCHER_KEEPER_H
#define NVITOP_SIM_LAUNCHER_KEEPER_H

#include <stdbool.h>

#include "sim/launcher_place.h"

struct demo_set;
struct str;

/* What the keeper makes before it starts the demo processes, and removes at its end. */
struct keeper_home {
    struct place place; /* path NULL: not made */
    char *freezer;      /* a cgroup; NULL: none */
};

struct keeper_plan {
    const struct demo_set *set;
    /* Runs in the keeper. False with the reason in *why; what *home says then is removed, too. */
    bool (*furnish)(void *arg, struct keeper_home *home, struct str *why);
    void *arg;
};

/*
 * Returns once every demo process runs and their pids are in the folder's file `pids`
 * (`NAME PID` lines). The keeper is no child of the caller, and nothing of it stays whenever and
 * however the caller ends. 0 with the home's paths, malloc'd, in *ret_home (the lock is the
 * keeper's); or a negative status with the reason in *ret_why, and nothing is left behind.
 */
int keeper_start(const struct keeper_plan *plan, struct keeper_home *ret_home, struct str *ret_why);

#endif
