/* The sampler that goes on, where the driver does not. Each test is a process of its own (the
 * test's name is the argument): a thread that is stuck in the driver stays for good. */
#include "stage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define GPUS(first, last) "[device " #first "-" #last "]\nname = Board {i}\nmem_total = 16GiB\n"

static bool is_any(const struct snapshot *snapshot)
{
    return snapshot != NULL;
}

static bool has_condition(const struct snapshot *snapshot, size_t row, enum device_condition wanted)
{
    return row < snapshot->device_count && snapshot->devices[row].condition == wanted;
}

static bool is_well(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->device_count; i++)
        if (snapshot->devices[i].condition != DEVICE_OK)
            return false;
    return snapshot->driver_state == DRIVER_OK && snapshot->device_count > 0;
}

static bool is_second_silent(const struct snapshot *snapshot)
{
    return has_condition(snapshot, 1, DEVICE_NOT_RESPONDING);
}

static void trap_11_one_gpu_hangs_and_the_others_go_on(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, GPUS(0, 2) "[device 1]\nhang.nvmlDeviceGetUtilizationRates = yes\n");
    stage_start(&stage);
    struct snapshot *silent = stage_await(&stage, is_second_silent);
    const struct snapshot_device *row = &silent->devices[1];
    assert_int_equal(silent->devices[0].condition, DEVICE_OK);
    assert_int_equal(silent->devices[2].condition, DEVICE_OK);
    assert_false(silent->devices[0].is_stale);
    assert_in_range(silent->epoch_us - row->silent_since_us, 3000000, 4500000);
    assert_int_equal(snapshot_device_value(row, NVITOP_DEV_UTIL_GPU).why,
                     NVITOP_WHY_NOT_RESPONDING);
    size_t before = stage_calls(&stage, "nvmlDeviceGetUtilizationRates", "2");
    struct snapshot *later = stage_await(&stage, is_second_silent);
    assert_true(later->devices[1].silent_since_us == row->silent_since_us);
    snapshot_unref(later);
    snapshot_unref(stage_await(&stage, is_second_silent));
    assert_true(stage_calls(&stage, "nvmlDeviceGetUtilizationRates", "2") > before);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetUtilizationRates", "1"), 1);
    snapshot_unref(silent);
    uint64_t end_ns = clock_mono_ns();
    assert_false(stage_end(&stage, 200)); /* a thread stays behind, but nobody waits for it */
    assert_true(clock_mono_ns() - end_ns < 500 * CLOCK_NS_PER_MS);
    _exit(0);
}

static void trap_12_init_never_returns(void **state)
{
    (void)state;
    struct stage stage;
    struct nvml_failure failure;
    stage_set(&stage, "[system]\nhang.nvmlInit* = yes\n" GPUS(0, 0));
    stage.demand.device_ms = 1000; /* the first tick is not there that soon */
    uint64_t began_ns = clock_mono_ns();
    stage_start(&stage);
    struct snapshot *first = stage_await(&stage, is_any);
    assert_true(clock_mono_ns() - began_ns < 100 * CLOCK_NS_PER_MS);
    struct snapshot *next = stage_await(&stage, is_any);
    assert_int_equal(next->driver_state, DRIVER_WAITING);
    assert_true(next->driver_since_us == first->driver_since_us);
    assert_int_equal(source_opening(stage.source, &failure), 1);
    snapshot_unref(first);
    snapshot_unref(next);
    uint64_t end_ns = clock_mono_ns();
    assert_false(stage_end(&stage, 100));
    assert_true(clock_mono_ns() - end_ns < 400 * CLOCK_NS_PER_MS);
    _exit(0);
}

/* No call takes three seconds, but the pass does. */
static void slow_is_not_silent(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, GPUS(0, 0) "delay.nvmlDeviceGet* = 400ms\n");
    stage.demand.has_processes = false;
    stage_start(&stage);
    struct snapshot *snapshot = NULL;
    do {
        snapshot_unref(snapshot);
        snapshot = stage_await(&stage, is_any);
        assert_false(has_condition(snapshot, 0, DEVICE_NOT_RESPONDING));
    } while (!is_well(snapshot));
    snapshot_unref(snapshot);
    stage_end(&stage, 3000);
    _exit(0);
}

static bool has_temperature(const struct snapshot *snapshot)
{
    return is_well(snapshot) &&
           !value_is_na(snapshot_device_value(snapshot->devices, NVITOP_DEV_TEMPERATURE));
}

