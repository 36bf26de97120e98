/*
 * Opening the tree, and what is true of it as a whole: whose pids it shows. A tree may be the
 * viewer's own /proc, that of another pid namespace (a container given the host's), or plain
 * files made for a test; only the first allows pids to be used outside of it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/linux/internal.h"
#include "host/linux/procfile.h"
#include "host/user_posix.h"

enum { PID_MAX_UNKNOWN = 4194304, KEPT_MAX = 400, KEPT_RESERVE = 192 };
enum { LINK_SIZE = 256, KTHREADD_PID = 2, UPTIME_MS = 2000 };

#define INITIAL_PID_NS "pid:[4026531836]" /* PROC_PID_INIT_INO of the kernel */

enum nvitop_why host_why_of_errno(int error)
{
    switch (error) {
    case ENOENT:
    case ESRCH: return NVITOP_WHY_GONE;
    case EACCES:
    case EPERM: return NVITOP_WHY_NO_PERMISSION;
    default: return NVITOP_WHY_ERROR;
    }
}

static bool read_link(int dir, const char *path, char ret_target[LINK_SIZE])
{
    ssize_t len = readlinkat(dir, path, ret_target, LINK_SIZE - 1);
    ret_target[MAX_OF(len, 0)] = 0;
    return len > 0;
}

static bool find_procfs(int root)
{
    struct statfs about;
    return fstatfs(root, &about) == 0 && about.f_type == PROC_SUPER_MAGIC;
}

/* Own: `self` of that mount is our pid, and the mount sees us through one namespace only (the same
 * number in another namespace would be chance). */
static bool find_own_mount(struct host *host)
{
    char self[LINK_SIZE], pid[16];
    snprintf(pid, sizeof(pid), "%ld", (long)getpid());
    return host->is_procfs && read_link(host->root, "self", self) && strcmp(self, pid) == 0 &&
           procfile_read(host->root, "self/status", HOST_FILE_LIMIT, &host->text) == 0 &&
           parse_status_namespaces(str_text(&host->text)) == 1;
}

/* Kernel threads live in the initial namespace only, and the first of them is number 2. */
static bool has_kthreadd(struct host *host)
{
    const uint64_t kernel_thread = 0x00200000; /* PF_KTHREAD */
    char path[16];
    struct parse_stat stat;
    snprintf(path, sizeof(path), "%d/stat", KTHREADD_PID);
    return procfile_read(host->root, path, HOST_FILE_LIMIT, &host->text) == 0 &&
           parse_stat(host->text.data, host->text.len, &stat) && (stat.flags & kernel_thread);
}

/* On another mount our own namespace says nothing; its init or its kernel threads do. */
static bool find_initial_pid_ns(struct host *host)
{
    char ns[LINK_SIZE];
    const char *path = host->is_own_mount ? "self/ns/pid" : "1/ns/pid";
    if (read_link(host->root, path, ns))
        return strcmp(ns, INITIAL_PID_NS) == 0;
    return has_kthreadd(host);
}

static uint32_t find_pid_max(struct host *host)
{
    long long pid_max;
    if (procfile_read(host->root, "sys/kernel/pid_max", HOST_FILE_LIMIT, &host->text) != 0)
        return PID_MAX_UNKNOWN;
    host->text.data[strcspn(host->text.data, "\n")] = 0;
    bool is_sane =
        str_parse_int(host->text.data, 10, &pid_max) && pid_max > 0 && pid_max <= PID_MAX_UNKNOWN;
    return is_sane ? (uint32_t)pid_max : PID_MAX_UNKNOWN;
}

static double clock_of_tree(const struct host *host)
{
    return host->is_procfs ? (double)clock_mono_ns() / 1e9 : 0;
}

void host_read_uptime(struct host *host)
{
    double uptime;
    host->has_uptime = procfile_read(host->root, "uptime", HOST_FILE_LIMIT, &host->text) == 0 &&
                       parse_reals(str_text(&host->text), 1, &uptime);
    host->uptime_ns = clock_mono_ns();
    if (host->has_uptime)
        host->uptime_offset = uptime - clock_of_tree(host);
}

double host_uptime(struct host *host)
{
    if (host->is_procfs && clock_mono_ns() - host->uptime_ns > UPTIME_MS * CLOCK_NS_PER_MS)
        host_read_uptime(host);
    return host->uptime_offset + clock_of_tree(host);
}

/* Processes to keep two descriptors of: not so many that the program runs out of them, and none in
 * a tree of plain files, where reading a kept one would not tell that the process has gone. */
static size_t find_kept_limit(struct host *host)
{
    struct rlimit limit;
    if (!host->is_procfs || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < KEPT_RESERVE)
        return 0;
    return MIN_OF((size_t)KEPT_MAX, (size_t)(limit.rlim_cur - KEPT_RESERVE) / 2);
}

int host_open(const char *path, struct host **ret_host)
{
    int root = open(path ? path : HOST_DEFAULT_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return NVITOP_ENOTFOUND;
    if (faccessat(root, "stat", R_OK, AT_EACCESS) != 0) {
        close(root);
        return NVITOP_ENOTFOUND;
    }
    struct host *host = xcalloc(1, sizeof(*host));
    host->root = root;
    host->ticks_per_second = (double)sysconf(_SC_CLK_TCK);
    host->page_size = sysconf(_SC_PAGESIZE);
    host->is_procfs = find_procfs(root);
    host->is_own_mount = find_own_mount(host);
    host->is_initial_pid_ns = find_initial_pid_ns(host);
    host->pid_max = find_pid_max(host);
    host->kept_limit = find_kept_limit(host);
    host_read_uptime(host);
    *ret_host = host;
    return NVITOP_OK;
}

void host_close(struct host *host)
{
    if (!host)
        return;
    host_forget(host, NULL, 0);
    close(host->root);
    free(host->slots);
    names_done(&host->names);
    str_done(&host->text);
    free(host);
}

uint32_t host_pid_max(struct host *host)
{
    return host->pid_max;
}

bool host_is_initial_pid_ns(struct host *host)
{
    return host->is_initial_pid_ns;
}

bool host_is_own_mount(struct host *host)
{
    return host->is_own_mount;
}

static char *ask_name(struct arena *arena, const void *uid)
{
    return user_name(arena, *(const uid_t *)uid);
}

static char *digits(struct arena *arena, const void *uid)
{
    return user_digits(arena, *(const uid_t *)uid);
}

const char *host_user_name(struct host *host, uid_t uid, bool *ret_is_known)
{
    static const struct names_source source = { ask_name, digits };
    return names_get(&host->names, &source, &uid, sizeof(uid), ret_is_known);
}
