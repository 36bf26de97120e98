/* Snapshots: what is in them, in which order, and what a request leaves out. */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

static const char box[] = "[device 0-2]\nname = Board {i}\ntemperature = {i*10+40}\n"
                          "[device 1]\nmig_mode = 1\n[mig 1:0]\n[mig 1:1]\nuntil = 10\n"
                          "[process P]\ndevice = 0 2\nmem = 100MiB\n"
                          "[process Q]\ndevice = 1:1\nmem = 50MiB\n";

static void open_box(struct stand *stand)
{
    char pids[128];
    stand_set(stand, box);
    snprintf(pids, sizeof(pids), "P %ld\nQ %ld\n", (long)getpid(), (long)getppid());
    simdir_write(&stand->dir, "pids", pids);
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

static struct nvitop_device_row device_row(const struct nvitop_snapshot *snapshot, size_t at)
{
    struct nvitop_device_row row = { .size = sizeof(row) };
    assert_int_equal(nvitop_snapshot_device(snapshot, at, &row), NVITOP_OK);
    return row;
}

static struct nvitop_process_row process_row(const struct nvitop_snapshot *snapshot, size_t at)
{
    struct nvitop_process_row row = { .size = sizeof(row) };
    assert_int_equal(nvitop_snapshot_process(snapshot, at, &row), NVITOP_OK);
    return row;
}

static void everything_at_one_moment(void **state)
{
    static const struct nvitop_index indices[] = {
        { 0, -1 }, { 1, -1 }, { 1, 0 }, { 1, 1 }, { 2, -1 }
    };
    static const size_t rows[] = { 0, 3, 4 };
    (void)state;
    struct stand stand;
    open_box(&stand);
    double before = (double)time(NULL);
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    assert_true(nvitop_snapshot_epoch(snapshot) >= before);
    assert_true(nvitop_snapshot_epoch(snapshot) < before + 60);
    assert_int_equal(nvitop_snapshot_device_count(snapshot), 5);
    for (size_t i = 0; i < 5; i++) {
        struct nvitop_device_row row = device_row(snapshot, i);
        assert_int_equal(row.index.physical, indices[i].physical);
        assert_int_equal(row.index.mig, indices[i].mig);
        assert_int_equal(row.condition, NVITOP_CONDITION_OK);
        assert_int_equal(row.is_leaf, i != 1);
    }
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_TEMPERATURE, 4).u.i, 60);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_PCIE_TX, 4).why, NVITOP_WHY_NOT_ASKED);
    assert_int_equal(nvitop_snapshot_process_count(snapshot), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(process_row(snapshot, i).device_row, rows[i]);
    struct nvitop_process_row own = process_row(snapshot, 0);
    assert_int_equal(own.pid, getpid());
    assert_int_equal(own.presence, NVITOP_PRESENCE_HERE);
    assert_int_equal(own.type_bits, NVITOP_PROCESS_COMPUTE);
    assert_int_equal(own.is_own, 1);
    assert_true(own.start_ticks > 0);
    assert_true(nvitop_value_real(&(struct nvitop_value){ .kind = NVITOP_INT }) == 0);
    assert_int_equal(stand_value(snapshot, NVITOP_HOST_MEMORY_TOTAL, 0).kind, NVITOP_INT);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

static void the_first_snapshot_has_command_lines(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    struct nvitop_value command = stand_value(snapshot, NVITOP_PROC_COMMAND, 0);
    assert_int_equal(command.kind, NVITOP_TEXT);
    assert_non_null(strstr(command.u.text, "test_api_snapshot"));
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

/* A share of one core since the snapshot before, not since the start. */
static void cpu_percent_is_since_the_previous_one(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    nvitop_snapshot_unref(stand_snapshot(&stand));
    struct nvitop_snapshot_request few;
    struct nvitop_device *other = stand_device(&stand, 1, -1);
    nvitop_snapshot_request_init(&few);
    few.devices = &other;
    few.device_count = 1;
    clock_t until = clock() + CLOCKS_PER_SEC * 3 / 10;
    uint64_t began = stand_ms();
    while (clock() < until)
        ;
    /* one that does not show the process must not make it forgotten */
    struct nvitop_snapshot *between = NULL;
    assert_int_equal(nvitop_snapshot_take(stand.session, &few, &between), NVITOP_OK);
    assert_int_equal(nvitop_snapshot_process_count(between), 0);
    nvitop_snapshot_unref(between);
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    double span_ms = (double)(stand_ms() - began);
    double percent = stand_value(snapshot, NVITOP_PROC_CPU_PERCENT, 0).u.r;
    assert_true(percent > 0.5 * 300 * 100 / span_ms);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

static void rows_come_in_the_order_that_was_asked_for(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    struct nvitop_device *devices[] = { stand_device(&stand, 2, -1), stand_device(&stand, 1, 1),
                                        stand_device(&stand, 0, -1) };
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    nvitop_snapshot_request_init(&request);
    request.devices = devices;
    request.device_count = 3;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_OK);
    assert_int_equal(nvitop_snapshot_device_count(snapshot), 3);
    assert_string_equal(stand_value(snapshot, NVITOP_DEV_NAME, 0).u.text, "Board 2");
    assert_int_equal(device_row(snapshot, 1).index.mig, 1);
    assert_int_equal(device_row(snapshot, 2).index.physical, 0);
    assert_int_equal(nvitop_snapshot_process_count(snapshot), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(process_row(snapshot, i).device_row, i);
    assert_int_equal(process_row(snapshot, 1).pid, getppid());
    nvitop_snapshot_unref(snapshot);
    request.device_count = 0;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_OK);
    assert_int_equal(nvitop_snapshot_device_count(snapshot), 0);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

static void a_mig_device_that_has_gone_has_a_row(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    struct nvitop_device *devices[] = { stand_device(&stand, 1, 1), stand_device(&stand, 1, 0) };
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    nvitop_snapshot_request_init(&request);
    request.devices = devices;
    request.device_count = 2;
    simdir_time(&stand.dir, 10);
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_OK);
    assert_int_equal(nvitop_snapshot_device_count(snapshot), 2);
    assert_int_equal(device_row(snapshot, 0).condition, NVITOP_CONDITION_ERROR);
    assert_int_equal(device_row(snapshot, 0).nvml_code, 6);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_MEMORY_USED, 0).why, NVITOP_WHY_ERROR);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_MEMORY_USED, 0).nvml_code, 6);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_FAN_SPEED, 0).why, NVITOP_WHY_NOT_APPLICABLE);
    assert_int_equal(device_row(snapshot, 1).condition, NVITOP_CONDITION_OK);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