/* Half a period is over long before all has been asked. */
static void slow_drivers_say_first_what_matters(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, GPUS(0, 0) "delay.nvmlDeviceGet* = 100ms\n");
    metric_set_add(&stage.demand.metrics.gpu, NVITOP_DEV_SERIAL);
    stage.demand.has_processes = false;
    stage_start(&stage);
    struct snapshot *first = stage_await(&stage, is_well);
    assert_false(value_is_na(snapshot_device_value(first->devices, NVITOP_DEV_NAME)));
    assert_false(value_is_na(snapshot_device_value(first->devices, NVITOP_DEV_UTIL_GPU)));
    assert_true(value_is_na(snapshot_device_value(first->devices, NVITOP_DEV_TEMPERATURE)));
    snapshot_unref(first);
    snapshot_unref(stage_await(&stage, has_temperature));
    assert_true(stage_end(&stage, 5000));
}

static bool is_second_lost(const struct snapshot *snapshot)
{
    return has_condition(snapshot, 1, DEVICE_LOST);
}

static void trap_10_lost_and_back(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, GPUS(0, 2) "[device 1]\nlost_at = 10\nback_at = 20\n");
    stage_start(&stage);
    snapshot_unref(stage_await(&stage, is_well));
    uint64_t lost_ns = clock_mono_ns();
    stage_time(&stage, 10);
    struct snapshot *lost = stage_await(&stage, is_second_lost);
    assert_true(clock_mono_ns() - lost_ns < 1000 * CLOCK_NS_PER_MS);
    assert_int_equal(lost->device_count, 3);
    assert_int_equal(lost->devices[0].condition, DEVICE_OK);
    assert_int_equal(lost->devices[1].physical, 1);
    assert_string_equal(
        value_text_or(snapshot_device_value(&lost->devices[1], NVITOP_DEV_NAME), ""), "Board 1");
    assert_int_equal(snapshot_device_value(&lost->devices[1], NVITOP_DEV_UTIL_GPU).why,
                     NVITOP_WHY_LOST);
    snapshot_unref(lost);
    size_t looks = stage_calls(&stage, "nvmlDeviceGetHandleByIndex", NULL);
    stage_time(&stage, 20);
    struct snapshot *back = stage_await(&stage, is_well);
    assert_false(value_is_na(snapshot_device_value(&back->devices[1], NVITOP_DEV_UTIL_GPU)));
    snapshot_unref(back);
    assert_true(stage_calls(&stage, "nvmlDeviceGetHandleByIndex", NULL) > looks);
    assert_true(clock_mono_ns() - lost_ns > 4000 * CLOCK_NS_PER_MS); /* it was not hammered */
    assert_true(stage_end(&stage, 5000));
}

static bool is_driver_failed(const struct snapshot *snapshot)
{
    return snapshot->driver_state == DRIVER_FAILED;
}

static void trap_40_driver_gone_and_back(void **state)
{
    (void)state;
    struct stage stage;
    char scenario[512];
    snprintf(scenario, sizeof(scenario),
             "[system]\nseed = 1\n"
             "error.nvmlDeviceGet* = LIB_RM_VERSION_MISMATCH at 10 until 20\n"
             "error.nvmlInit* = LIB_RM_VERSION_MISMATCH at 10 until 20\n" GPUS(
                 0, 1) "[process ME]\npid = %d\ndevice = 1\nmem = 1GiB\n",
             (int)getpid());
    stage_set(&stage, scenario);
    stage_start(&stage);
    snapshot_unref(stage_await(&stage, is_well));
    stage_time(&stage, 10);
    struct snapshot *failed = stage_await(&stage, is_driver_failed);
    assert_non_null(failed->driver_text);
    assert_true(failed->driver_since_us > 0);
    assert_int_equal(failed->device_count, 2);
    assert_int_equal(failed->process_count, 1);
    assert_false(value_is_na(snapshot_host_value(failed, NVITOP_HOST_MEMORY_TOTAL)));
    snapshot_unref(failed);
    struct snapshot *later = stage_await(&stage, is_driver_failed);
    assert_int_equal(later->process_count, 1);
    snapshot_unref(later);
    stage_time(&stage, 20);
    struct snapshot *back = stage_await(&stage, is_well);
    assert_null(back->driver_text);
    assert_int_equal(back->driver_since_us, 0);
    assert_false(value_is_na(snapshot_device_value(&back->devices[1], NVITOP_DEV_UTIL_GPU)));
    snapshot_unref(back);
    size_t shut = stage_newest_call(&stage, "nvmlShutdown");
    assert_in_range(shut, 1, stage_newest_call(&stage, "nvmlInit") - 1);
    assert_true(stage_end(&stage, 5000));
}

