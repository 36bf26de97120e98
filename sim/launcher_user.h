/* Whose the demo processes are. Two files implement it, launcher_user_posix.c and
 * launcher_user_windows.c. */
#ifndef NVITOP_SIM_LAUNCHER_USER_H
#define NVITOP_SIM_LAUNCHER_USER_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct launcher_user {
    const char *name, *home; /* texts of the arena, or static */
    uint32_t uid, gid;
};

/* Who runs the launcher: name and home. */
void launcher_user_self(struct arena *arena, struct launcher_user *ret_user);

/* Whether a process may be another user's. */
bool launcher_user_may_change(void);

/* Home and numbers of the user of that name; false: there is none. */
bool launcher_user_find(const char *name, struct arena *arena, struct launcher_user *ret_user);

#endif
