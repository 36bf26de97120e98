/*
 * Questions about one device, on the thread of whoever asks. What a GPU says here is what it says
 * in a snapshot, unified memory included.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/device.h"
#include "core/device_row.h"
#include "core/driver.h"
#include "core/session.h"
#include "core/session_state.h"
#include "core/uma.h"

/* One question, from begin to end. */
struct question {
    struct session *session;
    struct session_engine *engine;
    struct session_gpu *gpu;
    bool is_silent; /* the GPU does not answer: it was not asked */
};

static int begin(struct session *session, int32_t gpu, struct question *ret_question)
{
    struct session_engine *engine;
    int status = session_enter_ready(session, &engine);
    if (status < 0)
        return status;
    if (gpu < 0 || gpu >= (int64_t)engine->driver->device_count) {
        session_leave_ready(session, engine);
        return NVITOP_EINVAL;
    }
    *ret_question = (struct question){ session, engine, &engine->gpus[gpu], false };
    session_gpu_hold(ret_question->gpu);
    ret_question->is_silent = !session_gpu_take(engine, ret_question->gpu, UINT64_MAX);
    return NVITOP_OK;
}

/* The GPU is somebody else's from now on. */
static void give(struct question *question, const struct snapshot_device *row)
{
    if (!question->is_silent)
        session_gpu_give(question->gpu, row);
    session_gpu_drop(question->gpu);
}

static void end(struct question *question, const struct snapshot_device *row)
{
    give(question, row);
    session_leave_ready(question->session, question->engine);
}

static struct device_request request_of(const struct session *session,
                                        const struct metric_set *wanted)
{
    return (
        struct device_request){ .metrics = { *wanted, *wanted },
                                .pid_max = session->host.pid_max,
                                .pace = { .period_ms = session->cache_ms, .is_uniform = true } };
}

/* The row of a MIG device that cannot be asked, because its GPU does not answer or is lost. */
static void as_child(int32_t mig, struct snapshot_device *row)
{
    row->mig = mig;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        row->values[i] =
            value_na(metric_device[i].has == METRIC_GPU_ONLY ? NVITOP_WHY_NOT_APPLICABLE
                     : row->condition == DEVICE_LOST         ? NVITOP_WHY_LOST
                                                             : NVITOP_WHY_NOT_RESPONDING);
}

/* Reads one row; a MIG device that is not there is lost if its GPU is. False: there is none. */
static bool read_one(struct question *question, int32_t mig, const struct device_request *request,
                     struct device_reading *ret_reading)
{
    struct device *device = question->gpu->device;
    struct device_request look = { .pace = request->pace };
    if (device_read_one(device, mig, request, ret_reading))
        return true;
    metric_set_add(&look.metrics.gpu, NVITOP_DEV_MIG_MODE);
    device_read_one(device, -1, &look, ret_reading);
    if (ret_reading->rows->condition == DEVICE_LOST) {
        as_child(mig, ret_reading->rows);
        return true;
    }
    device_reading_done(ret_reading);
    return false;
}

/* ---- unified memory ---- */

static bool wants_memory(const struct metric_set *wanted)
{
    static const int ids[] = { NVITOP_DEV_MEMORY_TOTAL,   NVITOP_DEV_MEMORY_USED,
                               NVITOP_DEV_MEMORY_FREE,    NVITOP_DEV_MEMORY_RESERVED,
                               NVITOP_DEV_MEMORY_PERCENT, NVITOP_DEV_MEMORY_KIND };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (metric_set_has(wanted, ids[i]))
            return true;
    return false;
}

/* The host's total alone tells whether it is such a board; the rest is read only then. */
static bool is_unified(const struct session *session, const struct snapshot_device *row)
{
    struct value totals[NVITOP_HOST_COUNT];
    for (size_t i = 0; i < NVITOP_HOST_COUNT; i++)
        totals[i] = value_na(NVITOP_WHY_NOT_ASKED);
    totals[NVITOP_HOST_MEMORY_TOTAL - NVITOP_HOST_CPU_PERCENT] =
        value_real(session->host.memory_total);
    return uma_is(row, totals);
}

/* As a snapshot does it: the GPU with its processes, beside the host's totals. */
static void read_unified(struct question *question, const struct device_request *request,
                         struct device_reading *reading)
{
    struct value totals[NVITOP_HOST_COUNT];
    struct device_request full = *request;
    struct device_reading whole;
    full.has_processes = true;
    device_read(question->gpu->device, &full, &whole);
    session_host_totals(&question->session->host, totals);
    uma_apply(whole.rows, &whole, totals, true);
    *reading->rows = *whole.rows;
    arena_merge(&reading->arena, &whole.arena);
    device_reading_done(&whole);
}

