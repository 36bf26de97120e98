/*
 * The old (v1) freezer, because a thread in it can't even be killed: that is what a driver call
 * stuck in the kernel looks like. The simulated driver puts its threads into it and freezes it.
 */
#include "sim/launcher_freezer.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

enum { STEP_MS = 20, STEPS = 250 };

static bool thaw(const char *folder)
{
    struct str path = { 0 };
    str_printf(&path, "%s/freezer.state", folder);
    int file = open(str_text(&path), O_WRONLY | O_CLOEXEC);
    bool is_done = file >= 0 && write(file, "THAWED", strlen("THAWED")) > 0;
    if (file >= 0)
        close(file);
    str_done(&path);
    return is_done;
}

static char *find_mount(void)
{
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    struct mntent *mount;
    char *found = NULL;
    while (mounts && !found && (mount = getmntent(mounts)))
        if (strcmp(mount->mnt_type, "cgroup") == 0 && hasmntopt(mount, "freezer"))
            found = strdup(mount->mnt_dir);
    if (mounts)
        endmntent(mounts);
    return found;
}

char *freezer_make(const char **ret_why)
{
    struct str folder = { 0 };
    char *mount = find_mount();
    *ret_why = "no freezer cgroup (v1) is mounted here";
    if (!mount)
        return NULL;
    str_printf(&folder, "%s/nvitop-sim-%d", mount, (int)getpid());
    free(mount);
    rmdir(str_text(&folder));
    *ret_why = "a freezer cgroup can't be made here (root only)";
    if (mkdir(str_text(&folder), 0755) == 0)
        return str_take(&folder);
    str_done(&folder);
    return NULL;
}

void freezer_remove(const char *folder)
{
    const struct timespec step = { .tv_nsec = STEP_MS * (long)CLOCK_NS_PER_MS };
    for (int i = 0; i < STEPS && thaw(folder) && rmdir(folder) < 0 && errno == EBUSY; i++)
        nanosleep(&step, NULL);
}
