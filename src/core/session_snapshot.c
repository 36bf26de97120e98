/* A snapshot: all GPUs that are wanted are read, and joined with the host. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/device.h"
#include "core/driver.h"
#include "core/session.h"
#include "core/session_crew.h"
#include "core/session_state.h"

/* The GPUs that are wanted, in the caller's order; returns how many. */
static size_t choose(struct session_engine *engine, const struct session_request *request,
                     struct session_gpu **gpus)
{
    unsigned all = engine->driver->device_count;
    size_t count = 0;
    for (size_t i = 0; i < (request->gpus ? request->gpu_count : all); i++) {
        size_t index = request->gpus ? request->gpus[i] : i;
        if (index < all)
            gpus[count++] = &engine->gpus[index];
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
    struct session_gpu **gpus = xcalloc(most, sizeof(*gpus));
    struct device_reading *readings = xcalloc(most, sizeof(*readings));
    size_t count = choose(engine, request, gpus);
    session_crew_read(engine, gpus, count, &wanted, readings);
    hear_of_driver(session, engine, readings, count);
    struct snapshot *snapshot = begin_snapshot(engine->driver, request->has_processes);
    session_host_join(&session->host, nvml_pid_scope(engine->driver->nvml), readings, count,
                      snapshot);
    snapshot->mono_ns = clock_mono_ns();
    snapshot->epoch_us = clock_epoch_us();
    free(readings);
    free(gpus);
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
