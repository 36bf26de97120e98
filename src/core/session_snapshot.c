/*
 * A snapshot: one job for each GPU, all against one deadline. A job that is late keeps its GPU, and
 * gives it back when the driver has answered; nobody waits for it meanwhile.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/device.h"
#include "core/driver.h"
#include "core/session.h"
#include "core/session_state.h"
#include "core/worker.h"

enum { STAGE_OPEN = 1, THREADS_MAX = 64 };

/* The job's alone until it is done. */
struct task {
    struct session_engine *engine;
    struct session_gpu *gpu; /* held */
    uint64_t deadline_ns;    /* for its turn */
    struct device_request request;
    struct device_reading reading;
    bool is_read;
};

struct errand {
    struct session_gpu *gpu;
    struct task *task;
    struct job *job;
    bool is_opening; /* its handle is looked up, which may take longer */
};

static void run_task(struct job *job, void *arg)
{
    struct task *task = arg;
    if (session_gpu_take(task->engine, task->gpu, task->deadline_ns)) {
        job_advance(job, STAGE_OPEN);
        device_read(task->gpu->device, &task->request, &task->reading);
        session_gpu_give(task->gpu, task->reading.rows);
        task->is_read = true;
    }
    session_gpu_drop(task->gpu);
}

static void free_task(void *arg)
{
    struct task *task = arg;
    device_reading_done(&task->reading);
    free(task);
}

static void send(struct session_engine *engine, struct errand *errand,
                 const struct device_request *request)
{
    errand->is_opening = !session_gpu_is_open(errand->gpu);
    unsigned ms = errand->is_opening ? engine->limits.open_ms : engine->limits.read_ms;
    errand->task = xcalloc(1, sizeof(*errand->task));
    *errand->task = (struct task){ .engine = engine,
                                   .gpu = errand->gpu,
                                   .deadline_ns = clock_mono_ns() + ms * CLOCK_NS_PER_MS,
                                   .request = *request };
    session_gpu_hold(errand->gpu);
    errand->job = job_start(run_task, free_task, errand->task);
    if (errand->job)
        return;
    session_gpu_drop(errand->gpu);
    free_task(errand->task);
}

static void take_silent(struct session_gpu *gpu, struct device_reading *ret_reading)
{
    *ret_reading = (struct device_reading){ 0 };
    ret_reading->rows = arena_array(&ret_reading->arena, 1, sizeof(*ret_reading->rows));
    ret_reading->row_count = 1;
    session_gpu_silent_row(gpu, &ret_reading->arena, ret_reading->rows);
}

static void collect(struct errand *errand, uint64_t deadline_ns, struct device_reading *ret_reading)
{
    bool is_done = errand->job && job_wait(errand->job, JOB_DONE, deadline_ns);
    if (is_done && errand->task->is_read) {
        *ret_reading = errand->task->reading;
        errand->task->reading = (struct device_reading){ 0 };
    } else {
        take_silent(errand->gpu, ret_reading);
    }
    if (errand->job)
        job_release(errand->job);
}

static void read_some(struct session_engine *engine, struct errand *errands, size_t count,
                      const struct device_request *request, struct device_reading *readings)
{
    uint64_t now_ns = clock_mono_ns();
    uint64_t open_ns = now_ns + engine->limits.open_ms * CLOCK_NS_PER_MS;
    uint64_t read_ns = now_ns + engine->limits.read_ms * CLOCK_NS_PER_MS;
    bool has_waited = false;
    for (size_t i = 0; i < count; i++)
        send(engine, &errands[i], request);
    for (size_t i = 0; i < count; i++)
        if (errands[i].job && errands[i].is_opening) {
            job_wait(errands[i].job, STAGE_OPEN, open_ns);
            has_waited = true;
        }
    if (has_waited)
        read_ns = clock_mono_ns() + engine->limits.read_ms * CLOCK_NS_PER_MS;
    for (size_t i = 0; i < count; i++)
        collect(&errands[i], read_ns, &readings[i]);
}

/* The GPUs that are wanted, in the caller's order; returns how many. */
static size_t choose(struct session_engine *engine, const struct session_request *request,
                     struct errand *errands)
{
    unsigned all = engine->driver->device_count;
    size_t count = 0;
    for (size_t i = 0; i < (request->gpus ? request->gpu_count : all); i++) {
        size_t index = request->gpus ? request->gpus[i] : i;
        if (index < all)
            errands[count++].gpu = &engine->gpus[index];
    }
    return count;
}

/* The driver is gone if a GPU says so and none says anything else; silence says nothing. */
static void hear_of_driver(struct session *session, struct session_engine *engine,
                           const struct device_reading *readings, size_t count)
{
    bool is_answered = false, is_gone = false;
    for (size_t i = 0; i < count; i++) {
        is_answered |= readings[i].is_answered;
        is_gone |= readings[i].driver_code != 0;
    }
    if (is_answered || is_gone)
        session_hear(session, engine, !is_answered);
}

static struct snapshot *begin_snapshot(const struct driver *driver, bool has_processes)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->driver_version = value_copy(&snapshot->arena, driver->driver_version);
    snapshot->cuda_version = value_copy(&snapshot->arena, driver->cuda_version);
    snapshot->driver_device_count = driver->device_count;
    snapshot->has_process_lists = nvml_has_process_symbols(driver->nvml);
    snapshot->has_processes = has_processes;
    return snapshot;
}

static struct snapshot *take(struct session *session, struct session_engine *engine,
                             const struct session_request *request)
{
    struct device_request wanted = { .metrics = request->metrics,
                                     .has_processes = request->has_processes,
                                     .pid_max = session->host.pid_max,
                                     .pace = { .is_uniform = true } };
    size_t most = request->gpus ? request->gpu_count : engine->driver->device_count;
    struct errand *errands = xcalloc(most, sizeof(*errands));
    struct device_reading *readings = xcalloc(most, sizeof(*readings));
    size_t count = choose(engine, request, errands);
    for (size_t at = 0; at < count; at += THREADS_MAX)
        read_some(engine, errands + at, MIN_OF(count - at, (size_t)THREADS_MAX), &wanted,
                  readings + at);
    hear_of_driver(session, engine, readings, count);
    struct snapshot *snapshot = begin_snapshot(engine->driver, request->has_processes);
    session_host_join(&session->host, nvml_pid_scope(engine->driver->nvml), readings, count,
                      snapshot);
    snapshot->mono_ns = clock_mono_ns();
    snapshot->epoch_us = clock_epoch_us();
    free(readings);
    free(errands);
    return snapshot;
}

int session_snapshot(struct session *session, const struct session_request *request,
                     struct snapshot **ret_snapshot)
{
    struct session_engine *engine;
    int status = session_enter_ready(session, &engine);
    if (status < 0)
        return status;
    *ret_snapshot = take(session, engine, request);
    session_leave_ready(session, engine);
    return NVITOP_OK;
}
