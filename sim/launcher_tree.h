/* Starts the demo processes of the calling process, and theirs. Linux only. */
#ifndef NVITOP_SIM_LAUNCHER_TREE_H
#define NVITOP_SIM_LAUNCHER_TREE_H

#include <sys/types.h>

#include "sim/launcher_demo.h"

struct tree {
    const struct demo_set *set;
    int exe;          /* the launcher's own program, to be executed again */
    int life_read;    /* ends when the keeper ends */
    int life_write;   /* the keeper's end of it, closed in every child */
    int report_write; /* struct stub_report of each process, live, zombie or gone */
    int report_read;
};

/* Opens the descriptors. 0, or a negative status. */
int tree_init(struct tree *tree, const struct demo_set *set);

/*
 * Starts the processes linked from `first` as children of the caller, each with its own children.
 * ret_pids[] takes the pids of the children that the caller has to reap (not of zombies that
 * shall last), *ret_count how many; it has room for set->count. What fails is reported.
 */
void tree_start(const struct tree *tree, int first, pid_t *ret_pids, size_t *ret_count);

#endif
