/* Users as POSIX has them: root may become any. */
#include "sim/launcher_user.h"

#include <pwd.h>
#include <unistd.h>

#include "base/arena.h"

void launcher_user_self(struct arena *arena, struct launcher_user *ret_user)
{
    struct passwd *self = getpwuid(geteuid());
    ret_user->name = arena_strdup(arena, self ? self->pw_name : "user");
    ret_user->home = arena_strdup(arena, self ? self->pw_dir : "/");
}

bool launcher_user_may_change(void)
{
    return geteuid() == 0;
}

bool launcher_user_find(const char *name, struct arena *arena, struct launcher_user *ret_user)
{
    struct passwd *user = getpwnam(name);
    if (!user)
        return false;
    ret_user->home = arena_strdup(arena, user->pw_dir);
    ret_user->uid = user->pw_uid;
    ret_user->gid = user->pw_gid;
    return true;
}
