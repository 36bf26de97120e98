/* Drivers that hang, are late, or are asked by many at once: nobody waits for longer than he must.
 */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/mem.h"

enum { READ_MS = 200, SOON_MS = 150, PATIENCE_MS = 10000 };

#define HANGING "[device 0-2]\nname = Board {i}\n[device 1]\nhang.nvmlDeviceGetTemperature* = yes\n"

static void open_with_deadline(struct stand *stand, const char *scenario)
{
    stand_set(stand, scenario);
    stand->options.read_timeout_ms = READ_MS;
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

static int32_t condition_of(const struct nvitop_snapshot *snapshot, size_t row)
{
    struct nvitop_device_row device = { .size = sizeof(device) };
    assert_int_equal(nvitop_snapshot_device(snapshot, row, &device), NVITOP_OK);
    return device.condition;
}

/* A snapshot of three GPUs of which the middle one is silent. */
static void check_silent(const struct nvitop_snapshot *snapshot)
{
    assert_int_equal(nvitop_snapshot_device_count(snapshot), 3);
    assert_int_equal(condition_of(snapshot, 0), NVITOP_CONDITION_OK);
    assert_int_equal(condition_of(snapshot, 1), NVITOP_CONDITION_NOT_RESPONDING);
    assert_int_equal(condition_of(snapshot, 2), NVITOP_CONDITION_OK);
    assert_int_equal(stand_value(snapshot, NVITOP_DEV_TEMPERATURE, 1).why,
                     NVITOP_WHY_NOT_RESPONDING);
}

static void check_refused_at_once(struct stand *stand)
{
    struct nvitop_device *device = stand_device(stand, 1, -1);
    size_t count = 9;
    void *handle;
    uint64_t began = stand_ms();
    assert_int_equal(stand_read(device, NVITOP_DEV_POWER_USAGE).why, NVITOP_WHY_NOT_RESPONDING);
    assert_int_equal(
        nvitop_device_processes(device, NULL, sizeof(struct nvitop_process), 0, &count),
        NVITOP_ETIMEOUT);
    assert_int_equal(nvitop_device_mig_children(device, NULL, 0, &count), NVITOP_ETIMEOUT);
    assert_int_equal(nvitop_device_status(device), NVITOP_ETIMEOUT);
    assert_int_equal(nvitop_device_nvml_handle(device, &handle), NVITOP_ETIMEOUT);
    assert_int_equal(count, 9);
    assert_int_equal(nvitop_device_cache_clear(device), NVITOP_OK);
    assert_true(stand_ms() - began < SOON_MS);
}

static void trap_11_a_snapshot_gives_up_on_one(void **state)
{
    (void)state;
    struct stand stand;
    open_with_deadline(&stand, HANGING);
    uint64_t began = stand_ms();
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    assert_in_range(stand_ms() - began, READ_MS, READ_MS + 1500);
    check_silent(snapshot);
    nvitop_snapshot_unref(snapshot);
    check_refused_at_once(&stand);
    assert_int_equal(stand_read(stand_device(&stand, 2, -1), NVITOP_DEV_TEMPERATURE).u.i, 35);
    began = stand_ms();
    snapshot = stand_snapshot(&stand);
    assert_true(stand_ms() - began < SOON_MS);
    check_silent(snapshot);
    nvitop_snapshot_unref(snapshot);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetTemperature", "1"), 1);
    began = stand_ms();
    nvitop_session_close(stand.session);
    assert_true(stand_ms() - began < 1000);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlShutdown", NULL), 0);
    simdir_remove(&stand.dir);
}

static void trap_11_listing_and_finding_go_on(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_device *devices[3], *found = NULL;
    size_t count;
    open_with_deadline(&stand, "[device 0-2]\nuuid = GPU-{i}2345678-0000-0000-0000-000000000000\n"
                               "[device 1]\nhang.nvmlDeviceGetUUID = yes\n");
    uint64_t began = stand_ms();
    assert_int_equal(nvitop_device_list(stand.session, NVITOP_LIST_LEAVES, devices, 3, &count),
                     NVITOP_OK);
    assert_int_equal(count, 3);
    assert_int_equal(nvitop_device_by_uuid(stand.session, "GPU-2", &found), NVITOP_OK);
    assert_int_equal(nvitop_device_index(found).physical, 2);
    assert_int_equal(nvitop_device_by_uuid(stand.session, "GPU-1", &found), NVITOP_ENOTFOUND);
    assert_true(stand_ms() - began < READ_MS + 1500);
    stand_end(&stand);
}

/* Whatever asks for it, until it answers. */
static struct nvitop_value await_answer(struct nvitop_device *device)
{
    uint64_t began = stand_ms();
    struct nvitop_value value = { 0 };
    while (value.kind == NVITOP_NA && stand_ms() - began < PATIENCE_MS)
        value = stand_read(device, NVITOP_DEV_TEMPERATURE);
    return value;
}

static void who_is_late_is_welcome_back(void **state)
{
    (void)state;
    struct stand stand;
    open_with_deadline(&stand, "[device 0-2]\nname = Board {i}\n"
                               "[device 1]\ndelay.nvmlDeviceGetTemperature* = 800ms times 1\n");
    struct nvitop_device *device = stand_device(&stand, 1, -1);
    assert_string_equal(stand_read(device, NVITOP_DEV_NAME).u.text, "Board 1");
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    check_silent(snapshot);
    assert_string_equal(stand_value(snapshot, NVITOP_DEV_NAME, 1).u.text, "Board 1");
    nvitop_snapshot_unref(snapshot);
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).why, NVITOP_WHY_NOT_RESPONDING);
    assert_string_equal(stand_read(device, NVITOP_DEV_NAME).u.text, "Board 1");
    assert_int_equal(await_answer(device).u.i, 35);
    snapshot = stand_snapshot(&stand);
    assert_int_equal(condition_of(snapshot, 1), NVITOP_CONDITION_OK);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

