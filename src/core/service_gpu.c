/*
 * Invariant: device and view are the thread's alone; what is under the mutex (order, reading) is
 * handed over whole. An order that was not expected, or came too late for its round, answers
 * nobody.
 */
#include "core/service_gpu.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/bell.h"
#include "core/worker.h"

enum { STAGE_OPEN = 1 };

struct gpu_worker {
    struct nvml *view;
    unsigned index;
    struct bell *bell;
    struct job *job;
    uint64_t born_ns;
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    struct gpu_order order; /* the one to do next */
    bool has_order, is_expected, is_busy, is_ending;
    bool is_new; /* it has had no order yet */
    bool has_reading;
    struct device_reading reading;
    uint64_t began_ns;
};

struct errand {
    struct gpu_order order;
    bool is_expected;
};

/* Waits for the next order; false: the end. */
static bool next_errand(struct gpu_worker *worker, struct errand *ret_errand)
{
    pthread_mutex_lock(&worker->mutex);
    worker->is_busy = false;
    while (!worker->has_order && !worker->is_ending)
        pthread_cond_wait(&worker->moved, &worker->mutex);
    bool goes_on = !worker->is_ending;
    *ret_errand = (struct errand){ .order = worker->order, .is_expected = worker->is_expected };
    worker->has_order = worker->is_expected = false;
    worker->is_busy = goes_on;
    pthread_mutex_unlock(&worker->mutex);
    return goes_on;
}

static void leave(struct gpu_worker *worker, struct device_reading *reading, uint64_t began_ns)
{
    pthread_mutex_lock(&worker->mutex);
    struct device_reading old = worker->reading;
    worker->reading = *reading;
    worker->has_reading = true;
    worker->began_ns = began_ns;
    pthread_mutex_unlock(&worker->mutex);
    device_reading_done(&old);
}

static void run_worker(struct job *job, void *arg)
{
    struct gpu_worker *worker = arg;
    struct errand errand;
    struct device *device = device_open(worker->view, worker->index);
    job_advance(job, STAGE_OPEN);
    while (next_errand(worker, &errand)) {
        struct device_reading reading;
        uint64_t began_ns = clock_mono_ns();
        device_read(device, &errand.order.request, &reading);
        reading.took_ns = clock_mono_ns() - began_ns;
        leave(worker, &reading, began_ns);
        bool is_late = !errand.is_expected || !bell_answer(worker->bell, errand.order.round);
        if (is_late && errand.order.is_urgent)
            bell_ring(worker->bell);
    }
    device_free(device);
    bell_ring(worker->bell);
}

static void free_worker(void *arg)
{
    struct gpu_worker *worker = arg;
    device_reading_done(&worker->reading);
    nvml_view_free(worker->view);
    bell_unref(worker->bell);
    pthread_cond_destroy(&worker->moved);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
}

struct gpu_worker *gpu_worker_start(struct nvml *nvml, unsigned index, struct bell *bell)
{
    struct gpu_worker *worker = xcalloc(1, sizeof(*worker));
    worker->view = nvml_view(nvml);
    worker->index = index;
    worker->bell = bell_ref(bell);
    worker->born_ns = clock_mono_ns();
    worker->is_busy = worker->is_new = true; /* with the look-up */
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->moved, NULL);
    worker->job = job_start(run_worker, free_worker, worker);
    if (worker->job)
        return worker;
    free_worker(worker);
    return NULL;
}

void gpu_worker_order(struct gpu_worker *worker, const struct gpu_order *order)
{
    pthread_mutex_lock(&worker->mutex);
    worker->is_expected =
        !order->is_unawaited && (worker->is_new || (!worker->is_busy && !worker->has_order));
    if (worker->is_expected)
        bell_round_expect(worker->bell);
    struct gpu_order old = worker->order;
    bool is_merged = worker->has_order;
    worker->order = *order;
    worker->order.request.has_processes |= is_merged && old.request.has_processes;
    worker->order.request.pace.is_everything |= is_merged && old.request.pace.is_everything;
    worker->order.request.pace.is_addition &= !is_merged || old.request.pace.is_addition;
    worker->order.is_urgent |= is_merged && old.is_urgent;
    worker->has_order = true;
    worker->is_new = false;
    pthread_cond_signal(&worker->moved);
    pthread_mutex_unlock(&worker->mutex);
}

bool gpu_worker_take(struct gpu_worker *worker, struct device_reading *ret_reading,
                     uint64_t *ret_began_ns)
{
    pthread_mutex_lock(&worker->mutex);
    bool has = worker->has_reading;
    if (has) {
        *ret_reading = worker->reading;
        *ret_began_ns = worker->began_ns;
        worker->reading = (struct device_reading){ 0 };
        worker->has_reading = false;
    }
    pthread_mutex_unlock(&worker->mutex);
    return has;
}

uint64_t gpu_worker_out_ns(const struct gpu_worker *worker)
{
    return nvml_call_out_ns(worker->view);
}

bool gpu_worker_is_open(struct gpu_worker *worker)
{
    return job_stage(worker->job) >= STAGE_OPEN;
}

uint64_t gpu_worker_born_ns(const struct gpu_worker *worker)
{
    return worker->born_ns;
}

bool gpu_worker_is_idle(struct gpu_worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    bool is_idle = !worker->is_busy && !worker->has_order;
    pthread_mutex_unlock(&worker->mutex);
    return is_idle;
}

void gpu_worker_end(struct gpu_worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    worker->is_ending = true;
    pthread_cond_signal(&worker->moved);
    pthread_mutex_unlock(&worker->mutex);
}

bool gpu_worker_release(struct gpu_worker *worker, uint64_t deadline_ns)
{
    if (!worker)
        return true;
    gpu_worker_end(worker);
    bool is_over = job_wait(worker->job, JOB_DONE, deadline_ns);
    job_release(worker->job);
    return is_over;
}
