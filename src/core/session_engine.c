/*
 * Invariants: `device` is touched only by whoever has taken the GPU; who is late with it is not
 * taken the GPU from, it is only no longer waited for; all that a thread in the driver uses stays
 * in memory for as long as it has not come back.
 */
#include "core/session_engine.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/device.h"
#include "core/device_row.h"
#include "core/driver.h"
#include "core/lock.h"
#include "core/metric.h"

struct session_engine *session_engine_new(struct driver *driver, struct value library_version,
                                          struct session_limits limits)
{
    struct session_engine *engine = xcalloc(1, sizeof(*engine));
    engine->driver = driver;
    engine->limits = limits;
    engine->library_version = value_copy(&engine->arena, library_version);
    engine->gpus = xcalloc(driver->device_count, sizeof(*engine->gpus));
    for (unsigned i = 0; i < driver->device_count; i++) {
        struct session_gpu *gpu = &engine->gpus[i];
        gpu->index = i;
        gpu->lock = lock_new();
        device_row_blank(&gpu->facts, (int)i, DEVICE_OK, NVITOP_WHY_NOT_RESPONDING);
    }
    return engine;
}

/* True if nobody is in it, nor will be. One who is late already is not waited for. */
static bool await_users(struct session_gpu *gpu, uint64_t deadline_ns)
{
    lock_take(gpu->lock);
    for (bool has_time = true; gpu->user_count && has_time;) {
        uint64_t until_ns = gpu->is_out ? MIN_OF(gpu->due_ns, deadline_ns) : deadline_ns;
        has_time = clock_mono_ns() < until_ns;
        if (has_time)
            lock_wait(gpu->lock, until_ns);
    }
    bool is_free = !gpu->user_count;
    lock_give(gpu->lock);
    return is_free;
}

void session_engine_close(struct session_engine *engine, uint64_t deadline_ns)
{
    bool is_free = true;
    if (!engine)
        return;
    for (unsigned i = 0; i < engine->driver->device_count && is_free; i++)
        is_free = await_users(&engine->gpus[i], deadline_ns);
    if (!is_free)
        return;
    for (unsigned i = 0; i < engine->driver->device_count; i++) {
        device_free(engine->gpus[i].device);
        arena_done(&engine->gpus[i].arena);
        lock_free(engine->gpus[i].lock);
    }
    free(engine->gpus);
    driver_close(engine->driver, false, deadline_ns);
    arena_done(&engine->arena);
    free(engine);
}

bool session_engine_is_idle(struct session_engine *engine)
{
    for (unsigned i = 0; i < engine->driver->device_count; i++)
        if (!await_users(&engine->gpus[i], 0))
            return false;
    return true;
}

/* ---- one GPU ---- */

void session_gpu_hold(struct session_gpu *gpu)
{
    lock_take(gpu->lock);
    gpu->user_count++;
    lock_give(gpu->lock);
}

void session_gpu_drop(struct session_gpu *gpu)
{
    lock_take(gpu->lock);
    gpu->user_count--;
    lock_wake(gpu->lock);
    lock_give(gpu->lock);
}

static void set_due(struct session_gpu *gpu, unsigned ms)
{
    gpu->due_ns = clock_mono_ns() + ms * CLOCK_NS_PER_MS;
}

static void forget(struct session_gpu *gpu)
{
    arena_done(&gpu->arena);
    device_row_blank(&gpu->facts, (int)gpu->index, DEVICE_OK, NVITOP_WHY_NOT_RESPONDING);
}

/* With the lock: waits until it is back, or nobody should wait any more. */
static bool await_return(struct session_gpu *gpu, uint64_t deadline_ns)
{
    while (gpu->is_out) {
        uint64_t until_ns = MIN_OF(deadline_ns, gpu->due_ns);
        if (clock_mono_ns() >= until_ns)
            return false;
        lock_wait(gpu->lock, until_ns);
    }
    return true;
}

static void look_up(struct session_engine *engine, struct session_gpu *gpu)
{
    gpu->device = device_open(engine->driver->nvml, gpu->index);
    lock_take(gpu->lock);
    gpu->is_open = true;
    set_due(gpu, engine->limits.read_ms);
    lock_give(gpu->lock);
}

bool session_gpu_take(struct session_engine *engine, struct session_gpu *gpu, uint64_t deadline_ns)
{
    lock_take(gpu->lock);
    bool is_mine = await_return(gpu, deadline_ns);
    bool is_to_forget = is_mine && gpu->is_to_forget;
    if (is_mine) {
        gpu->is_out = true;
        gpu->is_to_forget = false;
        set_due(gpu, gpu->is_open ? engine->limits.read_ms : engine->limits.open_ms);
    }
    lock_give(gpu->lock);
    if (!is_mine)
        return false;
    if (!gpu->device)
        look_up(engine, gpu);
    else if (is_to_forget)
        device_forget(gpu->device);
    return true;
}

/* With the lock. */
static void keep_facts(struct session_gpu *gpu, const struct snapshot_device *row)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].tier == TIER_STATIC && value_is_na(gpu->facts.values[i]) &&
            !value_is_na(row->values[i]))
            gpu->facts.values[i] = value_copy(&gpu->arena, row->values[i]);
}

void session_gpu_give(struct session_gpu *gpu, const struct snapshot_device *row)
{
    lock_take(gpu->lock);
    if (row && row->mig < 0 && !gpu->is_to_forget)
        keep_facts(gpu, row);
    gpu->is_out = false;
    lock_wake(gpu->lock);
    lock_give(gpu->lock);
}

bool session_gpu_is_open(struct session_gpu *gpu)
{
    lock_take(gpu->lock);
    bool is_open = gpu->is_open;
    lock_give(gpu->lock);
    return is_open;
}

void session_gpu_forget(struct session_gpu *gpu)
{
    lock_take(gpu->lock);
    forget(gpu);
    gpu->is_to_forget = true;
    lock_give(gpu->lock);
}

void session_gpu_silent_row(struct session_gpu *gpu, struct arena *arena,
                            struct snapshot_device *ret_row)
{
    lock_take(gpu->lock);
    *ret_row = gpu->facts;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        ret_row->values[i] = value_copy(arena, gpu->facts.values[i]);
    lock_give(gpu->lock);
    device_row_fade(ret_row, DEVICE_NOT_RESPONDING, NVITOP_WHY_NOT_RESPONDING);
}
