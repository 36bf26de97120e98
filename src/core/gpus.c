/*
 * One job per GPU and pass. A task is the job's alone until the job is done; then device and
 * reading are moved back. A task that is not done by its deadline keeps both for ever.
 */
#include "core/gpus.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/device_row.h"
#include "core/worker.h"

enum { STAGE_OPEN = 1, THREADS_MAX = 64 };

struct task {
    struct nvml *nvml;
    unsigned index;
    struct device *device;
    struct device_request request;
    struct device_reading reading;
};

static void run_task(struct job *job, void *arg)
{
    struct task *task = arg;
    if (!task->device)
        task->device = device_open(task->nvml, task->index);
    job_advance(job, STAGE_OPEN);
    device_read(task->device, &task->request, &task->reading);
}

static void free_task(void *arg)
{
    struct task *task = arg;
    device_reading_done(&task->reading);
    device_free(task->device);
    free(task);
}

static struct task *task_new(struct nvml *nvml, struct gpu *gpu,
                             const struct device_request *request)
{
    struct task *task = xcalloc(1, sizeof(*task));
    *task = (struct task){
        .nvml = nvml, .index = gpu->index, .device = gpu->device, .request = *request
    };
    gpu->device = NULL;
    return task;
}

static void blank(struct gpu *gpu, enum device_condition condition, enum nvitop_why why)
{
    device_reading_done(&gpu->reading);
    gpu->reading.rows = arena_alloc(&gpu->reading.arena, sizeof(*gpu->reading.rows));
    gpu->reading.row_count = 1;
    device_row_blank(gpu->reading.rows, (int)gpu->index, condition, why);
}

static void take_back(struct gpu *gpu, struct task *task)
{
    device_reading_done(&gpu->reading);
    gpu->device = task->device;
    gpu->reading = task->reading;
    task->device = NULL;
    task->reading = (struct device_reading){ 0 };
}

/* One GPU in a pass: its task is NULL if it is not asked. */
struct errand {
    struct gpu *gpu;
    struct task *task;
    struct job *job;
    bool is_opening; /* the handle is looked up in this pass */
};

static void send(struct nvml *nvml, struct errand *errand, const struct device_request *request)
{
    struct gpu *gpu = errand->gpu;
    if (gpu->is_stuck) {
        blank(gpu, DEVICE_NOT_RESPONDING, NVITOP_WHY_NOT_RESPONDING);
        return;
    }
    if (gpu->is_asleep) {
        blank(gpu, DEVICE_SUSPENDED, NVITOP_WHY_SUSPENDED);
        return;
    }
    errand->is_opening = !gpu->device;
    errand->task = task_new(nvml, gpu, request);
    errand->job = job_start(run_task, free_task, errand->task);
    if (errand->job)
        return;
    gpu->device = errand->task->device; /* no thread to be had: nobody else calls the driver */
    errand->task->device = NULL;
    free_task(errand->task);
    blank(gpu, DEVICE_ERROR, NVITOP_WHY_ERROR);
}

static void collect(struct errand *errand, uint64_t deadline_ns)
{
    if (!errand->job)
        return;
    bool is_open = !errand->is_opening || job_stage(errand->job) >= STAGE_OPEN;
    if (is_open && job_wait(errand->job, JOB_DONE, deadline_ns)) {
        take_back(errand->gpu, errand->task);
    } else {
        errand->gpu->is_stuck = true;
        blank(errand->gpu, DEVICE_NOT_RESPONDING, NVITOP_WHY_NOT_RESPONDING);
    }
    job_release(errand->job);
}

static void read_some(struct nvml *nvml, struct gpu *gpus, size_t count,
                      const struct device_request *request, struct patience *patience,
                      uint64_t *reads_deadline_ns)
{
    struct errand errands[THREADS_MAX] = { 0 };
    for (size_t i = 0; i < count; i++) {
        errands[i].gpu = &gpus[i];
        send(nvml, &errands[i], request);
    }
    for (size_t i = 0; i < count; i++)
        if (errands[i].job && errands[i].is_opening)
            patience_wait(patience, errands[i].job, STAGE_OPEN);
    if (!*reads_deadline_ns)
        *reads_deadline_ns = clock_mono_ns() + GPUS_READ_MS * CLOCK_NS_PER_MS;
    for (size_t i = 0; i < count; i++)
        collect(&errands[i], *reads_deadline_ns);
}

void gpus_read(struct nvml *nvml, struct gpu *gpus, size_t count,
               const struct device_request *request, struct patience *patience,
               uint64_t *reads_deadline_ns)
{
    for (size_t at = 0; at < count; at += THREADS_MAX)
        read_some(nvml, gpus + at, MIN_OF(count - at, (size_t)THREADS_MAX), request, patience,
                  reads_deadline_ns);
}

void gpus_close(struct gpu *gpus, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        device_reading_done(&gpus[i].reading);
        device_free(gpus[i].device);
        gpus[i].device = NULL;
    }
}