static void only_what_is_wanted_is_asked(void **state)
{
    static const int wanted[] = { NVITOP_DEV_TEMPERATURE, NVITOP_DEV_PCIE_TX };
    (void)state;
    struct stand stand;
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    open_box(&stand);
    nvitop_snapshot_request_init(&request);
    request.metrics = wanted;
    request.metric_count = 2;
    request.flags = NVITOP_SNAPSHOT_NO_PROCESSES;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_OK);
    assert_int_equal(nvitop_snapshot_process_count(snapshot), 0);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_TEMPERATURE, 0).u.i, 40);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_PCIE_TX, 0).kind, NVITOP_INT);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_POWER_USAGE, 0).why, NVITOP_WHY_NOT_ASKED);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", NULL), 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetComputeRunning", NULL), 0);
    nvitop_snapshot_unref(snapshot);
    nvitop_snapshot_request_init(&request);
    request.flags = NVITOP_SNAPSHOT_BLOCKING;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_OK);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_PCIE_RX, 2).why, NVITOP_WHY_NOT_APPLICABLE);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_PCIE_RX, 0).kind, NVITOP_INT);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

static void wrong_requests_are_refused(void **state)
{
    static const int wrong[] = { NVITOP_DEV_NAME, NVITOP_PROC_NAME };
    (void)state;
    struct stand stand, other;
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    open_box(&stand);
    stand_open(&other, box);
    struct nvitop_device *devices[] = { stand_device(&stand, 0, -1), stand_device(&stand, 0, -1),
                                        NULL, stand_device(&other, 0, -1) };
    nvitop_snapshot_request_init(&request);
    request.devices = devices;
    request.device_count = 2;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EDUPLICATE);
    for (size_t i = 2; i < 4; i++) {
        request.devices = devices + i;
        request.device_count = 1;
        assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EINVAL);
    }
    nvitop_snapshot_request_init(&request);
    request.device_count = 1;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EINVAL);
    nvitop_snapshot_request_init(&request);
    request.metric_count = 1;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EINVAL);
    nvitop_snapshot_request_init(&request);
    request.metrics = wrong;
    request.metric_count = 2;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EINVAL);
    nvitop_snapshot_request_init(&request);
    request.flags = 1u << 20;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EINVAL);
    request = (struct nvitop_snapshot_request){ 0 };
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_take(stand.session, NULL, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_take(NULL, NULL, &snapshot), NVITOP_EINVAL);
    assert_null(snapshot);
    stand_end(&other);
    stand_end(&stand);
}