/* ---- a caller that is stuck in the driver ---- */

static void *read_for_ever(void *arg)
{
    stand_read(arg, NVITOP_DEV_TEMPERATURE);
    return NULL;
}

static void send_into_the_driver(struct stand *stand)
{
    uint64_t began = stand_ms();
    stand_thread(read_for_ever, stand_device(stand, 1, -1));
    while (!simdir_calls(&stand->dir, "nvmlDeviceGetTemperature", "1") &&
           stand_ms() - began < PATIENCE_MS)
        ;
    assert_int_equal(simdir_calls(&stand->dir, "nvmlDeviceGetTemperature", "1"), 1);
}

static void trap_11_a_stuck_caller_holds_nobody(void **state)
{
    (void)state;
    struct stand stand;
    open_with_deadline(&stand, HANGING);
    assert_string_equal(stand_read(stand_device(&stand, 1, -1), NVITOP_DEV_NAME).u.text, "Board 1");
    send_into_the_driver(&stand);
    uint64_t began = stand_ms();
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    assert_true(stand_ms() - began < READ_MS + 1500);
    check_silent(snapshot);
    assert_string_equal(stand_value(snapshot, NVITOP_DEV_NAME, 1).u.text, "Board 1");
    nvitop_snapshot_unref(snapshot);
    check_refused_at_once(&stand);
    began = stand_ms();
    nvitop_session_close(stand.session);
    assert_in_range(stand_ms() - began, 2500, 3500);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlShutdown", NULL), 0);
    simdir_remove(&stand.dir);
}

static void a_caller_that_comes_back_in_time_is_waited_for(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, "[device 0-1]\n[device 1]\ndelay.nvmlDeviceGetTemperature* = 300ms\n");
    send_into_the_driver(&stand);
    uint64_t began = stand_ms();
    nvitop_session_close(stand.session);
    assert_true(stand_ms() - began < 2000);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlShutdown", NULL), 1);
    simdir_remove(&stand.dir);
}

/* ---- a driver that cannot even be opened ---- */

static void trap_12_a_driver_that_never_opens_holds_nobody(void **state)
{
    (void)state;
    struct stand stand;
    uint64_t began = stand_ms();
    stand_set(&stand, "[system]\nhang.nvmlInit* = yes\n[device 0]\n");
    stand.options.open_timeout_ms = 50;
    assert_int_equal(stand_try(&stand), NVITOP_ETIMEOUT);
    assert_null(stand.session);
    stand_end(&stand);
    stand_set(&stand, "[system]\nhang.nvmlInit* = yes\n[device 0]\n");
    stand.options.open_timeout_ms = 50;
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    assert_int_equal(nvitop_session_status(stand.session), NVITOP_ETIMEOUT);
    stand_end(&stand);
    assert_true(stand_ms() - began < 2000);
}

#define GONE " = DRIVER_NOT_LOADED at 10 until 20\n"

