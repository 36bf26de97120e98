/*
 * The collector of the public header over the simulated driver: which keys there are, GPUs that get
 * lost, processes that come and go, sessions that are closed.
 */
#include "collecting.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

#define TWO_GPUS                                                                                   \
    "[system]\ndriver_version = 550.54.14\n"                                                       \
    "[device 0-1]\nname = Board {i}\ntemperature = steps {i*10+40}@0 {i*10+60}@5\nlost_at = "      \
    "{(1-i)*1000+10}\n"
#define MIG                                                                                        \
    "[system]\ndriver_version = 550.54.14\n[device 0]\n[device 1]\nmig_mode = 1\n"                 \
    "[mig 1:0-1]\nmem_total = 5GiB\n"

static void sample_at(struct stand *stand, struct nvitop_collector *collector, unsigned seconds)
{
    simdir_time(&stand->dir, seconds);
    assert_int_equal(nvitop_collector_sample(collector), NVITOP_OK);
}

/* ---- what there is ---- */

static void wrong_options_are_refused(void **state)
{
    (void)state;
    struct stand stand, other;
    stand_open(&stand, TWO_GPUS);
    stand_open(&other, TWO_GPUS);
    struct nvitop_collector *collector = NULL;
    struct nvitop_device *foreign[] = { stand_device(&other, 0, -1) }, *none[] = { NULL };
    const double intervals[] = { 0, -1, NAN, -INFINITY };
    for (size_t i = 0; i < ARRAY_LEN(intervals); i++) {
        struct nvitop_collector_options options = collecting_quiet();
        options.interval = intervals[i];
        assert_int_equal(nvitop_collector_new(stand.session, &options, &collector), NVITOP_EINVAL);
    }
    struct nvitop_collector_options flagged = collecting_quiet(), sizeless = collecting_quiet(),
                                    strange = collecting_quiet();
    flagged.flags = 2;
    sizeless.size = 0;
    strange.device_count = 1;
    assert_int_equal(nvitop_collector_new(stand.session, &flagged, &collector), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_new(stand.session, &sizeless, &collector), NVITOP_EINVAL);
    strange.devices = foreign;
    assert_int_equal(nvitop_collector_new(stand.session, &strange, &collector), NVITOP_EINVAL);
    strange.devices = none;
    assert_int_equal(nvitop_collector_new(stand.session, &strange, &collector), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_new(NULL, NULL, &collector), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_new(stand.session, NULL, NULL), NVITOP_EINVAL);
    assert_null(collector);
    nvitop_collector_options_init(NULL);
    stand_end(&other);
    stand_end(&stand);
}

