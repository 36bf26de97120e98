/*
 * Opening the driver takes a thread that may never come back. At most one is ever with it: who
 * asks while a late one is still there is told so at once, and has the driver when it has come
 * back after all.
 */
#include "core/session_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/status.h"
#include "core/driver.h"
#include "core/worker.h"

struct opening {
    struct job *job;
    bool is_late; /* it was waited for in vain */
    char *path;
    int status;
    struct nvml_failure failure;
    struct driver *driver; /* NULL once handed over */
    struct arena arena;
    struct value library_version;
};

static void run_opening(struct job *job, void *arg)
{
    struct opening *opening = arg;
    (void)job;
    opening->status = driver_open_here(opening->path, &opening->driver, &opening->failure);
    if (opening->driver)
        opening->library_version = nvml_library_version(opening->driver->nvml, &opening->arena);
}

static void free_opening(void *arg)
{
    struct opening *opening = arg;
    driver_close_here(opening->driver); /* came too late: nobody waits for it any more */
    arena_done(&opening->arena);
    free(opening->path);
    free(opening);
}

static struct opening *start(const char *path)
{
    struct opening *opening = xcalloc(1, sizeof(*opening));
    opening->path = path ? xstrdup(path) : NULL;
    opening->job = job_start(run_opening, free_opening, opening);
    if (opening->job)
        return opening;
    free_opening(opening);
    return NULL;
}

static struct session_engine *fail_with(int status, struct nvml_failure *ret_failure)
{
    *ret_failure = (struct nvml_failure){ .status = status };
    snprintf(ret_failure->text, sizeof(ret_failure->text), "%s", status_text(status));
    return NULL;
}

static struct session_engine *finish(struct session *session, struct nvml_failure *ret_failure)
{
    struct opening *opening = session->opening;
    struct session_engine *engine = NULL;
    *ret_failure = (struct nvml_failure){ 0 };
    if (opening->status < 0) {
        *ret_failure = opening->failure;
        ret_failure->status = opening->status;
    } else {
        engine = session_engine_new(opening->driver, opening->library_version, session->limits);
        opening->driver = NULL;
    }
    session->opening = NULL;
    job_release(opening->job);
    return engine;
}

struct session_engine *session_open_driver(struct session *session,
                                           struct nvml_failure *ret_failure)
{
    uint64_t deadline_ns = 0;
    if (!session->opening) {
        deadline_ns = clock_mono_ns() + session->limits.open_ms * CLOCK_NS_PER_MS;
        session->opening = start(session->nvml_path);
    }
    if (!session->opening)
        return fail_with(NVITOP_EUNKNOWN, ret_failure);
    session->opening->is_late = !job_wait(session->opening->job, JOB_DONE, deadline_ns);
    if (session->opening->is_late)
        return fail_with(NVITOP_ETIMEOUT, ret_failure);
    return finish(session, ret_failure);
}

void session_abandon_opening(struct session *session, uint64_t deadline_ns)
{
    if (!session->opening)
        return;
    job_wait(session->opening->job, JOB_DONE, session->opening->is_late ? 0 : deadline_ns);
    job_release(session->opening->job);
    session->opening = NULL;
}
