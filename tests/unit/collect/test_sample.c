/* From a snapshot to the figures of a sample: which devices and processes are in it, under which
 * names, in which units; and which processes are asked about. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "collect/roots.h"
#include "collect/sample.h"
#include "core/snapshot.h"

/* GPU 0, GPU 1 with MIG devices 0 and 1; process 7 on GPU 0 and on (1, 1), process 9 on (1, 0). */
static struct snapshot *scene(void)
{
    static const int32_t devices[][2] = { { 0, -1 }, { 1, -1 }, { 1, 0 }, { 1, 1 } };
    static const struct {
        uint32_t pid;
        size_t device;
    } processes[] = { { 7, 0 }, { 9, 2 }, { 7, 3 } };
    struct snapshot *snapshot = snapshot_new();
    snapshot->device_count = ARRAY_LEN(devices);
    snapshot->devices = arena_array(&snapshot->arena, 4, sizeof(*snapshot->devices));
    for (size_t i = 0; i < ARRAY_LEN(devices); i++) {
        struct snapshot_device *device = &snapshot->devices[i];
        *device = (struct snapshot_device){ .physical = devices[i][0], .mig = devices[i][1] };
        device->values[NVITOP_DEV_MEMORY_USED - NVITOP_DEV_NAME] =
            value_int((int64_t)(i + 1) << 20);
        device->values[NVITOP_DEV_POWER_USAGE - NVITOP_DEV_NAME] = value_int(66500);
        device->values[NVITOP_DEV_FAN_SPEED - NVITOP_DEV_NAME] = value_na(NVITOP_WHY_LOST);
    }
    snapshot->process_count = ARRAY_LEN(processes);
    snapshot->processes = arena_array(&snapshot->arena, 3, sizeof(*snapshot->processes));
    for (size_t i = 0; i < ARRAY_LEN(processes); i++) {
        struct snapshot_process *process = &snapshot->processes[i];
        *process = (struct snapshot_process){ .pid = processes[i].pid,
                                              .start_ticks = 100,
                                              .device = processes[i].device };
        process->values[NVITOP_PROC_RUNNING_TIME - NVITOP_PROC_TYPE] = value_real(90);
    }
    snapshot->host[NVITOP_HOST_MEMORY_USED - NVITOP_HOST_CPU_PERCENT] = value_int(INT64_C(3) << 30);
    return snapshot;
}

static bool all_descend(void *arg, uint32_t pid, const int32_t *roots, size_t count)
{
    (void)pid, (void)roots, (void)count;
    ++*(int *)arg;
    return true;
}

/* The groups of the sample, as keys name them. */
static char *groups_of(const struct sample *sample)
{
    struct str str = { 0 };
    for (size_t i = 0; i < sample->count; i++) {
        str_append(&str, i ? " " : "");
        group_id_append(&str, &sample->groups[i].id);
    }
    return str_take(&str);
}

static void check_groups(const struct collected_device *devices, size_t count, const char *expected)
{
    struct group_metrics metrics;
    struct snapshot *snapshot = scene();
    struct root_answers answers = { 0 };
    struct sample sample = { 0 };
    int asked = 0;
    const struct sample_wish wish = { &metrics, !devices, devices, count };
    const struct root_question question = { all_descend, &asked, (const int32_t[]){ 5 }, 1 };
    group_metrics_init(&metrics);
    root_answers_renew(&answers, &question, snapshot);
    sample_of_snapshot(&sample, &wish, &answers, snapshot);
    char *groups = groups_of(&sample);
    assert_string_equal(groups, expected);
    free(groups);
    sample_done(&sample);
    root_answers_done(&answers);
    snapshot_unref(snapshot);
}

static void devices_and_their_processes(void **state)
{
    (void)state;
    const struct collected_device gpu0 = { 0, -1, -1, 0 }, gpu1 = { 1, -1, -1, 0 },
                                  mig = { 1, 1, -1, 0 };
    const struct collected_device cuda_gpu1 = { 1, -1, 3, 0 }, cuda_mig = { 1, 0, 2, 0 };
    const struct collected_device both[] = { gpu1, cuda_mig };
    const struct collected_device twice[] = { gpu1, mig };
    const struct collected_device backwards[] = { { 1, -1, 0, 0 }, gpu0, mig };
    check_groups(NULL, 0,
                 "host gpu:0 gpu:1 gpu:(1, 0) gpu:(1, 1) pid:7/host pid:7/gpu:0 pid:7/gpu:(1, 1) "
                 "pid:9/host pid:9/gpu:(1, 0)");
    check_groups(&gpu0, 0, "host");
    check_groups(&gpu0, 1, "host gpu:0 pid:7/host pid:7/gpu:0");
    check_groups(&gpu1, 1,
                 "host gpu:1 gpu:(1, 0) gpu:(1, 1) pid:7/host pid:7/gpu:(1, 1) pid:9/host "
                 "pid:9/gpu:(1, 0)");
    check_groups(&mig, 1, "host gpu:(1, 1) pid:7/host pid:7/gpu:(1, 1)");
    check_groups(&cuda_gpu1, 1, "host cuda:3 (gpu:1)");
    check_groups(&cuda_mig, 1, "host cuda:2 (gpu:(1, 0)) pid:9/host pid:9/cuda:2 (gpu:(1, 0))");
    check_groups(both, 2,
                 "host gpu:1 gpu:(1, 0) gpu:(1, 1) cuda:2 (gpu:(1, 0)) pid:7/host pid:7/gpu:(1, 1) "
                 "pid:9/host pid:9/gpu:(1, 0) pid:9/cuda:2 (gpu:(1, 0))");
    check_groups(backwards, 3,
                 "host cuda:0 (gpu:1) gpu:0 gpu:(1, 1) pid:7/host pid:7/gpu:0 pid:7/gpu:(1, 1)");
    check_groups(twice, 2,
                 "host gpu:1 gpu:(1, 0) gpu:(1, 1) pid:7/host pid:7/gpu:(1, 1) pid:9/host "
                 "pid:9/gpu:(1, 0)");
}