static void trap_40_a_driver_that_was_away_is_opened_again(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_snapshot *snapshot = NULL;
    stand_open(&stand, "[system]\nerror.nvmlDeviceGet*" GONE "error.nvmlInit*" GONE
                       "[device 0-1]\nname = Board {i}\n");
    struct nvitop_device *device = stand_device(&stand, 1, -1);
    nvitop_snapshot_unref(stand_snapshot(&stand));
    simdir_time(&stand.dir, 10);
    nvitop_snapshot_unref(stand_snapshot(&stand)); /* it is heard of here */
    assert_int_equal(nvitop_snapshot_take(stand.session, NULL, &snapshot), NVITOP_ENODRIVER);
    assert_int_equal(nvitop_session_status(stand.session), NVITOP_ENODRIVER);
    assert_null(snapshot);
    simdir_time(&stand.dir, 20);
    assert_string_equal(stand_read(device, NVITOP_DEV_NAME).u.text, "Board 1");
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).u.i, 35);
    snapshot = stand_snapshot(&stand);
    assert_int_equal(condition_of(snapshot, 1), NVITOP_CONDITION_OK);
    nvitop_snapshot_unref(snapshot);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlShutdown", NULL), 1);
    stand_end(&stand);
}

/* ---- many threads ---- */

enum { THREADS = 8, ROUNDS = 40 };

struct crowd {
    struct stand stand;
    atomic_uint faults;
};

static void expect(struct crowd *crowd, bool is_good)
{
    if (!is_good)
        atomic_fetch_add(&crowd->faults, 1);
}

static void ask_everything(struct crowd *crowd, struct nvitop_device *device)
{
    static const int ids[] = { NVITOP_DEV_NAME, NVITOP_DEV_TEMPERATURE, NVITOP_DEV_UUID };
    struct nvitop_value values[3];
    struct nvitop_process rows[8];
    struct nvitop_snapshot *snapshot;
    struct nvitop_device *found;
    size_t count;
    expect(crowd, nvitop_device_read(device, ids, 3, values) == NVITOP_OK);
    expect(crowd, values[0].kind == NVITOP_TEXT && strncmp(values[0].u.text, "Board", 5) == 0);
    expect(crowd, nvitop_device_processes(device, rows, sizeof(*rows), 8, &count) == NVITOP_OK);
    expect(crowd, nvitop_device_by_uuid(crowd->stand.session, values[2].u.text, &found) == 0 &&
                      found == device);
    if (nvitop_snapshot_take(crowd->stand.session, NULL, &snapshot) != NVITOP_OK) {
        expect(crowd, false);
        return;
    }
    expect(crowd, nvitop_snapshot_device_count(snapshot) == 4);
    nvitop_snapshot_unref(snapshot);
    int host = NVITOP_HOST_MEMORY_TOTAL;
    expect(crowd, nvitop_host_read(crowd->stand.session, &host, 1, values) == NVITOP_OK);
    nvitop_device_cache_clear(device);
}

static void *be_busy(void *arg)
{
    struct crowd *crowd = arg;
    struct nvitop_device *devices[4];
    size_t count = 0;
    expect(crowd,
           nvitop_device_list(crowd->stand.session, NVITOP_LIST_MIG, devices, 4, &count) == 0);
    for (size_t round = 0; round < ROUNDS && count == 4; round++)
        ask_everything(crowd, devices[round % count]);
    expect(crowd, count == 4);
    return NULL;
}

static void many_threads_ask_at_once(void **state)
{
    (void)state;
    struct crowd crowd = { 0 };
    pthread_t threads[THREADS];
    stand_open(&crowd.stand, "[device 0-2]\nname = Board {i}\n[device 2]\nmig_mode = 1\n[mig 2:0]\n"
                             "[process P]\ndevice = 0 1 2:0\nmem = 10MiB\n");
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, be_busy, &crowd), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.faults), 0);
    stand_end(&crowd.stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_11_a_snapshot_gives_up_on_one),
        cmocka_unit_test(trap_11_listing_and_finding_go_on),
        cmocka_unit_test(who_is_late_is_welcome_back),
        cmocka_unit_test(trap_11_a_stuck_caller_holds_nobody),
        cmocka_unit_test(a_caller_that_comes_back_in_time_is_waited_for),
        cmocka_unit_test(trap_12_a_driver_that_never_opens_holds_nobody),
        cmocka_unit_test(trap_40_a_driver_that_was_away_is_opened_again),
        cmocka_unit_test(many_threads_ask_at_once),
    };
    stand_exit(cmocka_run_group_tests_name("api/trouble", tests, NULL, NULL));
}
