/*
 * Invariants: whoever is inside is counted, and nothing that a thread inside may use is freed. The
 * engine, once there, stays until the session is closed or a child of a fork forgets it; but where
 * all GPUs say that the driver is gone, whoever comes next lets nobody else in, and when all have
 * left closes it and opens it anew.
 */
#include "core/session.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/driver.h"
#include "core/lock.h"
#include "core/session_state.h"
#include "host/host.h"

int session_open(const struct session_options *options, struct session **ret_session)
{
    struct session *session = xcalloc(1, sizeof(*session));
    int status = session_host_open(&session->host, options->procfs);
    if (status < 0) {
        free(session);
        return status;
    }
    session->nvml_path = options->nvml_path ? xstrdup(options->nvml_path) : NULL;
    session->limits = (struct session_limits){ options->open_ms, options->read_ms };
    session->cache_ms = options->cache_ms;
    session->lock = lock_new();
    *ret_session = session;
    return NVITOP_OK;
}

/* No more calls from now on; true if nobody is inside any more. */
static bool shut(struct session *session, uint64_t deadline_ns)
{
    lock_take(session->lock);
    session->is_closing = true;
    lock_wake(session->lock);
    while (session->caller_count && clock_mono_ns() < deadline_ns)
        lock_wait(session->lock, deadline_ns);
    bool is_empty = !session->caller_count;
    lock_give(session->lock);
    return is_empty;
}

bool session_close(struct session *session, uint64_t deadline_ns)
{
    if (!session)
        return true;
    if (!shut(session, deadline_ns))
        return false;
    session_abandon_opening(session, deadline_ns);
    session_engine_close(session->engine, deadline_ns);
    session_host_close(&session->host);
    lock_free(session->lock);
    free(session->nvml_path);
    free(session);
    return true;
}

/* The parent's threads are not here, nor is what they held given back: it stays where it is. */
void session_after_fork(struct session *session)
{
    lock_after_fork(session->lock);
    session->caller_count = 0;
    session->is_opening = false;
    session->opening = NULL;
    session->engine = NULL;
    session->pause_s = 0;
    session->failure = (struct nvml_failure){ 0 };
    session_host_after_fork(&session->host);
}

/* ---- who is inside ---- */

int session_enter(struct session *session)
{
    lock_take(session->lock);
    int status = session->is_closing ? NVITOP_ESTATE : NVITOP_OK;
    session->caller_count += status == NVITOP_OK;
    lock_give(session->lock);
    return status;
}

void session_leave(struct session *session)
{
    lock_take(session->lock);
    session->caller_count--;
    lock_wake(session->lock);
    lock_give(session->lock);
}

/* How long those who are inside are waited for, before the driver is opened anew. */
enum { DRAIN_MS = 100 };

/* With the lock: whether the engine is to make room for another. */
static bool is_to_renew(const struct session *session)
{
    return session->engine && session->engine->is_gone && clock_mono_ns() >= session->renew_ns;
}

/* With the lock, and nobody is let in meanwhile: in a busy program, somebody is always inside. A
 * driver that has gone answers at once; where a call is out for longer, another try comes later. */
static bool is_left(struct session *session)
{
    struct session_engine *engine = session->engine;
    uint64_t deadline_ns = clock_mono_ns() + DRAIN_MS * CLOCK_NS_PER_MS;
    while (engine && engine->caller_count && !session->is_closing && clock_mono_ns() < deadline_ns)
        lock_wait(session->lock, deadline_ns);
    if (!engine || (!engine->caller_count && session_engine_is_idle(engine)))
        return true;
    session->renew_ns = clock_mono_ns() + CLOCK_NS_PER_S;
    return false;
}

/* With the lock, which is given up meanwhile. */
static void open_driver(struct session *session)
{
    struct nvml_failure failure;
    session->is_opening = true;
    if (!is_left(session)) {
        session->is_opening = false;
        lock_wake(session->lock);
        return;
    }
    struct session_engine *old = session->engine;
    uint64_t deadline_ns = clock_mono_ns() + session->limits.read_ms * CLOCK_NS_PER_MS;
    session->engine = NULL;
    lock_give(session->lock);
    session_engine_close(old, deadline_ns);
    struct session_engine *engine = session_open_driver(session, &failure);
    lock_take(session->lock);
    session->engine = engine;
    session->failure = failure;
    session->is_opening = false;
    lock_wake(session->lock);
}

