/*
 * One job per GPU and pass. A task is the job's alone until the job is done; then device and
 * reading are moved back. A task that is not done by its deadline keeps both for ever.
 */
#include "core/gpus.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/worker.h"

enum { STAGE_OPEN = 1 };

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

/* Without a thread to spare the pass runs here: slower, and unguarded, but true. */
static struct job *start_or_run(struct gpu *gpu, struct task *task)
{
    struct job *job = job_start(run_task, free_task, task);
    if (job)
        return job;
    task->device = task->device ? task->device : device_open(task->nvml, task->index);
    device_read(task->device, &task->request, &task->reading);
    take_back(gpu, task);
    free_task(task);
    return NULL;
}

void gpus_read(struct nvml *nvml, struct gpu *gpus, size_t count,
               const struct device_request *request, struct patience *patience, unsigned read_ms)
{
    struct job **jobs = xcalloc(count, sizeof(struct job *));
    struct task **tasks = xcalloc(count, sizeof(struct task *));
    for (size_t i = 0; i < count; i++) {
        if (gpus[i].is_stuck)
            blank(&gpus[i], DEVICE_NOT_RESPONDING, NVITOP_WHY_NOT_RESPONDING);
        else if (gpus[i].is_asleep)
            blank(&gpus[i], DEVICE_SUSPENDED, NVITOP_WHY_SUSPENDED);
        if (gpus[i].is_stuck || gpus[i].is_asleep)
            continue;
        tasks[i] = task_new(nvml, &gpus[i], request);
        jobs[i] = start_or_run(&gpus[i], tasks[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (jobs[i])
            patience_wait(patience, jobs[i], STAGE_OPEN);
    uint64_t deadline = clock_mono_ns() + read_ms * CLOCK_NS_PER_MS;
    for (size_t i = 0; i < count; i++) {
        if (!jobs[i])
            continue;
        bool is_open = job_stage(jobs[i]) >= STAGE_OPEN;
        if (is_open && job_wait(jobs[i], JOB_DONE, deadline)) {
            take_back(&gpus[i], tasks[i]);
        } else {
            gpus[i].is_stuck = true;
            blank(&gpus[i], DEVICE_NOT_RESPONDING, NVITOP_WHY_NOT_RESPONDING);
        }
        job_release(jobs[i]);
    }
    free(tasks);
    free(jobs);
}

void gpus_close(struct gpu *gpus, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        device_reading_done(&gpus[i].reading);
        device_free(gpus[i].device);
        gpus[i].device = NULL;
    }
}
