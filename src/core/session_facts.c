/*
 * What the host says of processes, those that the driver lists among them, for whoever asks, on the
 * caller's thread.
 *
 * The reader, with the descriptors and names that it keeps, belongs to the thread that took it out
 * of its place; another one that comes meanwhile opens one of its own, which is closed again if the
 * place is taken. So nobody waits for anybody, and a child of a fork finds a reader that is whole,
 * or none.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/device.h"
#include "core/process_memory.h"
#include "core/session.h"
#include "core/session_host.h"
#include "host/host.h"

/* After so many looks, what is kept of processes that the newest question was not about is dropped:
 * most of them will have ended. */
enum { LOOKS_MAX = 4096 };

struct session_reader {
    struct host *host;
    size_t looks;
};

static int open_reader(const char *procfs, struct session_reader **ret_reader)
{
    struct host *host;
    int status = host_open(procfs, &host);
    if (status < 0)
        return status;
    host_limit_kept(host, SESSION_KEPT_PROCESSES);
    host_want_exact(host);
    struct session_reader *reader = xcalloc(1, sizeof(*reader));
    reader->host = host;
    *ret_reader = reader;
    return NVITOP_OK;
}

void session_reader_free(struct session_reader *reader)
{
    if (!reader)
        return;
    host_close(reader->host);
    free(reader);
}

static int take_reader(struct session_host *host, struct session_reader **ret_reader)
{
    *ret_reader = atomic_exchange(&host->reader, NULL);
    return *ret_reader ? NVITOP_OK : open_reader(host->procfs, ret_reader);
}

static void give_reader(struct session_host *host, struct session_reader *reader)
{
    struct session_reader *none = NULL;
    if (!atomic_compare_exchange_strong(&host->reader, &none, reader))
        session_reader_free(reader);
}

static int compare_pids(const void *left, const void *right)
{
    pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;
    return (a > b) - (a < b);
}

/* Is it time to drop what is kept of processes that this question was not about? */
static bool is_crowded(struct session_reader *reader, size_t looks)
{
    bool is_full = reader->looks + looks > LOOKS_MAX;
    reader->looks = is_full ? 0 : reader->looks + looks;
    return is_full;
}

/* `pids` are put in order. */
static void forget_others(struct session_reader *reader, pid_t *pids, size_t count)
{
    qsort(pids, count, sizeof(*pids), compare_pids);
    host_forget(reader->host, pids, count);
}

static struct session_fact fact_of(const struct host_process *facts)
{
    static const enum process_presence presences[] = {
        [HOST_PRESENT] = PROCESS_PRESENT,
        [HOST_GONE] = PROCESS_GONE,
        [HOST_HIDDEN] = PROCESS_HIDDEN,
        [HOST_ZOMBIE] = PROCESS_ZOMBIE,
    };
    return (struct session_fact){
        .presence = presences[facts->presence],
        .start_ticks = facts->start_ticks,
        .read_ns = clock_mono_ns(),
        .uid = facts->uid,
        .user = facts->user,
        .ppid = facts->ppid,
        .threads = facts->threads,
        .state = facts->state,
        .name = facts->name,
        .command = value_na(NVITOP_WHY_NOT_ASKED),
        .rss = facts->rss,
        .cpu_seconds = facts->cpu_seconds,
        .running_time = facts->running_time,
        .comm = facts->comm,
    };
}

/* The command line first: a pid that another process has got since the reader knows it is found out
 * by what is read last. */
static void read_fact(const struct session_host *host, struct session_reader *reader, pid_t pid,
                      bool has_commands, struct arena *arena, struct session_fact *ret_fact)
{
    struct host_process facts;
    struct host_command command = { 0 };
    const char *argv = NULL;
    size_t argv_len = 0;
    if (has_commands && pid)
        host_argv_read_blocking(host->procfs, pid, arena, &command, &argv, &argv_len);
    host_process_read(reader->host, pid, arena, &facts);
    *ret_fact = fact_of(&facts);
    if (!has_commands)
        return;
    bool is_there = facts.presence == HOST_PRESENT || facts.presence == HOST_ZOMBIE;
    ret_fact->command = is_there ? command.command : facts.name;
    ret_fact->argv = is_there ? argv : NULL;
    ret_fact->argv_len = ret_fact->argv ? argv_len : 0;
}

int session_host_facts(struct session_host *host, const uint32_t *pids, size_t count,
                       bool has_commands, struct arena *arena, struct session_fact *ret_facts)
{
    struct session_reader *reader;
    pid_t *numbers = arena_array(arena, count, sizeof(*numbers));
    int status = take_reader(host, &reader);
    if (status < 0)
        return status;
    for (size_t i = 0; i < count; i++) {
        numbers[i] = pids[i] <= INT32_MAX ? (pid_t)pids[i] : 0;
        read_fact(host, reader, numbers[i], has_commands, arena, &ret_facts[i]);
    }
    if (is_crowded(reader, count))
        forget_others(reader, numbers, count);
    give_reader(host, reader);
    return NVITOP_OK;
}

/* Whether a pid that the driver tells is one of ours. */
static bool is_ours(struct host *host, enum nvml_pid_scope scope, pid_t pid)
{
    enum nvitop_why why;
    return scope == NVML_PIDS_OURS ||
           (scope == NVML_PIDS_BY_KERNEL &&
            (host_is_initial_pid_ns(host) || host_process_has_gpu(host, pid, &why)));
}

void session_host_complete(struct session_host *host, enum nvml_pid_scope scope,
                           struct device_reading *reading, struct arena *arena,
                           struct session_start *ret_starts)
{
    struct session_reader *reader;
    size_t count = reading->process_count;
    pid_t *numbers = arena_array(arena, count, sizeof(*numbers));
    for (size_t i = 0; i < count; i++) /* until it is known better */
        ret_starts[i].is_foreign = scope != NVML_PIDS_OURS;
    if (!count || take_reader(host, &reader) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        struct device_process *process = &reading->processes[i];
        uint32_t pid = process->row.pid;
        numbers[i] = pid <= host->pid_max ? (pid_t)pid : 0;
        ret_starts[i].is_foreign = !is_ours(reader->host, scope, numbers[i]);
        if (numbers[i] && !ret_starts[i].is_foreign)
            ret_starts[i].ticks = host_process_start(reader->host, numbers[i]);
        process->row.used_memory =
            process_memory_of(&process->row, &reading->rows[process->device], reader->host);
    }
    if (is_crowded(reader, count))
        forget_others(reader, numbers, count);
    give_reader(host, reader);
}