/* ---- questions ---- */

static void ask(struct question *question, int32_t mig, const struct metric_set *wanted,
                struct device_reading *reading, int *ret_status)
{
    struct device_request request = request_of(question->session, wanted);
    bool has_memory = mig < 0 && wants_memory(wanted);
    if (has_memory)
        metric_set_add(&request.metrics.gpu, NVITOP_DEV_MEMORY_TOTAL);
    *ret_status = NVITOP_ENOTFOUND;
    if (!read_one(question, mig, &request, reading))
        return;
    *ret_status = NVITOP_OK;
    if (has_memory && is_unified(question->session, reading->rows))
        read_unified(question, &request, reading);
}

int session_read(struct session *session, struct nvitop_index index,
                 const struct metric_set *wanted, struct arena *arena,
                 struct session_reading *ret_reading)
{
    struct question question;
    struct device_reading reading = { 0 };
    int status = begin(session, index.physical, &question);
    if (status < 0)
        return status;
    if (question.is_silent) {
        *ret_reading = (struct session_reading){ 0 };
        session_gpu_silent_row(question.gpu, arena, &ret_reading->row);
        if (index.mig >= 0)
            as_child(index.mig, &ret_reading->row);
        end(&question, NULL);
        return NVITOP_OK;
    }
    ask(&question, index.mig, wanted, &reading, &status);
    end(&question, reading.rows);
    if (status < 0)
        return status;
    ret_reading->row = *reading.rows;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        ret_reading->ages_ms[i] = reading.ages_ms[i];
    arena_merge(arena, &reading.arena);
    return NVITOP_OK;
}

static void fill_processes(const struct question *question, struct device_reading *reading,
                           struct arena *arena, struct session_processes *ret_processes)
{
    enum nvml_pid_scope scope = nvml_pid_scope(question->engine->driver->nvml);
    struct session_start *starts = arena_array(arena, reading->process_count, sizeof(*starts));
    session_host_complete(&question->session->host, scope, reading, arena, starts);
    *ret_processes = (struct session_processes){ .rows = reading->processes,
                                                 .starts = starts,
                                                 .count = reading->process_count,
                                                 .why = reading->processes_why };
    if (reading->rows->condition == DEVICE_LOST)
        ret_processes->why = value_na(NVITOP_WHY_LOST);
    else if (reading->rows->condition == DEVICE_ERROR)
        ret_processes->why = value_na(nvml_code_why(reading->rows->code));
    arena_merge(arena, &reading->arena);
}

int session_processes(struct session *session, struct nvitop_index index, struct arena *arena,
                      struct session_processes *ret_processes)
{
    static const struct metric_set none;
    struct question question;
    struct device_reading reading = { 0 };
    struct device_request request = request_of(session, &none);
    request.has_processes = true;
    int status = begin(session, index.physical, &question);
    if (status < 0)
        return status;
    if (question.is_silent)
        *ret_processes = (struct session_processes){ .why = value_na(NVITOP_WHY_NOT_RESPONDING) };
    else if (!read_one(&question, index.mig, &request, &reading))
        status = NVITOP_ENOTFOUND;
    give(&question, reading.rows);
    if (reading.rows)
        fill_processes(&question, &reading, arena, ret_processes);
    session_leave_ready(session, question.engine);
    return status;
}

int session_children(struct session *session, int32_t gpu, struct arena *arena, int32_t **ret_migs,
                     size_t *ret_count)
{
    struct question question;
    int status = begin(session, gpu, &question);
    if (status < 0)
        return status;
    if (question.is_silent)
        status = NVITOP_ETIMEOUT;
    else
        device_children(question.gpu->device, arena, ret_migs, ret_count);
    end(&question, NULL);
    return status;
}

void session_forget(struct session *session, int32_t gpu)
{
    struct session_engine *engine;
    if (session_enter_ready(session, &engine) < 0)
        return;
    if (gpu >= 0 && gpu < (int64_t)engine->driver->device_count)
        session_gpu_forget(&engine->gpus[gpu]);
    session_leave_ready(session, engine);
}

int session_handle(struct session *session, struct nvitop_index index, void **ret_handle,
                   int *ret_code)
{
    struct question question;
    int code = 0;
    int status = begin(session, index.physical, &question);
    if (status < 0)
        return status;
    void *handle = NULL;
    if (question.is_silent)
        status = NVITOP_ETIMEOUT;
    else if (!device_handle(question.gpu->device, index.mig, &handle, &code))
        status = NVITOP_ENOTFOUND;
    end(&question, NULL);
    if (status < 0)
        return status;
    *ret_handle = handle;
    *ret_code = code;
    return NVITOP_OK;
}
