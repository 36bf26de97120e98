/*
 * Opening, closing, forking, and what the driver and the host say of themselves. Where a call is
 * still in the driver when a session is closed, all that it may come back to stays in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/api.h"
#include "api/helper.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"
#include "core/lock.h"

enum { OPEN_MS = 30000, READ_MS = 3000, CLOSE_MS = 3000 };

void nvitop_options_init(struct nvitop_options *options)
{
    if (options)
        *options = (struct nvitop_options){ .size = sizeof(*options) };
}

/* ---- forks ---- */

static void renew(void *object)
{
    struct nvitop_session *session = object;
    lock_after_fork(session->lock);
    session_after_fork(session->core);
}

int api_enter(struct nvitop_session *session)
{
    if (!session)
        return NVITOP_EINVAL;
    api_adopt(&session->pid, renew, session);
    return NVITOP_OK;
}

int api_begin(struct nvitop_session *session)
{
    int status = api_enter(session);
    return status < 0 ? status : session_enter(session->core);
}

void api_end(struct nvitop_session *session)
{
    session_leave(session->core);
}

int nvitop_session_after_fork(struct nvitop_session *session)
{
    return api_enter(session);
}

/* ---- a session's life ---- */

static struct session_options core_options(const struct nvitop_options *options)
{
    const char *path = options->nvml_path ? options->nvml_path : environment_trusted("NVITOP_NVML");
    return (struct session_options){
        .nvml_path = path && *path ? path : NULL,
        .procfs = options->procfs,
        .cache_ms = options->cache_ttl_ms,
        .open_ms = options->open_timeout_ms ? options->open_timeout_ms : OPEN_MS,
        .read_ms = options->read_timeout_ms ? options->read_timeout_ms : READ_MS,
    };
}

int nvitop_session_open(const struct nvitop_options *options, struct nvitop_session **ret_session)
{
    struct nvitop_options full;
    nvitop_options_init(&full);
    if (!ret_session || (options && !api_copy_in(&full, sizeof(full), options)) ||
        (full.flags & ~(uint32_t)NVITOP_OPEN_LAZY))
        return NVITOP_EINVAL;
    struct session_options core = core_options(&full);
    struct nvitop_session *session = xcalloc(1, sizeof(*session));
    int status = session_open(&core, &session->core);
    if (status < 0) {
        free(session);
        return status;
    }
    if (!full.cuda_helper)
        session->cuda_helper = helper_find();
    else if (*full.cuda_helper)
        session->cuda_helper = xstrdup(full.cuda_helper);
    session->lock = lock_new();
    atomic_init(&session->pid, (long)getpid());
    if (!(full.flags & NVITOP_OPEN_LAZY))
        status = session_ready(session->core, NULL);
    if (status < 0)
        nvitop_session_close(session);
    else
        *ret_session = session;
    return status;
}

void nvitop_session_close(struct nvitop_session *session)
{
    if (api_enter(session) < 0)
        return;
    uint64_t deadline = clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS;
    if (!api_collectors_end(session, deadline))
        session_enter(session->core); /* for the thread that was left: it is inside for ever */
    if (!session_close(session->core, deadline))
        return;
    api_keep_done(session);
    lock_free(session->lock);
    free(session->cuda_helper);
    free(session);
}

/* ---- the driver ---- */

int nvitop_session_status(struct nvitop_session *session)
{
    int status = api_begin(session);
    if (status < 0)
        return status;
    status = session_ready(session->core, NULL);
    api_end(session);
    return status;
}

int nvitop_session_failure(struct nvitop_session *session, struct nvitop_failure *ret_failure)
{
    struct nvml_failure failure;
    int status = ret_failure ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    session_failure(session->core, &failure);
    api_end(session);
    struct nvitop_failure public = { .status = failure.status, .nvml_code = failure.code };
    snprintf(public.text, sizeof(public.text), "%s", failure.text);
    return api_copy_out(ret_failure, &public, sizeof(public)) ? NVITOP_OK : NVITOP_EINVAL;
}

/* One of the texts, by its place in what the core tells. */
static int tell_text(struct nvitop_session *session, size_t offset, struct nvitop_value *ret_value)
{
    struct session_driver driver;
    struct arena arena = { 0 };
    int status = ret_value ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = session_driver(session->core, &arena, &driver);
    if (status == NVITOP_OK)
        *ret_value =
            api_value_kept(session, *(const struct value *)((const char *)&driver + offset));
    arena_done(&arena);
    api_end(session);
    return status;
}

int nvitop_driver_version(struct nvitop_session *session, struct nvitop_value *ret_value)
{
    return tell_text(session, offsetof(struct session_driver, driver_version), ret_value);
}

int nvitop_cuda_driver_version(struct nvitop_session *session, struct nvitop_value *ret_value)
{
    return tell_text(session, offsetof(struct session_driver, cuda_version), ret_value);
}

int nvitop_nvml_version(struct nvitop_session *session, struct nvitop_value *ret_value)
{
    return tell_text(session, offsetof(struct session_driver, library_version), ret_value);
}

int nvitop_nvml_path(struct nvitop_session *session, struct nvitop_value *ret_value)
{
    return tell_text(session, offsetof(struct session_driver, library_path), ret_value);
}

/* ---- the host ---- */

int nvitop_host_read(struct nvitop_session *session, const int *ids, size_t count,
                     struct nvitop_value *ret_values)
{
    struct value values[NVITOP_HOST_COUNT];
    if (count && (!ids || !ret_values))
        return NVITOP_EINVAL;
    for (size_t i = 0; i < count; i++)
        if (metric_scope(ids[i]) != NVITOP_SCOPE_HOST)
            return NVITOP_EINVAL;
    int status = api_begin(session);
    if (status < 0)
        return status;
    session_host(session->core, values);
    for (size_t i = 0; i < count; i++)
        ret_values[i] = api_value_kept(session, values[ids[i] - NVITOP_HOST_CPU_PERCENT]);
    api_end(session);
    return NVITOP_OK;
}
