/* Two hold an opening, its thread and the one who watches it, as with every job. */
#include "core/service_open.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/bell.h"
#include "core/driver.h"
#include "core/worker.h"

enum { STAGE_OPEN = 1 };

struct opening {
    char *path; /* NULL: the usual places */
    struct driver *old, *driver;
    struct bell *bell;
    struct job *job;
    int status;
    struct nvml_failure failure;
};

static void run_opening(struct job *job, void *arg)
{
    struct opening *opening = arg;
    driver_close_here(opening->old);
    opening->old = NULL;
    opening->status = driver_open_here(opening->path, &opening->driver, &opening->failure);
    job_advance(job, STAGE_OPEN);
    bell_ring(opening->bell);
}

static void free_opening(void *arg)
{
    struct opening *opening = arg;
    driver_close_here(opening->driver);
    bell_unref(opening->bell);
    free(opening->path);
    free(opening);
}

struct opening *opening_start(const char *nvml_path, struct driver *old, struct bell *bell)
{
    struct opening *opening = xcalloc(1, sizeof(*opening));
    opening->path = nvml_path ? xstrdup(nvml_path) : NULL;
    opening->bell = bell_ref(bell);
    opening->old = old;
    opening->job = job_start(run_opening, free_opening, opening);
    if (opening->job)
        return opening;
    opening->old = NULL;
    free_opening(opening);
    return NULL;
}

bool opening_is_over(struct opening *opening)
{
    return job_stage(opening->job) >= STAGE_OPEN;
}

int opening_finish(struct opening *opening, struct driver **ret_driver,
                   struct nvml_failure *ret_failure)
{
    int status = opening->status;
    *ret_failure = opening->failure;
    *ret_driver = opening->driver;
    opening->driver = NULL;
    job_release(opening->job);
    return status;
}

bool opening_abandon(struct opening *opening, uint64_t deadline_ns)
{
    if (!opening)
        return true;
    bool is_over = job_wait(opening->job, JOB_DONE, deadline_ns);
    job_release(opening->job);
    return is_over;
}
