/*
 * Who has which pid, and who started whom: the part of stat that makes a process the one it is.
 * What cannot be read whole is nobody.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "host/linux/internal.h"
#include "host/linux/procfile.h"

enum { STAT_SIZE = 1024, PATH_SIZE = 48 };

static bool read_stat(int dir, const char *path, struct parse_stat *ret_stat)
{
    char text[STAT_SIZE];
    int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    int len = procfile_reread(fd, text, sizeof(text));
    close(fd);
    return len > 0 && parse_stat(text, (size_t)len, ret_stat);
}

static bool read_stat_of(const char *root, pid_t pid, struct parse_stat *ret_stat)
{
    struct str path = { 0 };
    str_printf(&path, "%s/%ld/stat", root ? root : HOST_DEFAULT_ROOT, (long)pid);
    bool is_there = pid > 0 && read_stat(AT_FDCWD, str_text(&path), ret_stat);
    str_done(&path);
    return is_there;
}

static pid_t parent_of(const struct parse_stat *stat)
{
    return stat->ppid > 0 && stat->ppid <= INT32_MAX ? (pid_t)stat->ppid : 0;
}

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    struct parse_stat stat;
    return read_stat_of(root, pid, &stat) ? stat.start_ticks : 0;
}

pid_t host_parent(const char *root, pid_t pid)
{
    struct parse_stat stat;
    return read_stat_of(root, pid, &stat) ? parent_of(&stat) : 0;
}

size_t host_parents(struct host *host, struct arena *arena, struct host_parent **ret_parents)
{
    pid_t *pids;
    char path[PATH_SIZE];
    struct parse_stat stat;
    size_t count = host_pids(host, arena, &pids), read = 0;
    *ret_parents = arena_array(arena, count, sizeof(**ret_parents));
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%ld/stat", (long)pids[i]);
        if (!read_stat(host->root, path, &stat))
            continue;
        (*ret_parents)[read++] = (struct host_parent){ .pid = pids[i], .ppid = parent_of(&stat) };
    }
    return read;
}
