/*
 * Invariants: tasks before `next` have been begun, by one thread each; `to_open` and `to_do` count
 * those that are not so far yet. A task is its thread's alone until it is done, and whoever is left
 * behind at the deadline keeps its GPU, gives it back when the driver has answered, and finds all
 * it works on in memory.
 */
#include "core/session_crew.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/lock.h"
#include "core/worker.h"

/* How long one thread is alone: several times what a quick driver takes for a server of GPUs, and
 * nothing beside what a slow one takes for one of them. */
enum { AHEAD_NS = 400 * 1000, CREW_MAX = 64 };

struct task {
    struct session_gpu *gpu; /* held */
    bool is_opening;         /* its handle is looked up, which may take longer */
    bool is_done, is_read;
    struct device_reading reading;
};

struct crew {
    struct session_engine *engine;
    struct device_request request;
    uint64_t open_ns, read_ns; /* until then somebody's turn is waited for */
    struct lock *lock;         /* guards the rest */
    unsigned holders;          /* threads, and the caller */
    size_t next, to_open, to_do, count;
    struct task tasks[CREW_MAX];
};

static void let_go(void *arg)
{
    struct crew *crew = arg;
    lock_take(crew->lock);
    bool is_last = --crew->holders == 0;
    lock_give(crew->lock);
    if (!is_last)
        return;
    for (size_t i = 0; i < crew->count; i++)
        device_reading_done(&crew->tasks[i].reading);
    lock_free(crew->lock);
    free(crew);
}

/* ---- a thread's side ---- */

static struct task *begin_next(struct crew *crew)
{
    lock_take(crew->lock);
    struct task *task = crew->next < crew->count ? &crew->tasks[crew->next++] : NULL;
    lock_give(crew->lock);
    return task;
}

/* With the lock: the caller waits for all of them, and is not woken for less. */
static void count_down(struct crew *crew, size_t *left)
{
    if (--*left == 0)
        lock_wake(crew->lock);
}

static void tell_open(struct crew *crew, struct task *task)
{
    lock_take(crew->lock);
    if (task->is_opening)
        count_down(crew, &crew->to_open);
    task->is_opening = false;
    lock_give(crew->lock);
}

static void finish(struct crew *crew, struct task *task, bool is_read)
{
    tell_open(crew, task);
    session_gpu_drop(task->gpu);
    lock_take(crew->lock);
    task->is_done = true;
    task->is_read = is_read;
    count_down(crew, &crew->to_do);
    lock_give(crew->lock);
}

static void run_tasks(struct job *job, void *arg)
{
    struct crew *crew = arg;
    (void)job;
    for (struct task *task = begin_next(crew); task; task = begin_next(crew)) {
        uint64_t turn_ns = task->is_opening ? crew->open_ns : crew->read_ns;
        bool is_mine = session_gpu_take(crew->engine, task->gpu, turn_ns);
        if (is_mine) {
            tell_open(crew, task);
            device_read(task->gpu->device, &crew->request, &task->reading);
            session_gpu_give(task->gpu, task->reading.rows);
        }
        finish(crew, task, is_mine);
    }
}

/* ---- the caller's side ---- */

static struct crew *assemble(struct session_engine *engine, struct session_gpu *const *gpus,
                             size_t count, const struct device_request *request)
{
    struct crew *crew = xcalloc(1, sizeof(*crew));
    uint64_t now_ns = clock_mono_ns();
    crew->engine = engine;
    crew->request = *request;
    crew->open_ns = now_ns + engine->limits.open_ms * CLOCK_NS_PER_MS;
    crew->read_ns = now_ns + engine->limits.read_ms * CLOCK_NS_PER_MS;
    crew->lock = lock_new();
    crew->holders = 1;
    crew->to_do = crew->count = count;
    for (size_t i = 0; i < count; i++) {
        crew->tasks[i].gpu = gpus[i];
        crew->tasks[i].is_opening = !session_gpu_is_open(gpus[i]);
        crew->to_open += crew->tasks[i].is_opening;
        session_gpu_hold(gpus[i]);
    }
    return crew;
}

static void send_one(struct crew *crew)
{
    lock_take(crew->lock);
    crew->holders++;
    lock_give(crew->lock);
    struct job *job = job_start(run_tasks, let_go, crew);
    if (job)
        job_release(job);
    else
        let_go(crew);
}

static size_t not_begun(struct crew *crew)
{
    lock_take(crew->lock);
    size_t count = crew->count - crew->next;
    lock_give(crew->lock);
    return count;
}

static void send_many(struct crew *crew)
{
    for (size_t count = not_begun(crew); count > 0; count--)
        send_one(crew);
}

/* False: nobody is there to wait for, or they took too long. */
static bool await(struct crew *crew, const size_t *left, uint64_t deadline_ns)
{
    lock_take(crew->lock);
    while (*left > 0 && crew->holders > 1 && clock_mono_ns() < deadline_ns)
        lock_wait(crew->lock, deadline_ns);
    bool is_reached = *left == 0;
    lock_give(crew->lock);
    return is_reached;
}

static void await_all(struct crew *crew)
{
    uint64_t read_ns = crew->read_ns;
    if (crew->to_open > 0) {
        send_many(crew);
        await(crew, &crew->to_open, crew->open_ns);
        read_ns = clock_mono_ns() + crew->engine->limits.read_ms * CLOCK_NS_PER_MS;
    } else {
        send_one(crew);
        if (await(crew, &crew->to_do, clock_mono_ns() + AHEAD_NS))
            return;
        send_many(crew);
    }
    await(crew, &crew->to_do, read_ns);
}

/* With the lock, from now on nobody begins anything. */
static void take_over(struct crew *crew, struct device_reading *readings)
{
    for (size_t i = 0; i < crew->count; i++) {
        struct task *task = &crew->tasks[i];
        readings[i] = (struct device_reading){ 0 };
        if (i >= crew->next)
            session_gpu_drop(task->gpu);
        if (!task->is_done || !task->is_read)
            continue;
        readings[i] = task->reading;
        task->reading = (struct device_reading){ 0 };
    }
    crew->next = crew->count;
}

static void fall_silent(struct session_gpu *gpu, struct device_reading *reading)
{
    reading->rows = arena_array(&reading->arena, 1, sizeof(*reading->rows));
    reading->row_count = 1;
    session_gpu_silent_row(gpu, &reading->arena, reading->rows);
}

static void read_some(struct session_engine *engine, struct session_gpu *const *gpus, size_t count,
                      const struct device_request *request, struct device_reading *readings)
{
    struct crew *crew = assemble(engine, gpus, count, request);
    await_all(crew);
    lock_take(crew->lock);
    take_over(crew, readings);
    lock_give(crew->lock);
    let_go(crew);
    for (size_t i = 0; i < count; i++)
        if (!readings[i].rows)
            fall_silent(gpus[i], &readings[i]);
}

void session_crew_read(struct session_engine *engine, struct session_gpu *const *gpus, size_t count,
                       const struct device_request *request, struct device_reading *readings)
{
    for (size_t at = 0; at < count; at += CREW_MAX)
        read_some(engine, gpus + at, MIN_OF(count - at, (size_t)CREW_MAX), request, readings + at);
}
