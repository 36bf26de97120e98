/*
 * A platform without a reader. It tells what POSIX alone can tell (who the viewer is, whether a
 * pid exists) and says of everything else that it is not supported; it makes nothing up.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "host/host.h"

enum { PID_MAX_UNKNOWN = 4194304 };

struct host {
    uint32_t pid_max;
};

int host_open(const char *root, struct host **ret_host)
{
    if (root) /* there is no tree to be elsewhere */
        return NVITOP_ENOTSUP;
    struct host *host = xcalloc(1, sizeof(*host));
    host->pid_max = PID_MAX_UNKNOWN;
    *ret_host = host;
    return NVITOP_OK;
}

void host_close(struct host *host)
{
    free(host);
}

void host_read_totals(struct host *host, struct value values[NVITOP_HOST_COUNT])
{
    (void)host;
    for (int i = 0; i < NVITOP_HOST_COUNT; i++)
        values[i] = value_na(NVITOP_WHY_NOT_SUPPORTED);
}

uint32_t host_pid_max(struct host *host)
{
    return host->pid_max;
}

bool host_is_initial_pid_ns(struct host *host)
{
    (void)host;
    return true; /* pid namespaces are Linux's */
}

bool host_is_own_mount(struct host *host)
{
    (void)host;
    return false; /* without start times no pid can be told from its successor: no signals */
}

bool host_process_has_gpu(struct host *host, pid_t pid, enum nvitop_why *ret_why)
{
    (void)host;
    (void)pid;
    *ret_why = NVITOP_WHY_NOT_SUPPORTED;
    return false;
}

void host_process_read(struct host *host, pid_t pid, struct arena *arena,
                       struct host_process *ret_process)
{
    (void)host;
    (void)arena;
    bool is_gone = pid <= 0 || (kill(pid, 0) != 0 && errno != EPERM);
    *ret_process = is_gone
                       ? host_process_without_facts(pid, HOST_GONE, NVITOP_WHY_GONE)
                       : host_process_without_facts(pid, HOST_PRESENT, NVITOP_WHY_NOT_SUPPORTED);
}

uint64_t host_process_start(struct host *host, pid_t pid)
{
    (void)host;
    (void)pid;
    return 0;
}

void host_forget(struct host *host, const pid_t *pids, size_t count)
{
    (void)host;
    (void)pids;
    (void)count;
}

void host_count_from_boot(struct host *host)
{
    (void)host;
}

void host_limit_kept(struct host *host, size_t pids)
{
    (void)host;
    (void)pids;
}

void host_want_exact(struct host *host)
{
    (void)host;
}

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    (void)root;
    (void)pid;
    (void)arena;
    *ret_command = (struct host_command){ .command = value_na(NVITOP_WHY_NOT_SUPPORTED) };
}

void host_argv_read_blocking(const char *root, pid_t pid, struct arena *arena,
                             struct host_command *ret_command, const char **ret_argv,
                             size_t *ret_len)
{
    host_command_read_blocking(root, pid, arena, ret_command);
    *ret_argv = NULL;
    *ret_len = 0;
}

void host_environ_read_blocking(const char *root, pid_t pid, struct arena *arena, char ***ret_pairs,
                                size_t *ret_count, struct value *ret_why)
{
    (void)root;
    (void)pid;
    (void)arena;
    *ret_pairs = NULL;
    *ret_count = 0;
    *ret_why = value_na(NVITOP_WHY_NOT_SUPPORTED);
}

size_t host_pids(struct host *host, struct arena *arena, pid_t **ret_pids)
{
    (void)host;
    *ret_pids = arena_array(arena, 1, sizeof(**ret_pids));
    return 0;
}

size_t host_gpus_asleep(const char *sysfs, bool *ret_asleep, size_t cap)
{
    (void)sysfs;
    (void)ret_asleep;
    (void)cap;
    return 0;
}

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    (void)root;
    (void)pid;
    return 0;
}

pid_t host_parent(const char *root, pid_t pid)
{
    (void)root;
    (void)pid;
    return 0;
}

int host_signal(const char *root, pid_t pid, uint64_t start_ticks, int signal)
{
    (void)root;
    (void)pid;
    (void)start_ticks;
    (void)signal;
    return NVITOP_ENOTSUP; /* no pid can be told from its successor */
}

size_t host_parents(struct host *host, struct arena *arena, struct host_parent **ret_parents)
{
    (void)host;
    *ret_parents = arena_array(arena, 1, sizeof(**ret_parents));
    return 0;
}
