/* Without a guard: on Windows a process can be ended whatever its threads do. */
#include "cmd/guard.h"

int guard_run(int (*child_main)(void *), void *arg)
{
    return child_main(arg);
}

void guard_terminal_taken(bool is_taken)
{
    (void)is_taken;
}

void guard_left_behind(bool is_left)
{
    (void)is_left;
}
