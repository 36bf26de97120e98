/*
 * One thread at a time. The join remembers who was there, so that %CPU is that of the time between
 * two snapshots; those that a snapshot of fewer devices does not show are remembered for a while.
 */
#include "core/session_host.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/filter.h"
#include "core/join.h"
#include "core/join_memory.h"
#include "core/lock.h"
#include "core/snapshot.h"
#include "host/host.h"

enum { COMMANDS_MS = 500, KEEP_S = 60 };

static void enter(struct session_host *host)
{
    lock_take(host->lock);
    host->is_inside = true;
}

static void leave(struct session_host *host)
{
    host->is_inside = false;
    lock_give(host->lock);
}

static int open_host(const char *procfs, struct host **ret_host)
{
    int status = host_open(procfs, ret_host);
    if (status < 0)
        return status;
    host_limit_kept(*ret_host, SESSION_KEPT_PROCESSES);
    host_count_from_boot(*ret_host);
    return NVITOP_OK;
}

int session_host_open(struct session_host *host, const char *procfs)
{
    int status = open_host(procfs, &host->host);
    if (status < 0)
        return status;
    host->procfs = procfs ? xstrdup(procfs) : NULL;
    host->pid_max = host_pid_max(host->host);
    totals_refresh(&host->totals, host->host);
    struct value total = host->totals.values[NVITOP_HOST_MEMORY_TOTAL - NVITOP_HOST_CPU_PERCENT];
    host->memory_total = value_number(total, 0);
    host->lock = lock_new();
    return NVITOP_OK;
}

void session_host_close(struct session_host *host)
{
    join_memory_free(host->memory);
    session_reader_free(atomic_load(&host->reader));
    host_close(host->host);
    lock_free(host->lock);
    free(host->procfs);
}

/* Threads of the memory are the parent's, and what another thread was in the middle of is left as
 * it is. Where the process file system cannot be opened again, the old one is used on. */
void session_host_after_fork(struct session_host *host)
{
    struct host *fresh;
    lock_after_fork(host->lock);
    host->memory = NULL;
    if (host->is_inside && open_host(host->procfs, &fresh) == NVITOP_OK) {
        host->host = fresh;
        host->totals = (struct totals){ 0 };
    }
    host->is_inside = false;
}

void session_host_totals(struct session_host *host, struct value *values)
{
    enter(host);
    totals_refresh(&host->totals, host->host);
    for (size_t i = 0; i < NVITOP_HOST_COUNT; i++)
        values[i] = host->totals.values[i];
    leave(host);
}

void session_host_join(struct session_host *host, enum nvml_pid_scope scope,
                       struct device_reading *readings, size_t count, struct snapshot *snapshot)
{
    static const struct filter everybody;
    enter(host);
    uint64_t now_ns = clock_mono_ns();
    if (!host->memory)
        host->memory = join_memory_new(host->procfs, NULL, NULL);
    totals_refresh(&host->totals, host->host);
    struct join_input input = {
        .host = host->host,
        .procfs = host->procfs,
        .pid_scope = scope,
        .totals = host->totals.values,
        .readings = readings,
        .reading_count = count,
        .filter = &everybody,
        .has_workloads = true,
        .deadline_ns = now_ns + COMMANDS_MS * CLOCK_NS_PER_MS,
        .memory = host->memory,
        .now_ns = now_ns,
        .keep_ns = KEEP_S * CLOCK_NS_PER_S,
    };
    join_snapshot(&input, snapshot);
    leave(host);
}
