/*
 * The guard: a small parent that gives the shell its prompt back even when a driver call never
 * returns. A thread stuck in the kernel keeps its process from ending; so the program's work is
 * done in a child, and the parent leaves as soon as that child has said its exit status.
 */
#ifndef NVITOP_CMD_GUARD_H
#define NVITOP_CMD_GUARD_H

#include <stdbool.h>

/*
 * Runs child_main in a child and returns its exit status. Ends by the same signal if the child was
 * ended by one. In the child, all of this process' state is a copy and no other thread exists yet;
 * its stdio is flushed and stdin, stdout and stderr are closed when child_main returns.
 * Without a child (NVITOP_GUARD=0, or none can be made) child_main runs here.
 */
int guard_run(int (*child_main)(void *), void *arg);

/* Called in the child: it has taken over the terminal, or given it back. If it ends in between,
 * the guard restores the terminal. */
void guard_terminal_taken(bool is_taken);

/* Called in the child before child_main returns: whether a thread is stuck, so that the child
 * cannot end. The guard then leaves without it; else it waits a moment to reap it. */
void guard_left_behind(bool is_left);

#endif