static bool is_second_suspended(const struct snapshot *snapshot)
{
    return has_condition(snapshot, 1, DEVICE_SUSPENDED) && has_condition(snapshot, 0, DEVICE_OK);
}

static void put_gpu(struct stage *stage, const char *address, const char *status)
{
    static const char *const files[][2] = { { "vendor", "0x10de\n" }, { "class", "0x030200\n" } };
    char path[160];
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s", address, files[i][0]);
        stage_write(stage, path, files[i][1]);
    }
    snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/power/runtime_status", address);
    stage_write(stage, path, status);
    snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/driver", stage->dir.folder, address);
    if (symlink("../../drivers/nvidia", path) != 0)
        assert_int_equal(errno, EEXIST);
}

static void trap_38_suspended_stays_asleep(void **state)
{
    (void)state;
    struct stage stage;
    char sysfs[128];
    stage_set(&stage, GPUS(0, 1));
    put_gpu(&stage, "0000:01:00.0", "active\n");
    put_gpu(&stage, "0000:02:00.0", "suspended\n");
    snprintf(sysfs, sizeof(sysfs), "%s/sys", stage.dir.folder);
    stage.options.is_no_wake = true;
    stage.options.sysfs = sysfs;
    stage_start(&stage);
    for (unsigned i = 0; i < 5; i++)
        snapshot_unref(stage_await(&stage, is_second_suspended));
    source_refresh(stage.source);
    snapshot_unref(stage_await(&stage, is_second_suspended));
    assert_int_equal(stage_calls(&stage, "nvmlDevice", "1"), 0);
    put_gpu(&stage, "0000:02:00.0", "active\n"); /* somebody has woken it */
    snapshot_unref(stage_await(&stage, is_well));
    assert_true(stage_end(&stage, 5000));
}

static bool shows_only_third(const struct snapshot *snapshot)
{
    return is_well(snapshot) && snapshot->device_count == 1 && snapshot->devices[0].physical == 2 &&
           !value_is_na(snapshot_device_value(snapshot->devices, NVITOP_DEV_UTIL_GPU));
}

static void visible_gpus_do_not_wait_for_one_that_hangs(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, GPUS(0, 2) "[device 0]\nhang.nvmlDeviceGetHandleBy* = yes\n");
    stage.options.is_only_visible = true;
    stage.options.visible = "2";
    stage_start(&stage);
    struct snapshot *first = stage_await(&stage, is_any);
    assert_int_equal(first->device_count, 0);
    snapshot_unref(first);
    snapshot_unref(stage_await(&stage, shows_only_third));
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetUtilizationRates", "1"), 0);
    assert_false(stage_end(&stage, 100));
    _exit(0);
}

static char first_uuid[96];

static bool has_mig(const struct snapshot *snapshot)
{
    return snapshot->device_count == 2 && snapshot->devices[1].mig == 0 && is_well(snapshot);
}

static bool has_other_mig(const struct snapshot *snapshot)
{
    return has_mig(snapshot) &&
           strcmp(value_text_or(snapshot_device_value(&snapshot->devices[1], NVITOP_DEV_UUID), ""),
                  first_uuid) != 0;
}

static void trap_8_mig_instance_made_anew(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, "[device 0]\nname = Board\nmig_mode = 1\n"
                      "[mig 0:0]\nprofile = 1g.5gb\nrecreated_at = 10\nreuse_handle = yes\n");
    stage_start(&stage);
    struct snapshot *first = stage_await(&stage, has_mig);
    snprintf(first_uuid, sizeof(first_uuid), "%s",
             value_text_or(snapshot_device_value(&first->devices[1], NVITOP_DEV_UUID), ""));
    assert_true(strlen(first_uuid) > 0);
    snapshot_unref(first);
    stage_time(&stage, 10);
    snapshot_unref(stage_await(&stage, has_other_mig));
    assert_true(stage_end(&stage, 5000));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_8_mig_instance_made_anew),
        cmocka_unit_test(trap_10_lost_and_back),
        cmocka_unit_test(trap_11_one_gpu_hangs_and_the_others_go_on),
        cmocka_unit_test(trap_12_init_never_returns),
        cmocka_unit_test(trap_38_suspended_stays_asleep),
        cmocka_unit_test(trap_40_driver_gone_and_back),
        cmocka_unit_test(slow_is_not_silent),
        cmocka_unit_test(slow_drivers_say_first_what_matters),
        cmocka_unit_test(visible_gpus_do_not_wait_for_one_that_hangs),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
