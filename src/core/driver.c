/* Opening and closing the driver as jobs with deadlines. */
#include "core/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/status.h"
#include "core/worker.h"

struct opening {
    char *path; /* NULL: the usual places */
    int status;
    struct nvml_failure failure;
    struct driver *driver; /* NULL once handed over */
};

static void driver_free(struct driver *driver)
{
    arena_done(&driver->arena);
    free(driver);
}

int driver_open_here(const char *nvml_path, struct driver **ret_driver,
                     struct nvml_failure *ret_failure)
{
    struct driver *driver = xcalloc(1, sizeof(*driver));
    int status = nvml_open(nvml_path, &driver->nvml, ret_failure);
    if (status < 0)
        goto fail_open;
    status = nvml_device_count(driver->nvml, &driver->device_count, ret_failure);
    if (status < 0)
        goto fail_count;
    driver->driver_version = nvml_driver_version(driver->nvml, &driver->arena);
    driver->cuda_version = nvml_cuda_version(driver->nvml, &driver->arena);
    *ret_driver = driver;
    return NVITOP_OK;
fail_count:
    nvml_close(driver->nvml);
fail_open:
    driver_free(driver);
    return status;
}

void driver_close_here(struct driver *driver)
{
    if (!driver)
        return;
    nvml_close(driver->nvml);
    driver_free(driver);
}

static void run_opening(struct job *job, void *arg)
{
    struct opening *opening = arg;
    (void)job;
    opening->status = driver_open_here(opening->path, &opening->driver, &opening->failure);
}

static void free_opening(void *arg)
{
    struct opening *opening = arg;
    driver_close_here(opening->driver); /* came too late: nobody waits for it any more */
    free(opening->path);
    free(opening);
}

bool patience_wait(struct patience *patience, struct job *job, int stage)
{
    if (patience->notice_ns && patience->notice_ns < patience->deadline_ns) {
        if (job_wait(job, stage, patience->notice_ns))
            return true;
        patience->notice(patience->notice_arg);
        patience->notice_ns = 0;
    }
    return job_wait(job, stage, patience->deadline_ns);
}

static int fail_with(int status, struct nvml_failure *ret_failure)
{
    *ret_failure = (struct nvml_failure){ .status = status };
    snprintf(ret_failure->text, sizeof(ret_failure->text), "%s", status_text(status));
    return status;
}

int driver_open(const char *nvml_path, struct patience *patience, struct driver **ret_driver,
                struct nvml_failure *ret_failure)
{
    struct opening *opening = xcalloc(1, sizeof(*opening));
    opening->path = nvml_path ? xstrdup(nvml_path) : NULL;
    struct job *job = job_start(run_opening, free_opening, opening);
    if (!job) {
        free_opening(opening);
        return fail_with(NVITOP_EUNKNOWN, ret_failure);
    }
    if (!patience_wait(patience, job, JOB_DONE)) {
        job_release(job);
        return fail_with(NVITOP_ETIMEOUT, ret_failure);
    }
    int status = opening->status;
    if (status < 0) {
        *ret_failure = opening->failure;
    } else {
        *ret_driver = opening->driver;
        opening->driver = NULL;
    }
    job_release(job);
    return status;
}

static void run_closing(struct job *job, void *arg)
{
    (void)job;
    nvml_close(arg);
}

bool driver_close(struct driver *driver, bool is_stuck, uint64_t deadline_ns)
{
    if (!driver)
        return !is_stuck;
    struct job *job = is_stuck ? NULL : job_start(run_closing, NULL, driver->nvml);
    bool is_clean = job && job_wait(job, JOB_DONE, deadline_ns);
    if (job)
        job_release(job);
    driver_free(driver);
    return is_clean;
}
