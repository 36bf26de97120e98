/*
 * A task that is frozen by the v1 freezer sleeps uninterruptibly: SIGKILL stays pending and the
 * process can't end, as with a thread inside a driver that never returns. (The v2 freezer lets
 * SIGKILL through, so it can't stand in.)
 */
#include "freezer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATH_SIZE = 512 };

static bool write_file(const char *dir, const char *name, const char *text)
{
    char path[PATH_SIZE];
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path))
        return false;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t written = write(fd, text, strlen(text));
    close(fd);
    return written == (ssize_t)strlen(text);
}

bool freezer_freeze_self(const char *dir)
{
    char tid[32];
    snprintf(tid, sizeof(tid), "%ld", syscall(SYS_gettid));
    if (mkdir(dir, 0755) < 0 && errno != EEXIST)
        return false;
    return write_file(dir, "tasks", tid) && write_file(dir, "freezer.state", "FROZEN");
}

bool freezer_thaw(const char *dir)
{
    return write_file(dir, "freezer.state", "THAWED");
}
