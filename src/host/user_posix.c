/*
 * The password database, and who the viewer is. A uid without an entry is normal (containers,
 * a directory server that is down) and shown as a number.
 */
#include "user_posix.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "host.h"

enum { ENTRY_SIZE_MIN = 1024, ENTRY_SIZE_MAX = 1024 * 1024, HOSTNAME_SIZE = 256 };

char *user_name(struct arena *arena, uid_t uid)
{
    char *name = NULL;
    for (size_t size = ENTRY_SIZE_MIN; !name && size <= ENTRY_SIZE_MAX; size *= 4) {
        struct passwd entry, *found = NULL;
        char *buffer = xmalloc(size);
        int error = getpwuid_r(uid, &entry, buffer, size, &found);
        if (found && found->pw_name[0])
            name = utf8_printable(arena, found->pw_name, strlen(found->pw_name));
        free(buffer);
        if (error != ERANGE)
            break;
    }
    return name;
}

char *user_digits(struct arena *arena, uid_t uid)
{
    return arena_printf(arena, "%lu", (unsigned long)uid);
}

void host_read_self(struct arena *arena, struct host_self *ret_self)
{
    char name[HOSTNAME_SIZE] = "";
    uid_t uid = geteuid();
    if (gethostname(name, sizeof(name) - 1) != 0 || !name[0])
        strcpy(name, "localhost");
    char *user = user_name(arena, uid);
    *ret_self = (struct host_self){
        .user = user ? user : user_digits(arena, uid),
        .hostname = utf8_printable(arena, name, strlen(name)),
        .uid = uid,
        .is_superuser = uid == 0,
    };
}

bool host_is_wsl(void)
{
    return environment_get("WSL_DISTRO_NAME") != NULL;
}

bool host_is_wddm(void)
{
    return host_is_wsl();
}

bool host_counts_gpu_memory(void)
{
    return false;
}

struct value host_gpu_memory(struct host *host, pid_t pid, const char *bus_id)
{
    (void)host, (void)pid, (void)bus_id;
    return value_na(NVITOP_WHY_NOT_SUPPORTED);
}