static void statuses(void **state)
{
    (void)state;
    struct stand stand;
    struct collecting found = { 0 };
    struct nvitop_collector *collector = NULL;
    stand_open(&stand, TWO_GPUS);
    assert_int_equal(nvitop_collector_new(stand.session, NULL, &collector), NVITOP_OK);
    assert_int_equal(nvitop_collector_activate(collector, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_activate(NULL, "a"), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_collect(collector, collecting_look, &found), NVITOP_ESTATE);
    assert_int_equal(nvitop_collector_deactivate(collector, NULL), NVITOP_OK);
    assert_int_equal(nvitop_collector_deactivate(collector, "a"), NVITOP_ESTATE);
    assert_int_equal(nvitop_collector_clear(collector, NULL), NVITOP_ESTATE);
    assert_int_equal(nvitop_collector_sample(collector), NVITOP_OK);
    assert_int_equal(nvitop_collector_activate(collector, "a"), NVITOP_OK);
    assert_int_equal(nvitop_collector_activate(collector, "a"), NVITOP_EDUPLICATE);
    assert_int_equal(nvitop_collector_collect(collector, NULL, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_clear(collector, "zz"), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_collector_deactivate(collector, "zz"), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_collector_deactivate(collector, "a"), NVITOP_OK);
    assert_int_equal(nvitop_collector_sample(NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_collect(NULL, collecting_look, &found), NVITOP_EINVAL);
    assert_int_equal(found.total, 0);
    nvitop_collector_free(collector);
    nvitop_collector_free(NULL);
    stand_end(&stand);
}

static void one_device_and_one_process_have_a_hundred_keys(void **state)
{
    (void)state;
    struct stand stand;
    char scenario[256], part[64];
    snprintf(scenario, sizeof(scenario),
             "[system]\n[device 0-1]\n[process own]\npid = %d\nmem = 1GiB\nsm = 40\n"
             "[process init]\npid = 1\nmem = 2GiB\n",
             (int)getpid());
    stand_open(&stand, scenario);
    struct nvitop_device *first[] = { stand_device(&stand, 0, -1) };
    struct nvitop_collector_options options = collecting_quiet();
    options.devices = first;
    options.device_count = 1;
    options.root_pids = NULL; /* the calling process */
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    struct collecting found = { 0 };
    assert_int_equal(nvitop_collector_collect(collector, collecting_look, &found), NVITOP_OK);
    assert_int_equal(found.total, 100);
    snprintf(part, sizeof(part), "T/pid:%d/", (int)getpid());
    assert_int_equal(collecting_keys_with(collector, part), 3 * 4 + 1 + 4 * 4);
    snprintf(part, sizeof(part), "T/pid:%d/gpu:0/gpu_memory (MiB)/mean", (int)getpid());
    assert_true(collecting_figure(collector, part) == 1024);
    nvitop_collector_free(collector);

    options.root_pids = collecting_quiet().root_pids;
    options.root_pid_count = 0; /* nobody */
    collector = collecting_make(&stand, &options);
    assert_int_equal(collecting_keys_with(collector, "pid:"), 0);
    nvitop_collector_free(collector);

    options.root_pid_count = 1; /* everybody */
    collector = collecting_make(&stand, &options);
    assert_int_equal(collecting_keys_with(collector, "pid:"), 2 * (3 * 4 + 1 + 4 * 4));
    assert_true(collecting_figure(collector, "T/pid:1/gpu:0/gpu_memory (MiB)/last") == 2048);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

static void mig_devices_come_with_their_gpu(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, MIG);
    struct nvitop_device *devices[] = { stand_device(&stand, 1, -1), stand_device(&stand, 1, 0),
                                        stand_device(&stand, 0, -1) };
    const int32_t cuda[] = { -1, 0, 4 };
    struct nvitop_collector_options options = collecting_quiet();
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    assert_int_equal(collecting_keys_with(collector, "T/gpu:0/"), 40);
    assert_int_equal(collecting_keys_with(collector, "T/gpu:1/"), 40);
    assert_int_equal(collecting_keys_with(collector, "T/gpu:(1, 1)/"), 40);
    assert_true(collecting_figure(collector, "T/gpu:(1, 0)/memory_total (MiB)/mean") == 5120);
    assert_true(isnan(collecting_figure(collector, "T/gpu:(1, 0)/temperature (C)/mean")));
    assert_true(
        isnan(collecting_figure(collector, "T/gpu:1/gpu_utilization (%)/last"))); /* never 0 */
    nvitop_collector_free(collector);

    options.devices = devices;
    options.device_count = 1;
    collector = collecting_make(&stand, &options);
    assert_int_equal(collecting_keys_with(collector, "gpu:"), 3 * 40);
    nvitop_collector_free(collector);

    options.device_count = 3;
    options.cuda_indices = cuda;
    collector = collecting_make(&stand, &options);
    assert_int_equal(collecting_keys_with(collector, "gpu:"), 5 * 40);
    assert_int_equal(collecting_keys_with(collector, "T/cuda:0 (gpu:(1, 0))/"), 40);
    assert_int_equal(collecting_keys_with(collector, "T/cuda:4 (gpu:0)/"), 40);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

static void without_a_driver_there_is_the_host(void **state)
{
    (void)state;
    struct stand stand;
    struct collecting found = { 0 };
    stand_set(&stand, TWO_GPUS);
    stand.options.nvml_path = "/nowhere/libnvidia-ml.so.1";
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_collector_options options = collecting_quiet();
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    assert_int_equal(nvitop_collector_collect(collector, collecting_look, &found), NVITOP_OK);
    assert_int_equal(found.total, 7 * 4 + 3);
    assert_true(collecting_figure(collector, "T/host/memory_used (GiB)/mean") > 0);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

/* ---- what changes ---- */

static void a_gpu_gets_lost_and_the_others_go_on(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    stand_open(&stand, TWO_GPUS);
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    sample_at(&stand, collector, 0);
    sample_at(&stand, collector, 11); /* the second one is gone */
    sample_at(&stand, collector, 12);
    assert_true(collecting_figure(collector, "T/gpu:0/temperature (C)/last") == 60);
    assert_true(collecting_figure(collector, "T/gpu:0/temperature (C)/min") == 40);
    assert_true(collecting_figure(collector, "T/gpu:1/temperature (C)/last") == 50);
    assert_true(collecting_figure(collector, "T/gpu:1/temperature (C)/max") == 50);
    assert_true(fabs(collecting_figure(collector, "T/gpu:1/temperature (C)/mean") - 50) < 1e-9);
    assert_int_equal(nvitop_collector_clear(collector, NULL), NVITOP_OK);
    sample_at(&stand, collector, 13);
    assert_true(isnan(
        collecting_figure(collector, "T/gpu:1/temperature (C)/last"))); /* lost all the time */
    nvitop_collector_free(collector);
    stand_end(&stand);
}

static void processes_come_and_go(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    stand_open(&stand, "[system]\n[device 0]\n"
                       "[process early]\npid = 4194000\nmem = 1GiB\nuntil = 10\n"
                       "[process late]\npid = 4194001\nmem = 2GiB\nfrom = 5\n");
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    sample_at(&stand, collector, 0);
    assert_int_equal(collecting_keys_with(collector, "T/pid:4194000/gpu:0/"), 16);
    assert_int_equal(collecting_keys_with(collector, "T/pid:4194001/"), 0);
    sample_at(&stand, collector, 6);
    assert_int_equal(collecting_keys_with(collector, "T/pid:4194001/"), 29);
    sample_at(&stand, collector, 11);
    sample_at(&stand, collector, 12);
    assert_true(collecting_figure(collector, "T/pid:4194000/gpu:0/gpu_memory (MiB)/last") == 1024);
    assert_true(fabs(collecting_figure(collector, "T/pid:4194000/gpu:0/gpu_memory (MiB)/mean") -
                     1024) < 1e-9);
    assert_true(collecting_figure(collector, "T/pid:4194001/gpu:0/gpu_memory (MiB)/last") == 2048);
    /* pids of nobody: there is nothing to be told of the host */
    assert_true(isnan(collecting_figure(collector, "T/pid:4194000/host/running_time (min)")));
    assert_int_equal(nvitop_collector_clear(collector, "T"), NVITOP_OK);
    sample_at(&stand, collector, 13);
    assert_int_equal(collecting_keys_with(collector, "T/pid:4194000/"), 0);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

/* ---- the sampler ---- */

static void samples_come_by_themselves(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    options.interval = 0.01;
    stand_open(&stand, TWO_GPUS);
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    size_t enough = simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "0") + 5;
    for (uint64_t end = stand_ms() + 20000; stand_ms() < end;)
        if (simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "0") >= enough)
            break;
    assert_true(simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "0") >= enough);
    assert_int_equal(nvitop_collector_deactivate(collector, NULL), NVITOP_OK);
    size_t before = simdir_calls(&stand.dir, "nvml", NULL);
    assert_int_equal(nvitop_collector_deactivate(collector, NULL), NVITOP_OK);
    assert_int_equal(simdir_calls(&stand.dir, "nvml", NULL), before); /* the sampler is not there */
    nvitop_collector_free(collector);
    stand_end(&stand);
}

/* Nothing is asked of the driver that is not collected. */
static void nothing_else_is_asked(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    stand_open(&stand, TWO_GPUS);
    struct nvitop_device *first[] = { stand_device(&stand, 0, -1) };
    options.devices = first;
    options.device_count = 1;
    options.root_pid_count = 0;
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    sample_at(&stand, collector, 0);
    assert_true(simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "0") > 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "1"), 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetComputeRunningProcesses", "0"), 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetPcieThroughput", NULL), 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetSerial", NULL), 0);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

/* ---- the end ---- */

struct again {
    struct nvitop_collector *collector;
    int calls;
};

/* Whoever is told may ask again: no lock is held, and the result is a copy. */
static void ask_again(void *arg, const char *key, double value)
{
    struct again *again = arg;
    struct collecting found = { 0 };
    (void)key, (void)value;
    if (again->calls++ > 0)
        return;
    assert_int_equal(nvitop_collector_clear(again->collector, NULL), NVITOP_OK);
    assert_int_equal(nvitop_collector_activate(again->collector, "inner"), NVITOP_OK);
    assert_int_equal(nvitop_collector_collect(again->collector, collecting_look, &found),
                     NVITOP_OK);
    assert_int_equal(nvitop_collector_deactivate(again->collector, "T"), NVITOP_OK);
}

static void whoever_is_told_may_ask(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    stand_open(&stand, TWO_GPUS);
    struct again again = { collecting_make(&stand, &options), 0 };
    assert_int_equal(nvitop_collector_collect(again.collector, ask_again, &again), NVITOP_OK);
    assert_int_equal(again.calls, 7 * 4 + 2 * 40 + 3);
    nvitop_collector_free(again.collector);
    stand_end(&stand);
}

static void a_closed_session_has_ended_its_collectors(void **state)
{
    (void)state;
    struct stand stand;
    struct collecting found = { 0 };
    struct nvitop_collector *collectors[5];
    struct nvitop_collector_options options = collecting_quiet();
    options.interval = 0.001;
    stand_open(&stand, TWO_GPUS);
    for (size_t i = 0; i < ARRAY_LEN(collectors); i++)
        collectors[i] = collecting_make(&stand, &options);
    nvitop_collector_free(collectors[1]);
    collectors[1] = collecting_make(&stand, &options);
    nvitop_collector_free(collectors[3]);
    stand_end(&stand);
    for (size_t i = 0; i < ARRAY_LEN(collectors); i++) {
        if (i == 3)
            continue;
        assert_int_equal(nvitop_collector_collect(collectors[i], collecting_look, &found),
                         NVITOP_ESTATE);
        assert_int_equal(nvitop_collector_sample(collectors[i]), NVITOP_ESTATE);
        assert_int_equal(nvitop_collector_deactivate(collectors[i], "T"), NVITOP_ESTATE);
        nvitop_collector_free(collectors[i]);
    }
}

/* ---- by hand ---- */

static void numbers_of_ones_own(void **state)
{
    (void)state;
    struct stand stand;
    const char *const names[] = { "mine", NULL };
    struct nvitop_collector_options options = collecting_quiet();
    options.flags = NVITOP_COLLECTOR_BY_HAND;
    stand_open(&stand, TWO_GPUS);
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    assert_int_equal(collecting_keys_with(collector, "/"), 3);
    assert_int_equal(nvitop_collector_is_due(collector), 1);
    assert_int_equal(nvitop_collector_add(collector, 0, names, (const double[]){ 7, 8 }, 2),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_add(collector, -1, names, (const double[]){ 7 }, 1),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_add(collector, NAN, names, (const double[]){ 7 }, 1),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_add(collector, 0, NULL, (const double[]){ 7 }, 1),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_add(collector, 0, names, NULL, 1), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_add(NULL, 0, NULL, NULL, 0), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_add(collector, 0, NULL, NULL, 0), NVITOP_OK);
    assert_int_equal(nvitop_collector_add(collector, 0, names, (const double[]){ 7 }, 1),
                     NVITOP_OK);
    assert_int_equal(nvitop_collector_is_due(collector), 0);
    assert_int_equal(nvitop_collector_is_due(NULL), NVITOP_EINVAL);
    assert_true(collecting_figure(collector, "T/mine/max") == 7);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "0"), 0);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

/* ---- keys and values apart ---- */

struct walk {
    const char *key;
    const double *values;
    size_t place;
};

static void compare(void *arg, const char *key, double value)
{
    struct walk *walk = arg;
    assert_string_equal(key + strlen("T/"), walk->key);
    double other = walk->values[walk->place++];
    assert_true(value == other || (isnan(value) && isnan(other)) || strstr(key, "duration (s)") ||
                strstr(key, "/timestamp") || strstr(key, "/mean"));
    walk->key += strlen(walk->key) + 1;
}

static void keys_and_values_are_those_that_are_told(void **state)
{
    (void)state;
    struct stand stand;
    double values[200] = { 0 };
    size_t count = 0, size = 0;
    uint64_t layout = 0, same = 1;
    char *keys = NULL;
    struct nvitop_collector_options options = collecting_quiet();
    stand_open(&stand, TWO_GPUS);
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    assert_int_equal(nvitop_collector_sample(collector), NVITOP_OK);
    assert_int_equal(nvitop_collector_values(collector, NULL, 0, &count, &layout), NVITOP_OK);
    assert_int_equal(count, 7 * 4 + 2 * 40 + 3);
    assert_int_equal(nvitop_collector_values(collector, values, 5, &count, &layout), NVITOP_OK);
    assert_int_equal(count, 7 * 4 + 2 * 40 + 3);
    assert_true(values[5] == 0);
    assert_int_equal(nvitop_collector_values(collector, values, 200, &count, &layout), NVITOP_OK);
    assert_int_equal(nvitop_collector_keys(collector, &keys, &size, &same), NVITOP_OK);
    assert_true(layout == same);
    struct walk walk = { keys, values, 0 };
    assert_int_equal(nvitop_collector_collect(collector, compare, &walk), NVITOP_OK);
    assert_int_equal(walk.place, count);
    assert_ptr_equal(walk.key, keys + size);
    nvitop_text_free(keys);
    assert_int_equal(nvitop_collector_values(collector, NULL, 1, &count, &layout), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_values(collector, values, 1, &count, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_values(NULL, values, 1, &count, &layout), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_keys(collector, NULL, &size, &same), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_keys(collector, &keys, &size, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_collector_deactivate(collector, NULL), NVITOP_OK);
    assert_int_equal(nvitop_collector_values(collector, values, 200, &count, &layout),
                     NVITOP_ESTATE);
    assert_int_equal(nvitop_collector_keys(collector, &keys, &size, &same), NVITOP_ESTATE);
    assert_int_equal(nvitop_collector_is_due(collector), NVITOP_ESTATE);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

static void often(void **state)
{
    (void)state;
    enum { TIMES = 300 };
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    options.interval = 0.001;
    stand_open(&stand, TWO_GPUS);
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    for (int i = 0; i < TIMES; i++) {
        assert_int_equal(nvitop_collector_deactivate(collector, NULL), NVITOP_OK);
        assert_int_equal(nvitop_collector_activate(collector, "T"), NVITOP_OK);
    }
    assert_true(collecting_figure(collector, "T/gpu:0/temperature (C)/last") == 40);
    nvitop_collector_free(collector);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(statuses),
        cmocka_unit_test(one_device_and_one_process_have_a_hundred_keys),
        cmocka_unit_test(mig_devices_come_with_their_gpu),
        cmocka_unit_test(without_a_driver_there_is_the_host),
        cmocka_unit_test(a_gpu_gets_lost_and_the_others_go_on),
        cmocka_unit_test(processes_come_and_go),
        cmocka_unit_test(samples_come_by_themselves),
        cmocka_unit_test(nothing_else_is_asked),
        cmocka_unit_test(whoever_is_told_may_ask),
        cmocka_unit_test(a_closed_session_has_ended_its_collectors),
        cmocka_unit_test(numbers_of_ones_own),
        cmocka_unit_test(keys_and_values_are_those_that_are_told),
        cmocka_unit_test(often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
