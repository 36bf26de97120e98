/* Files, processes and time as POSIX has them. */
#include "sim/system.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int system_open(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC);
}

int system_open_log(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

size_t system_folder_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

bool system_is_absolute(const char *path)
{
    return *path == '/';
}

bool system_mark(const char *path, struct system_mark *ret_mark)
{
    struct stat now;
    if (stat(path, &now) < 0)
        return false;
    uint64_t changed = (uint64_t)now.st_mtim.tv_sec * 1000000000 + (uint64_t)now.st_mtim.tv_nsec;
    *ret_mark = (struct system_mark){ now.st_ino, (uint64_t)now.st_size, changed };
    return true;
}

bool system_is_alive(uint32_t pid)
{
    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno != ESRCH);
}

void system_sleep(double seconds)
{
    struct timespec left = { (time_t)seconds, (long)((seconds - floor(seconds)) * 1e9) };
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
}

_Noreturn void system_hang(void)
{
    for (;;)
        pause();
}
