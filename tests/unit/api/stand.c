/* Set-up of a session over a copy of the simulated driver. */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"

static void copy_library(const struct stand *stand)
{
    char command[2 * SIMDIR_PATH_SIZE + 64];
    const char *driver = getenv("NVITOP_TEST_DRIVER");
    assert_non_null(driver);
    snprintf(command, sizeof(command), "cp %s %s", driver, stand->library);
    assert_int_equal(system(command), 0);
}

void stand_set(struct stand *stand, const char *scenario)
{
    *stand = (struct stand){ 0 };
    simdir_make(&stand->dir, scenario);
    simdir_path(&stand->dir, "libnvidia-ml.so.1", stand->library);
    copy_library(stand);
    nvitop_options_init(&stand->options);
    stand->options.nvml_path = stand->library;
    stand->options.cuda_helper = "";
}

/* What the library reads of the environment, it reads when it is loaded. */
int stand_try(struct stand *stand)
{
    unsetenv("NVITOP_SIM");
    simdir_point(&stand->dir, "NVITOP_SIM_CLOCK", "clock");
    simdir_point(&stand->dir, "NVITOP_SIM_LOG", "calls");
    return nvitop_session_open(&stand->options, &stand->session);
}

void stand_open(struct stand *stand, const char *scenario)
{
    stand_set(stand, scenario);
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

void stand_end(struct stand *stand)
{
    nvitop_session_close(stand->session);
    simdir_remove(&stand->dir);
}

struct nvitop_device *stand_device(struct stand *stand, int32_t gpu, int32_t mig)
{
    struct nvitop_device *device = NULL;
    struct nvitop_index index = { gpu, mig };
    assert_int_equal(nvitop_device_by_index(stand->session, index, &device), NVITOP_OK);
    return device;
}

struct nvitop_value stand_read(struct nvitop_device *device, int id)
{
    struct nvitop_value value;
    assert_int_equal(nvitop_device_read(device, &id, 1, &value), NVITOP_OK);
    return value;
}

struct nvitop_snapshot *stand_snapshot(struct stand *stand)
{
    struct nvitop_snapshot *snapshot = NULL;
    assert_int_equal(nvitop_snapshot_take(stand->session, NULL, &snapshot), NVITOP_OK);
    return snapshot;
}

struct nvitop_value stand_value(const struct nvitop_snapshot *snapshot, int id, size_t row)
{
    struct nvitop_value value;
    assert_int_equal(nvitop_snapshot_get(snapshot, id, row, &value), NVITOP_OK);
    return value;
}

uint64_t stand_ms(void)
{
    return clock_mono_ns() / CLOCK_NS_PER_MS;
}

void stand_thread(void *(*run)(void *), void *arg)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run, arg), 0);
    pthread_detach(thread);
}

void stand_exit(int failures)
{
    fflush(NULL);
    _exit(failures != 0);
}
