/* Set-up of a simulated driver and a sampler over it. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"

enum { PATIENCE_MS = 10000 };

void stage_write(struct stage *stage, const char *name, const char *text)
{
    simdir_write(&stage->dir, name, text);
}

void stage_time(struct stage *stage, unsigned seconds)
{
    simdir_time(&stage->dir, seconds);
}

void stage_set(struct stage *stage, const char *scenario)
{
    static const int shown[] = { NVITOP_DEV_NAME,         NVITOP_DEV_UUID,
                                 NVITOP_DEV_MEMORY_TOTAL, NVITOP_DEV_MEMORY_USED,
                                 NVITOP_DEV_UTIL_GPU,     NVITOP_DEV_POWER_USAGE,
                                 NVITOP_DEV_TEMPERATURE };
    *stage = (struct stage){ 0 };
    simdir_make(&stage->dir, scenario);
    simdir_point(&stage->dir, "NVITOP_SIM", "scenario.ini");
    simdir_point(&stage->dir, "NVITOP_SIM_CLOCK", "clock");
    simdir_point(&stage->dir, "NVITOP_SIM_LOG", "calls");
    struct metric_wanted metrics = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        metric_set_add(&metrics.gpu, shown[i]);
        metric_set_add(&metrics.mig, shown[i]);
    }
    stage->options = (struct sampler_options){ .nvml_path = getenv("NVITOP_TEST_DRIVER"),
                                               .metrics = metrics,
                                               .has_processes = true };
    stage->demand = (struct source_demand){
        .metrics = metrics, .has_processes = true, .device_ms = 100, .process_ms = 100
    };
}

void stage_start(struct stage *stage)
{
    assert_int_equal(sampler_open(&stage->options, &stage->source), NVITOP_OK);
    assert_int_equal(source_start(stage->source, &stage->demand), NVITOP_OK);
}

bool stage_end(struct stage *stage, unsigned ms)
{
    bool is_clean = source_close(stage->source, clock_mono_ns() + ms * CLOCK_NS_PER_MS);
    simdir_remove(&stage->dir);
    return is_clean;
}

static int wait_for_news(struct stage *stage, int ms)
{
    struct pollfd news = { .fd = source_wake_fd(stage->source), .events = POLLIN };
    return poll(&news, 1, ms);
}

struct snapshot *stage_await(struct stage *stage, fits_fn *fits)
{
    uint64_t end_ns = clock_mono_ns() + PATIENCE_MS * CLOCK_NS_PER_MS;
    while (clock_mono_ns() < end_ns) {
        wait_for_news(stage, PATIENCE_MS);
        struct snapshot *snapshot = source_latest(stage->source);
        if (snapshot && fits(snapshot))
            return snapshot;
        snapshot_unref(snapshot);
    }
    fail_msg("no such snapshot came");
    return NULL;
}

int stage_await_opening(struct stage *stage, struct nvml_failure *ret_failure)
{
    uint64_t end_ns = clock_mono_ns() + PATIENCE_MS * CLOCK_NS_PER_MS;
    while (clock_mono_ns() < end_ns) {
        int status = source_opening(stage->source, ret_failure);
        if (status <= 0)
            return status;
        wait_for_news(stage, PATIENCE_MS);
        snapshot_unref(source_latest(stage->source));
    }
    fail_msg("opening has not come back");
    return 1;
}

bool stage_is_silent(struct stage *stage, int ms)
{
    snapshot_unref(source_latest(stage->source));
    return wait_for_news(stage, ms) == 0;
}

size_t stage_calls(struct stage *stage, const char *function, const char *device)
{
    return simdir_calls(&stage->dir, function, device);
}

size_t stage_newest_call(struct stage *stage, const char *function)
{
    return simdir_newest_call(&stage->dir, function);
}