/* The value of the metric that is called so in the sample's group. */
static double value_of(const struct sample *sample, size_t group, const char *name)
{
    struct group_metrics metrics;
    group_metrics_init(&metrics);
    enum metric_group kind = sample->groups[group].id.group;
    for (size_t i = 0; i < metrics.counts[kind]; i++)
        if (strcmp(metrics.rows[kind][i]->collector, name) == 0)
            return sample->groups[group].values[i];
    fail_msg("no metric %s", name);
    return 0;
}

static void figures_are_in_the_units_of_their_keys(void **state)
{
    (void)state;
    struct group_metrics metrics;
    struct snapshot *snapshot = scene();
    struct root_answers answers = { 0 };
    struct sample sample = { 0 };
    const struct sample_wish wish = { .metrics = &metrics, .has_all_gpus = true };
    const struct root_question all = { NULL, NULL, (const int32_t[]){ ROOTS_ALL }, 1 };
    group_metrics_init(&metrics);
    root_answers_renew(&answers, &all, snapshot);
    sample_of_snapshot(&sample, &wish, &answers, snapshot);
    assert_true(value_of(&sample, 0, "memory_used (GiB)") == 3);
    assert_true(value_of(&sample, 1, "memory_used (MiB)") == 1);
    assert_true(value_of(&sample, 4, "memory_used (MiB)") == 4);
    assert_true(value_of(&sample, 1, "power_usage (W)") == 66.5);
    assert_true(isnan(value_of(&sample, 1, "fan_speed (%)")));
    assert_true(value_of(&sample, 5, "running_time (min)") == 1.5);
    sample_done(&sample);
    sample_of_host(&sample, &metrics, snapshot->host);
    assert_int_equal(sample.count, 1);
    assert_true(value_of(&sample, 0, "memory_used (GiB)") == 3);
    sample_done(&sample);
    root_answers_done(&answers);
    snapshot_unref(snapshot);
}

/* ---- roots ---- */

static bool odd_descend(void *arg, uint32_t pid, const int32_t *roots, size_t count)
{
    ++*(int *)arg;
    assert_int_equal(count, 1);
    assert_int_equal(roots[0], 5);
    return pid == 7;
}

static void each_process_is_asked_about_once(void **state)
{
    (void)state;
    int asked = 0;
    struct root_answers answers = { 0 };
    struct snapshot *snapshot = scene();
    const struct root_question question = { odd_descend, &asked, (const int32_t[]){ 5 }, 1 };
    for (size_t i = 0; i < 3; i++) {
        root_answers_renew(&answers, &question, snapshot);
        assert_int_equal(asked, 2);
        assert_true(root_answers_has(&answers, 7));
        assert_false(root_answers_has(&answers, 9));
        assert_false(root_answers_has(&answers, 8));
    }
    snapshot->processes[0].start_ticks = snapshot->processes[2].start_ticks = 101;
    root_answers_renew(&answers, &question, snapshot); /* another process has the pid now */
    assert_int_equal(asked, 3);
    snapshot->processes[1].start_ticks = 0;
    root_answers_renew(&answers, &question, snapshot); /* nobody knows which one it is */
    root_answers_renew(&answers, &question, snapshot);
    assert_int_equal(asked, 5);
    for (size_t i = 0; i < snapshot->process_count; i++)
        snapshot->processes[i].presence = PROCESS_HOST_PID;
    root_answers_renew(&answers, &question, snapshot); /* nobody's here, though the pids are */
    assert_int_equal(asked, 5);
    assert_false(root_answers_has(&answers, 7));
    snapshot->process_count = 0;
    root_answers_renew(&answers, &question, snapshot);
    assert_int_equal(answers.count, 0);
    assert_false(root_answers_has(&answers, 7));
    root_answers_done(&answers);
    snapshot_unref(snapshot);
}

static void the_first_process_of_all_means_all(void **state)
{
    (void)state;
    struct root_answers answers = { 0 };
    struct snapshot *snapshot = scene();
    const struct root_question all = { NULL, NULL, (const int32_t[]){ 12, ROOTS_ALL }, 2 };
    root_answers_renew(&answers, &all, snapshot); /* nobody is asked: it would crash */
    assert_true(root_answers_has(&answers, 7));
    assert_true(root_answers_has(&answers, 9));
    root_answers_done(&answers);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_and_their_processes),
        cmocka_unit_test(figures_are_in_the_units_of_their_keys),
        cmocka_unit_test(each_process_is_asked_about_once),
        cmocka_unit_test(the_first_process_of_all_means_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