int session_enter_ready(struct session *session, struct session_engine **ret_engine)
{
    int status = session_enter(session);
    if (status < 0)
        return status;
    lock_take(session->lock);
    if (!session->is_opening && (!session->engine || is_to_renew(session)))
        open_driver(session);
    while (session->is_opening && !session->is_closing)
        lock_wait(session->lock, UINT64_MAX);
    status = session->is_opening ? NVITOP_ESTATE : session->failure.status;
    if (status == NVITOP_OK) {
        session->engine->caller_count++;
        *ret_engine = session->engine;
    }
    lock_give(session->lock);
    if (status < 0)
        session_leave(session);
    return status;
}

void session_leave_ready(struct session *session, struct session_engine *engine)
{
    lock_take(session->lock);
    engine->caller_count--;
    lock_give(session->lock);
    session_leave(session);
}

/* Renewed at once, then after pauses twice as long each. */
void session_hear(struct session *session, struct session_engine *engine, bool is_gone)
{
    enum { PAUSE_MAX_S = 30 };
    lock_take(session->lock);
    if (is_gone && !engine->is_gone) {
        session->renew_ns = clock_mono_ns() + session->pause_s * CLOCK_NS_PER_S;
        session->pause_s = MIN_OF(session->pause_s * 2 + 1, (unsigned)PAUSE_MAX_S);
    } else if (!is_gone) {
        session->pause_s = 0;
    }
    engine->is_gone = is_gone;
    lock_give(session->lock);
}

/* ---- the driver ---- */

int session_ready(struct session *session, struct nvml_failure *ret_failure)
{
    struct session_engine *engine;
    int status = session_enter_ready(session, &engine);
    if (status == NVITOP_OK)
        session_leave_ready(session, engine);
    else if (ret_failure)
        session_failure(session, ret_failure);
    return status;
}

void session_failure(struct session *session, struct nvml_failure *ret_failure)
{
    lock_take(session->lock);
    *ret_failure = session->failure;
    lock_give(session->lock);
}

int session_driver(struct session *session, struct arena *arena, struct session_driver *ret_driver)
{
    struct session_engine *engine;
    int status = session_enter_ready(session, &engine);
    if (status < 0)
        return status;
    *ret_driver = (struct session_driver){
        .gpu_count = engine->driver->device_count,
        .driver_version = value_copy(arena, engine->driver->driver_version),
        .cuda_version = value_copy(arena, engine->driver->cuda_version),
        .library_version = value_copy(arena, engine->library_version),
        .library_path = value_text(arena_strdup(arena, nvml_library_path(engine->driver->nvml))),
    };
    session_leave_ready(session, engine);
    return NVITOP_OK;
}

/* ---- the host ---- */

void session_host(struct session *session, struct value values[NVITOP_HOST_COUNT])
{
    session_host_totals(&session->host, values);
}

int session_facts(struct session *session, const uint32_t *pids, size_t count, bool has_commands,
                  struct arena *arena, struct session_fact *ret_facts)
{
    return session_host_facts(&session->host, pids, count, has_commands, arena, ret_facts);
}

static bool is_among(pid_t pid, const int32_t *roots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (roots[i] == pid)
            return true;
    return false;
}

bool session_descends(struct session *session, uint32_t pid, const int32_t *roots, size_t count)
{
    enum { GENERATIONS_MAX = 4096 };
    const char *procfs = session->host.procfs;
    pid_t ancestor = (pid_t)pid;
    if (pid > session->host.pid_max || !host_start_ticks(procfs, ancestor))
        return false;
    if (is_among(1, roots, count))
        return true;
    for (int i = 0; ancestor > 0 && i < GENERATIONS_MAX; i++) {
        if (is_among(ancestor, roots, count))
            return true;
        ancestor = host_parent(procfs, ancestor);
    }
    return false;
}
