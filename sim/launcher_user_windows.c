/* Users of Windows have passwords to come in by, so every demo process is the launcher's user's. */
#include "sim/launcher_user.h"

#include "base/arena.h"
#include "base/environment.h"

void launcher_user_self(struct arena *arena, struct launcher_user *ret_user)
{
    const char *name = environment_get("USERNAME"), *home = environment_get("USERPROFILE");
    ret_user->name = arena_strdup(arena, name ? name : "user");
    ret_user->home = arena_strdup(arena, home ? home : "C:\\");
}

bool launcher_user_may_change(void)
{
    return false;
}

bool launcher_user_find(const char *name, struct arena *arena, struct launcher_user *ret_user)
{
    (void)name, (void)arena, (void)ret_user;
    return false;
}
