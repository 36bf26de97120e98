/*
 * Two hold the service, the host worker and the handle, as with every job: whoever lets go last
 * frees it. Closing is done by the host worker itself, so that it is over whenever that returns.
 */
#include "core/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/bell.h"
#include "core/errands.h"
#include "core/join_memory.h"
#include "core/service_board.h"
#include "core/service_driver.h"
#include "core/service_host.h"
#include "core/service_look.h"
#include "core/service_state.h"
#include "core/worker.h"
#include "host/host.h"

struct service_handle {
    struct job *job;
    struct board *board; /* of the service, which the handle holds */
    struct bell *bell;
    struct errands *errands;
    struct ending *ending;
};

/* What the host worker and the handle share about the end; part of the job's argument. */
struct ending {
    struct service service;
    _Atomic uint64_t deadline_ns;
    bool is_clean; /* to be read after the job */
};

/* On the thread that reads command lines. */
static void note_commands(void *arg)
{
    struct service *service = arg;
    service->has_commands = true;
    bell_ring(service->bell);
}

static void note_errand(void *arg)
{
    board_wake(arg);
}

static void run_host(struct job *job, void *arg)
{
    struct ending *ending = arg;
    (void)job;
    service_run(&ending->service);
    ending->is_clean = service_close_driver(&ending->service, ending->deadline_ns);
    ending->is_clean &= join_memory_free(ending->service.memory);
    ending->service.memory = NULL;
}

static void free_service(void *arg)
{
    struct ending *ending = arg;
    struct service *service = &ending->service;
    join_memory_free(service->memory);
    snapshot_unref(service->newest);
    board_free(service->board);
    bell_unref(service->bell);
    host_close(service->host);
    arena_done(&service->arena);
    free(ending);
}

static const int64_t *copy_numbers(struct arena *arena, const int64_t *from, size_t count)
{
    int64_t *to = arena_array(arena, count, sizeof(*to));
    if (count)
        memcpy(to, from, count * sizeof(*to));
    return to;
}

/* The program's options may be gone before a thread that was left behind is. */
static void copy_options(struct service *service, const struct sampler_options *options)
{
    struct arena *arena = &service->arena;
    struct sampler_options *copy = &service->options;
    *copy = *options;
    copy->nvml_path = arena_strdup(arena, options->nvml_path);
    copy->procfs = arena_strdup(arena, options->procfs);
    copy->visible = arena_strdup(arena, options->visible);
    copy->sysfs = arena_strdup(arena, options->sysfs);
    copy->cuda_helper = arena_strdup(arena, options->cuda_helper);
    copy->only = copy_numbers(arena, options->only, options->only_count);
    if (options->filter.pids)
        copy->filter.pids = copy_numbers(arena, options->filter.pids, options->filter.pid_count);
    if (!options->filter.users)
        return;
    const char **users = arena_array(arena, options->filter.user_count, sizeof(*users));
    for (size_t i = 0; i < options->filter.user_count; i++)
        users[i] = arena_strdup(arena, options->filter.users[i]);
    copy->filter.users = users;
}

static struct ending *service_new(const struct sampler_options *options, struct host *host,
                                  const struct source_demand *demand)
{
    struct ending *ending = xcalloc(1, sizeof(*ending));
    struct service *service = &ending->service;
    copy_options(service, options);
    service->board = board_new();
    if (!service->board) {
        free_service(ending);
        return NULL;
    }
    service->bell = bell_new();
    service->host = host;
    service->memory = join_memory_new(service->options.procfs, note_commands, service);
    service->pid_max = host_pid_max(host);
    service->is_choosing = options->is_only_visible && !options->has_only;
    service->driver_state = DRIVER_WAITING;
    service->driver_since_us = clock_epoch_us();
    service_look_at_host(service);
    board_demand(service->board, demand);
    return ending;
}

struct service_handle *service_start(const struct sampler_options *options, struct host *host,
                                     const struct source_demand *demand)
{
    struct ending *ending = service_new(options, host, demand);
    if (!ending)
        return NULL;
    struct service_handle *handle = xcalloc(1, sizeof(*handle));
    *handle = (struct service_handle){ .board = ending->service.board,
                                       .bell = bell_ref(ending->service.bell),
                                       .ending = ending };
    struct errands_options errands = { .procfs = options->procfs,
                                       .has_signals = host_is_own_mount(host),
                                       .notify = note_errand,
                                       .arg = handle->board };
    handle->errands = errands_new(&errands);
    handle->job = job_start(run_host, free_service, ending);
    if (handle->job)
        return handle;
    errands_free(handle->errands, 0);
    ending->service.host = NULL;
    free_service(ending);
    bell_unref(handle->bell);
    free(handle);
    return NULL;
}

void service_demand(struct service_handle *handle, const struct source_demand *demand)
{
    board_demand(handle->board, demand);
    bell_ring(handle->bell);
}

void service_refresh(struct service_handle *handle)
{
    board_ask_refresh(handle->board);
    bell_ring(handle->bell);
}

struct board *service_board(struct service_handle *handle)
{
    return handle->board;
}

struct errands *service_errands(struct service_handle *handle)
{
    return handle->errands;
}

bool service_close(struct service_handle *handle, uint64_t deadline_ns)
{
    handle->ending->deadline_ns = deadline_ns;
    board_end(handle->board);
    bell_ring(handle->bell);
    bool is_clean = errands_free(handle->errands, deadline_ns);
    is_clean &= job_wait(handle->job, JOB_DONE, deadline_ns) && handle->ending->is_clean;
    job_release(handle->job);
    bell_unref(handle->bell);
    free(handle);
    return is_clean;
}
