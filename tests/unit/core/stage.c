/* Set-up of a simulated driver and a sampler over it. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum { PATH_SIZE = 256, PATIENCE_MS = 10000 };

static void path_of(const struct stage *stage, const char *name, char *path)
{
    snprintf(path, PATH_SIZE, "%s/%s", stage->folder, name);
}

/* Readers see the old text or the new one, never half of it. */
void stage_write(struct stage *stage, const char *name, const char *text)
{
    char path[PATH_SIZE], fresh[PATH_SIZE + 8];
    path_of(stage, name, path);
    for (char *slash = strchr(path + strlen(stage->folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    FILE *file = fopen(fresh, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, path), 0);
}

void stage_time(struct stage *stage, unsigned seconds)
{
    char text[16];
    snprintf(text, sizeof(text), "%u", seconds);
    stage_write(stage, "clock", text);
}

static void point(const struct stage *stage, const char *variable, const char *name)
{
    char path[PATH_SIZE];
    path_of(stage, name, path);
    setenv(variable, path, 1);
}

void stage_set(struct stage *stage, const char *scenario)
{
    static const int shown[] = { NVITOP_DEV_NAME,         NVITOP_DEV_UUID,
                                 NVITOP_DEV_MEMORY_TOTAL, NVITOP_DEV_MEMORY_USED,
                                 NVITOP_DEV_UTIL_GPU,     NVITOP_DEV_POWER_USAGE,
                                 NVITOP_DEV_TEMPERATURE };
    *stage = (struct stage){ .folder = "/tmp/nvitop-stage-XXXXXX" };
    assert_non_null(mkdtemp(stage->folder));
    stage_write(stage, "scenario.ini", scenario);
    stage_write(stage, "calls", "");
    stage_time(stage, 0);
    point(stage, "NVITOP_SIM", "scenario.ini");
    point(stage, "NVITOP_SIM_CLOCK", "clock");
    point(stage, "NVITOP_SIM_LOG", "calls");
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
    char command[PATH_SIZE];
    bool is_clean = source_close(stage->source, clock_mono_ns() + ms * CLOCK_NS_PER_MS);
    snprintf(command, sizeof(command), "rm -r %s", stage->folder);
    assert_int_equal(system(command), 0);
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

/* Calls `see` for every line of the log that fits, with its number. */
static void walk_calls(struct stage *stage, const char *function, const char *device,
                       size_t *ret_count, size_t *ret_newest)
{
    char path[PATH_SIZE], name[128], of[32];
    size_t number = 0;
    path_of(stage, "calls", path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fscanf(file, "%127s %31s", name, of) == 2) {
        number++;
        if (strncmp(name, function, strlen(function)) != 0 || (device && strcmp(of, device) != 0))
            continue;
        ++*ret_count;
        *ret_newest = number;
    }
    fclose(file);
}

size_t stage_calls(struct stage *stage, const char *function, const char *device)
{
    size_t count = 0, newest = 0;
    walk_calls(stage, function, device, &count, &newest);
    return count;
}

size_t stage_newest_call(struct stage *stage, const char *function)
{
    size_t count = 0, newest = 0;
    walk_calls(stage, function, NULL, &count, &newest);
    return newest;
}