static void rows_beyond_the_end_are_not_found(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_value value = { .kind = NVITOP_BOOL };
    struct nvitop_device_row device = { .size = sizeof(device), .condition = 77 };
    struct nvitop_process_row process = { .size = sizeof(process), .pid = 77 };
    open_box(&stand);
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    assert_int_equal(nvitop_snapshot_get(snapshot, NVITOP_DEV_NAME, 5, &value), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_snapshot_get(snapshot, NVITOP_PROC_NAME, 3, &value), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_snapshot_get(snapshot, NVITOP_HOST_LOAD1, 1, &value), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_snapshot_get(snapshot, 999, 0, &value), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_get(snapshot, NVITOP_DEV_NAME, 0, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_get(NULL, NVITOP_DEV_NAME, 0, &value), NVITOP_EINVAL);
    assert_int_equal(value.kind, NVITOP_BOOL);
    assert_int_equal(nvitop_snapshot_device(snapshot, 5, &device), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_snapshot_process(snapshot, 3, &process), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_snapshot_device(NULL, 0, &device), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_process(NULL, 0, &process), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_device(snapshot, 0, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_process(snapshot, 0, NULL), NVITOP_EINVAL);
    device.size = process.size = 0;
    assert_int_equal(nvitop_snapshot_device(snapshot, 0, &device), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_process(snapshot, 0, &process), NVITOP_EINVAL);
    assert_int_equal(device.condition, 77);
    assert_int_equal(process.pid, 77);
    assert_int_equal(nvitop_snapshot_device_count(NULL), 0);
    assert_int_equal(nvitop_snapshot_process_count(NULL), 0);
    nvitop_snapshot_unref(NULL);
    assert_null(nvitop_snapshot_ref(NULL));
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

static void snapshots_outlive_their_session(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    assert_ptr_equal(nvitop_snapshot_ref(snapshot), snapshot);
    stand_end(&stand);
    nvitop_snapshot_unref(snapshot);
    assert_string_equal(stand_value(snapshot, NVITOP_DEV_NAME, 4).u.text, "Board 2");
    nvitop_snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_at_one_moment),
        cmocka_unit_test(the_first_snapshot_has_command_lines),
        cmocka_unit_test(cpu_percent_is_since_the_previous_one),
        cmocka_unit_test(rows_come_in_the_order_that_was_asked_for),
        cmocka_unit_test(a_mig_device_that_has_gone_has_a_row),
        cmocka_unit_test(only_what_is_wanted_is_asked),
        cmocka_unit_test(wrong_requests_are_refused),
        cmocka_unit_test(rows_beyond_the_end_are_not_found),
        cmocka_unit_test(snapshots_outlive_their_session),
    };
    return cmocka_run_group_tests_name("api/snapshot", tests, NULL, NULL);
}
