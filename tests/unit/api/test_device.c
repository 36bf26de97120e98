/* Devices: finding them by every name, and asking one of them. */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/value.h"

#define A "GPU-aaaaaaaa-0000-0000-0000-000000000000"
#define A1 "GPU-aaaaaaaa-1111-1111-1111-111111111111"
#define B "GPU-bbbbbbbb-2222-2222-2222-222222222222"
#define M "MIG-11111111-0000-5000-8000-00000000000"

/* Three GPUs: plain, with three MIG devices of which one comes late, and in MIG mode without any.
 */
static const char mig_box[] =
    "[device 0-2]\nname = Board {i}\nbus_id = 0000000{i}:1{i}:00.{i}\nmig_mode = 0\n"
    "[device 0]\nuuid = " A "\n"
    "[device 1]\nuuid = " A1 "\nmig_mode = 1\n"
    "[device 2]\nuuid = " B "\nmig_mode = 1\n"
    "[mig 1:0]\nuuid = " M "1\ngi = 3\nci = 1\nmem_total = 10GiB\nmem_used = 4GiB\n"
    "[mig 1:2]\nuuid = " M "2\ngi = 5\n"
    "[mig 1:3]\nuuid = " M "3\ngi = 6\nfrom = 10\nuntil = 20\n";

static void check_index(const struct nvitop_device *device, int32_t physical, int32_t mig)
{
    struct nvitop_index index = nvitop_device_index(device);
    assert_int_equal(index.physical, physical);
    assert_int_equal(index.mig, mig);
}

/* ---- lists ---- */

static size_t list(struct stand *stand, uint32_t flags, struct nvitop_device **devices)
{
    size_t count = 0;
    assert_int_equal(nvitop_device_list(stand->session, flags, devices, 8, &count), NVITOP_OK);
    return count;
}

static void lists_name_who_is_there(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_device *devices[8];
    uint32_t count;
    stand_open(&stand, mig_box);
    assert_int_equal(nvitop_device_count(stand.session, &count), NVITOP_OK);
    assert_int_equal(count, 3);
    assert_int_equal(list(&stand, 0, devices), 3);
    check_index(devices[2], 2, -1);
    assert_int_equal(list(&stand, NVITOP_LIST_MIG, devices), 5);
    check_index(devices[1], 1, -1);
    check_index(devices[3], 1, 2);
    assert_ptr_equal(nvitop_device_parent(devices[3]), devices[1]);
    assert_null(nvitop_device_parent(devices[1]));
    struct nvitop_device *child = devices[3];
    assert_int_equal(list(&stand, NVITOP_LIST_LEAVES, devices), 3);
    check_index(devices[0], 0, -1);
    check_index(devices[1], 1, 0);
    assert_ptr_equal(devices[2], child);
    stand_end(&stand);
}

static void lists_have_the_usual_bounds(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_device *devices[2] = { NULL, NULL };
    size_t count = 0;
    stand_open(&stand, mig_box);
    assert_int_equal(nvitop_device_list(stand.session, NVITOP_LIST_MIG, NULL, 0, &count),
                     NVITOP_OK);
    assert_int_equal(count, 5);
    assert_int_equal(nvitop_device_list(stand.session, NVITOP_LIST_MIG, devices, 1, &count),
                     NVITOP_OK);
    assert_int_equal(count, 5);
    check_index(devices[0], 0, -1);
    assert_null(devices[1]);
    count = 9;
    assert_int_equal(nvitop_device_list(stand.session, 0, NULL, 1, &count), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_list(stand.session, 0, devices, 2, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_list(stand.session, 64, devices, 2, &count), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_list(NULL, 0, devices, 2, &count), NVITOP_EINVAL);
    assert_int_equal(count, 9);
    stand_end(&stand);
}

static void devices_by_index(void **state)
{
    static const struct {
        struct nvitop_index index;
        int status;
    } cases[] = {
        { { 0, -1 }, NVITOP_OK },       { { 2, -7 }, NVITOP_OK },
        { { 1, 0 }, NVITOP_OK },        { { 1, 2 }, NVITOP_OK },
        { { 3, -1 }, NVITOP_EINVAL },   { { -1, -1 }, NVITOP_EINVAL },
        { { 1, 1 }, NVITOP_ENOTFOUND }, { { 1, 3 }, NVITOP_ENOTFOUND },
        { { 0, 0 }, NVITOP_ENOTFOUND }, { { 2, 0 }, NVITOP_ENOTFOUND },
        { { 3, 0 }, NVITOP_EINVAL },
    };
    (void)state;
    struct stand stand;
    stand_open(&stand, mig_box);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct nvitop_device *device = NULL;
        assert_int_equal(nvitop_device_by_index(stand.session, cases[i].index, &device),
                         cases[i].status);
        assert_int_equal(device != NULL, cases[i].status == NVITOP_OK);
    }
    assert_ptr_equal(stand_device(&stand, 1, 2), stand_device(&stand, 1, 2));
    assert_int_equal(nvitop_device_by_index(stand.session, cases[0].index, NULL), NVITOP_EINVAL);
    check_index(NULL, -1, -1);
    assert_null(nvitop_device_parent(NULL));
    stand_end(&stand);
}

static void instances_come_and_go(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_device *device = NULL;
    struct nvitop_value value;
    int id = NVITOP_DEV_MEMORY_USED;
    stand_open(&stand, mig_box);
    simdir_time(&stand.dir, 10);
    struct nvitop_device *late = stand_device(&stand, 1, 3);
    assert_string_equal(stand_read(late, NVITOP_DEV_UUID).u.text, M "3");
    simdir_time(&stand.dir, 20);
    value.kind = NVITOP_BOOL;
    assert_int_equal(nvitop_device_read(late, &id, 1, &value), NVITOP_ENOTFOUND);
    assert_int_equal(value.kind, NVITOP_BOOL);
    assert_int_equal(nvitop_device_status(late), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_device_by_index(stand.session, (struct nvitop_index){ 1, 3 }, &device),
                     NVITOP_ENOTFOUND);
    check_index(late, 1, 3);
    simdir_time(&stand.dir, 15);
    assert_ptr_equal(stand_device(&stand, 1, 3), late);
    assert_int_equal(nvitop_device_status(late), NVITOP_OK);
    stand_end(&stand);
}

static void children_of_a_gpu(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_device *children[4] = { NULL };
    size_t count = 0;
    stand_open(&stand, mig_box);
    struct nvitop_device *gpu = stand_device(&stand, 1, -1);
    assert_int_equal(nvitop_device_mig_children(gpu, children, 1, &count), NVITOP_OK);
    assert_int_equal(count, 2);
    check_index(children[0], 1, 0);
    assert_null(children[1]);
    assert_int_equal(nvitop_device_mig_children(children[0], NULL, 0, &count), NVITOP_OK);
    assert_int_equal(count, 0);
    for (int32_t other = 0; other < 3; other += 2) {
        count = 9;
        assert_int_equal(
            nvitop_device_mig_children(stand_device(&stand, other, -1), NULL, 0, &count),
            NVITOP_OK);
        assert_int_equal(count, 0);
    }
    assert_int_equal(nvitop_device_mig_children(NULL, NULL, 0, &count), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_mig_children(gpu, NULL, 0, NULL), NVITOP_EINVAL);
    stand_end(&stand);
}

/* ---- names ---- */

static void devices_by_uuid(void **state)
{
    static const struct {
        const char *name;
        int status;
        struct nvitop_index index;
    } cases[] = {
        { A, NVITOP_OK, { 0, -1 } },
        { "GPU-aaaaaaaa-1", NVITOP_OK, { 1, -1 } },
        { "GPU-b", NVITOP_OK, { 2, -1 } },
        { "GPU-aaaaaaaa", NVITOP_EDUPLICATE, { 0, 0 } },
        { "GPU-", NVITOP_EDUPLICATE, { 0, 0 } },
        { "GPU-cccc", NVITOP_ENOTFOUND, { 0, 0 } },
        { "GPU-BBBB", NVITOP_ENOTFOUND, { 0, 0 } },
        { A "0", NVITOP_ENOTFOUND, { 0, 0 } },
        { M "1", NVITOP_OK, { 1, 0 } },
        { M "2", NVITOP_OK, { 1, 2 } },
        { "MIG-1", NVITOP_EDUPLICATE, { 0, 0 } },
        { "MIG-" A1 "/3/1", NVITOP_OK, { 1, 0 } },
        { "MIG-" A1 "/5/0", NVITOP_OK, { 1, 2 } },
        { "MIG-" A1 "/3/0", NVITOP_ENOTFOUND, { 0, 0 } },
        { "MIG-" A1 "/3", NVITOP_ENOTFOUND, { 0, 0 } },
        { "", NVITOP_ENOTFOUND, { 0, 0 } },
        { "G", NVITOP_ENOTFOUND, { 0, 0 } },
        { "0", NVITOP_ENOTFOUND, { 0, 0 } },
    };
    (void)state;
    struct stand stand;
    struct nvitop_device *device = NULL;
    stand_open(&stand, mig_box);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        device = NULL;
        assert_int_equal(nvitop_device_by_uuid(stand.session, cases[i].name, &device),
                         cases[i].status);
        if (cases[i].status == NVITOP_OK)
            check_index(device, cases[i].index.physical, cases[i].index.mig);
        else
            assert_null(device);
    }
    assert_int_equal(nvitop_device_by_uuid(stand.session, NULL, &device), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_by_uuid(stand.session, A, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_by_uuid(NULL, A, &device), NVITOP_EINVAL);
    stand_end(&stand);
}

static void devices_by_bus_id(void **state)
{
    static const char *const found[] = { "00000001:11:00.1", "1:11:00.1", "0001:11:0.1",
                                         "0000000001:11:00.1" };
    static const char *const none[] = { "",         "11:00.1",           "00000001:11:00",
                                        "1:11:0.2", "00000001:11:00.1 ", "1:11:00.1.1",
                                        ":11:00.1", "000000001:11:00.1x" };
    (void)state;
    struct stand stand;
    struct nvitop_device *device = NULL;
    stand_open(&stand, mig_box);
    for (size_t i = 0; i + 1 < ARRAY_LEN(found); i++) {
        assert_int_equal(nvitop_device_by_bus_id(stand.session, found[i], &device), NVITOP_OK);
        check_index(device, 1, -1);
    }
    device = NULL;
    assert_int_equal(nvitop_device_by_bus_id(stand.session, "10:00.0", &device), NVITOP_OK);
    check_index(device, 0, -1);
    device = NULL;
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_int_equal(nvitop_device_by_bus_id(stand.session, none[i], &device),
                         NVITOP_ENOTFOUND);
    assert_null(device);
    assert_int_equal(nvitop_device_by_bus_id(stand.session, NULL, &device), NVITOP_EINVAL);
    stand_end(&stand);
}

/* ---- reading ---- */

static void reading_gives_what_was_asked_for(void **state)
{
    static const int ids[] = { NVITOP_DEV_TEMPERATURE, NVITOP_DEV_NAME,   NVITOP_DEV_UTIL_MEMORY,
                               NVITOP_DEV_UTIL_GPU,    NVITOP_DEV_ENERGY, NVITOP_DEV_FAN_SPEED };
    (void)state;
    struct stand stand;
    struct nvitop_value values[ARRAY_LEN(ids)];
    stand_open(&stand, "[device 0]\nname = Board\ntemperature = 61\ngpu_util = 90\nmem_util = 20\n"
                       "fan = NOT_SUPPORTED\nerror.nvmlDeviceGetTotalEnergyConsumption = 4\n");
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    assert_int_equal(nvitop_device_read(device, ids, ARRAY_LEN(ids), values), NVITOP_OK);
    assert_int_equal(values[0].u.i, 61);
    assert_int_equal(values[0].age_ms, 0);
    assert_string_equal(values[1].u.text, "Board");
    assert_int_equal(values[2].u.i, 20);
    assert_int_equal(values[3].u.i, 90);
    assert_int_equal(values[4].kind, NVITOP_NA);
    assert_int_equal(values[4].why, NVITOP_WHY_NO_PERMISSION);
    assert_int_equal(values[4].nvml_code, 4);
    assert_int_equal(values[5].why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetUtilizationRates", "0"), 1);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetPowerUsage", "0"), 0);
    assert_ptr_equal(stand_read(device, NVITOP_DEV_NAME).u.text, values[1].u.text);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetName", "0"), 1);
    assert_int_equal(nvitop_device_status(device), NVITOP_OK);
    stand_end(&stand);
}

static void wrong_questions_touch_nothing(void **state)
{
    static const int wrong[] = { NVITOP_DEV_NAME, NVITOP_HOST_UPTIME };
    (void)state;
    struct stand stand;
    struct nvitop_value values[2] = { { .kind = NVITOP_BOOL }, { .kind = NVITOP_BOOL } };
    void *handle = &stand;
    stand_open(&stand, "[device 0]\n");
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    assert_int_equal(nvitop_device_read(device, wrong, 2, values), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_read(device, NULL, 1, values), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_read(device, wrong, 1, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_read(NULL, wrong, 1, values), NVITOP_EINVAL);
    assert_int_equal(values[0].kind, NVITOP_BOOL);
    assert_int_equal(nvitop_device_read(device, NULL, 0, NULL), NVITOP_OK);
    assert_int_equal(nvitop_device_status(NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_cache_clear(NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_nvml_handle(NULL, &handle), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_nvml_handle(device, NULL), NVITOP_EINVAL);
    assert_ptr_equal(handle, &stand);
    stand_end(&stand);
}

static void a_mig_device_has_what_applies(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, mig_box);
    struct nvitop_device *device = stand_device(&stand, 1, 0);
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).why, NVITOP_WHY_NOT_APPLICABLE);
    assert_int_equal(stand_read(device, NVITOP_DEV_GPU_INSTANCE_ID).u.i, 3);
    assert_int_equal(stand_read(device, NVITOP_DEV_COMPUTE_INSTANCE_ID).u.i, 1);
    assert_true(nvitop_value_real(&(struct nvitop_value){ 0 }) != 0);
    struct nvitop_value percent = stand_read(device, NVITOP_DEV_MEMORY_PERCENT);
    assert_true(percent.u.r == 40.0);
    assert_int_equal(stand_read(nvitop_device_parent(device), NVITOP_DEV_GPU_INSTANCE_ID).why,
                     NVITOP_WHY_NOT_APPLICABLE);
    void *handle = NULL, *parent = NULL;
    assert_int_equal(nvitop_device_nvml_handle(device, &handle), NVITOP_OK);
    assert_int_equal(nvitop_device_nvml_handle(nvitop_device_parent(device), &parent), NVITOP_OK);
    assert_non_null(handle);
    assert_ptr_not_equal(handle, parent);
    stand_end(&stand);
}

/* ---- kept readings ---- */

static void let_pass(unsigned ms)
{
    uint64_t until = stand_ms() + ms;
    while (stand_ms() < until)
        ;
}

static void readings_are_kept_only_if_wanted(void **state)
{
    (void)state;
    struct stand stand;
    stand_set(&stand, "[device 0]\ntemperature = steps 50@0 60@5\nmem_total = 8GiB\n");
    stand.options.cache_ttl_ms = 3600000;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).age_ms, 0);
    stand_read(device, NVITOP_DEV_MEMORY_PERCENT);
    simdir_time(&stand.dir, 5);
    let_pass(20);
    struct nvitop_value kept = stand_read(device, NVITOP_DEV_TEMPERATURE);
    assert_int_equal(kept.u.i, 50);
    assert_in_range(kept.age_ms, 19, 5000);
    assert_in_range(stand_read(device, NVITOP_DEV_MEMORY_PERCENT).age_ms, 19, 5000);
    assert_int_equal(stand_read(device, NVITOP_DEV_NAME).age_ms, 0);
    assert_int_equal(stand_read(device, NVITOP_DEV_NAME).age_ms, 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetTemperature", "0"), 1);
    assert_int_equal(nvitop_device_cache_clear(device), NVITOP_OK);
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).u.i, 60);
    stand_read(device, NVITOP_DEV_NAME);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetName", "0"), 2);
    stand_end(&stand);
}

static void readings_grow_old(void **state)
{
    (void)state;
    struct stand stand;
    stand_set(&stand, "[device 0]\n");
    stand.options.cache_ttl_ms = 30;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    stand_read(device, NVITOP_DEV_TEMPERATURE);
    let_pass(31);
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).age_ms, 0);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetTemperature", "0"), 2);
    stand_end(&stand);
}

/* ---- trouble ---- */

static void trap_10_lost_from_the_start(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_process row;
    size_t count = 9;
    int32_t code = 7;
    void *handle = &stand;
    stand_open(&stand, "[device 0-1]\nname = Board {i}\n[device 1]\nhandle_error = GPU_IS_LOST\n");
    struct nvitop_device *device = stand_device(&stand, 1, -1);
    for (int id = NVITOP_DEV_NAME; id < NVITOP_DEV_NAME + NVITOP_DEV_COUNT; id++) {
        struct nvitop_value value = stand_read(device, id);
        assert_int_equal(value.kind, NVITOP_NA);
        assert_true(value.why == NVITOP_WHY_LOST || value.why == NVITOP_WHY_NOT_APPLICABLE);
    }
    assert_int_equal(stand_read(device, NVITOP_DEV_NAME).nvml_code, 15);
    assert_int_equal(nvitop_device_status(device), NVITOP_ELOST);
    assert_int_equal(nvitop_device_nvml_code(device, &code), NVITOP_OK);
    assert_int_equal(code, 15);
    assert_int_equal(nvitop_device_nvml_code(stand_device(&stand, 0, -1), &code), NVITOP_OK);
    assert_int_equal(code, 0);
    assert_int_equal(nvitop_device_nvml_code(device, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_nvml_handle(device, &handle), NVITOP_ELOST);
    assert_ptr_equal(handle, &stand);
    assert_int_equal(nvitop_device_processes(device, &row, sizeof(row), 1, &count), NVITOP_OK);
    assert_int_equal(count, 0);
    assert_int_equal(nvitop_device_mig_children(device, NULL, 0, &count), NVITOP_OK);
    stand_end(&stand);
}

static void trap_10_lost_later_facts_stay(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_process row;
    size_t count = 9;
    stand_open(&stand, "[device 0]\nname = Board\ntemperature = 50\nlost_at = 10\n"
                       "mig_mode = 1\n[mig 0:0]\n");
    struct nvitop_device *device = stand_device(&stand, 0, -1), *mig = stand_device(&stand, 0, 0);
    stand_read(device, NVITOP_DEV_NAME);
    stand_read(mig, NVITOP_DEV_UUID);
    simdir_time(&stand.dir, 10);
    assert_int_equal(stand_read(device, NVITOP_DEV_TEMPERATURE).why, NVITOP_WHY_LOST);
    assert_string_equal(stand_read(device, NVITOP_DEV_NAME).u.text, "Board");
    assert_int_equal(stand_read(mig, NVITOP_DEV_MEMORY_USED).why, NVITOP_WHY_LOST);
    assert_int_equal(nvitop_device_processes(device, &row, sizeof(row), 1, &count), NVITOP_OK);
    assert_int_equal(count, 0);
    stand_end(&stand);
}

static void trap_10_lost_and_back(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, "[device 0]\nname = Board\nhandle_error = GPU_IS_LOST until 10\n");
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    assert_int_equal(stand_read(device, NVITOP_DEV_NAME).why, NVITOP_WHY_LOST);
    simdir_time(&stand.dir, 10);
    size_t before = simdir_calls(&stand.dir, "nvmlDeviceGetHandleByIndex", NULL);
    assert_int_equal(stand_read(device, NVITOP_DEV_NAME).why, NVITOP_WHY_LOST); /* it rests */
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetHandleByIndex", NULL), before);
    assert_int_equal(nvitop_device_cache_clear(device), NVITOP_OK);
    assert_string_equal(stand_read(device, NVITOP_DEV_NAME).u.text, "Board");
    assert_int_equal(nvitop_device_status(device), NVITOP_OK);
    stand_end(&stand);
}

/* A board without memory of its own: asked directly, it says what a snapshot says. */
static void trap_15_unified_memory_is_the_same_both_ways(void **state)
{
    static const int ids[] = { NVITOP_DEV_MEMORY_TOTAL, NVITOP_DEV_MEMORY_USED,
                               NVITOP_DEV_MEMORY_PERCENT, NVITOP_DEV_MEMORY_RESERVED,
                               NVITOP_DEV_MEMORY_KIND };
    static const char *const boards[] = { "mem_total = NOT_SUPPORTED\nmem_used = NOT_SUPPORTED\n",
                                          "mem_total = 0\n", "mem_total = host\n" };
    (void)state;
    for (size_t b = 0; b < ARRAY_LEN(boards); b++) {
        struct stand stand;
        char scenario[512], pids[64];
        snprintf(scenario, sizeof(scenario), "[device 0]\n%s[process P]\nmem = 300MiB\n",
                 boards[b]);
        stand_set(&stand, scenario);
        snprintf(pids, sizeof(pids), "P %ld\n", (long)getpid());
        simdir_write(&stand.dir, "pids", pids);
        assert_int_equal(stand_try(&stand), NVITOP_OK);
        struct nvitop_device *device = stand_device(&stand, 0, -1);
        struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
        assert_int_equal(stand_read(device, NVITOP_DEV_MEMORY_USED).u.i, 300 * 1024 * 1024);
        assert_string_equal(stand_read(device, NVITOP_DEV_MEMORY_KIND).u.text, "UMA");
        for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
            struct nvitop_value direct = stand_read(device, ids[i]);
            struct nvitop_value shown = stand_value(snapshot, ids[i], 0);
            assert_int_equal(direct.kind, shown.kind);
            assert_int_equal(direct.why, shown.why);
            if (direct.kind == NVITOP_TEXT)
                assert_string_equal(direct.u.text, shown.u.text);
            else
                assert_int_equal(direct.u.i, shown.u.i);
        }
        nvitop_snapshot_unref(snapshot);
        stand_end(&stand);
    }
}

/* ---- processes ---- */

static struct nvitop_process *row_of(struct nvitop_process *rows, size_t count, pid_t pid)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].pid == (uint32_t)pid)
            return &rows[i];
    fail_msg("the process is not listed");
    return NULL;
}

/* Callers whose header knows more of a process, or one value less than any did. */
static void rows_are_as_far_apart_as_the_callers(void **state)
{
    (void)state;
    struct stand stand;
    struct later {
        struct nvitop_process known;
        uint64_t unknown;
    } rows[2], *first = rows;
    size_t count = 9;
    memset(rows, 0xff, sizeof(rows));
    stand_set(&stand, "[device 0]\n[process ONE]\ntype = C\n[process TWO]\ntype = G\n");
    char pids[128];
    snprintf(pids, sizeof(pids), "ONE %ld\nTWO %ld\n", (long)getppid(), (long)getpid());
    simdir_write(&stand.dir, "pids", pids);
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    assert_int_equal(nvitop_device_processes(device, &first->known, sizeof(*rows), 2, &count),
                     NVITOP_OK);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].known.pid + rows[1].known.pid, getppid() + getpid());
    assert_int_equal(rows[0].unknown, 0);
    assert_int_equal(rows[1].unknown, 0);
    size_t less = sizeof(struct nvitop_process) - sizeof(struct nvitop_value);
    assert_int_equal(nvitop_device_processes(device, &first->known, less, 2, &count),
                     NVITOP_EINVAL);
    stand_end(&stand);
}

static void processes_as_the_driver_lists_them(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_process rows[4] = { 0 };
    char pids[128];
    size_t count = 0;
    stand_set(&stand, "[device 0-1]\n[process ONE]\ntype = C\nmem = 100MiB\nsm = 30\n"
                      "[process TWO]\ntype = C+G\nmem = 200MiB\n");
    snprintf(pids, sizeof(pids), "ONE %ld\nTWO %ld\n", (long)getppid(), (long)getpid());
    simdir_write(&stand.dir, "pids", pids);
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    assert_int_equal(nvitop_device_processes(device, rows, sizeof(*rows), 4, &count), NVITOP_OK);
    assert_int_equal(count, 2);
    assert_true(rows[0].pid < rows[1].pid);
    struct nvitop_process *one = row_of(rows, 2, getppid()), *two = row_of(rows, 2, getpid());
    assert_int_equal(one->type_bits, NVITOP_PROCESS_COMPUTE);
    assert_int_equal(one->gpu_memory.u.i, 100 * 1024 * 1024);
    assert_int_equal(one->sm.kind, NVITOP_INT);
    assert_int_equal(two->type_bits, NVITOP_PROCESS_COMPUTE | NVITOP_PROCESS_GRAPHICS);
    assert_true(two->start_ticks > 0);
    assert_int_equal(two->gi_id, UINT32_MAX);
    rows[1].pid = 7;
    assert_int_equal(nvitop_device_processes(device, rows, sizeof(*rows), 1, &count), NVITOP_OK);
    assert_int_equal(count, 2);
    assert_int_equal(rows[1].pid, 7);
    assert_int_equal(
        nvitop_device_processes(stand_device(&stand, 1, -1), NULL, sizeof(*rows), 0, &count),
        NVITOP_OK);
    assert_int_equal(count, 0);
    assert_int_equal(nvitop_device_processes(device, NULL, sizeof(*rows), 1, &count),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_device_processes(device, rows, sizeof(*rows), 1, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_device_processes(NULL, rows, sizeof(*rows), 1, &count), NVITOP_EINVAL);
    stand_end(&stand);
}

static void pids_of_another_namespace_are_foreign(void **state)
{
    static const char *const scopes[] = { "private", "host" };
    (void)state;
    for (uint8_t i = 0; i < ARRAY_LEN(scopes); i++) {
        struct stand stand;
        struct nvitop_process row;
        char text[128];
        size_t count = 0;
        snprintf(text, sizeof(text), "[launcher]\npid_namespace = %s\n[device 0]\n[process ONE]\n",
                 scopes[i]);
        stand_set(&stand, text);
        snprintf(text, sizeof(text), "ONE %ld\n", (long)getpid());
        simdir_write(&stand.dir, "pids", text);
        assert_int_equal(stand_try(&stand), NVITOP_OK);
        assert_int_equal(
            nvitop_device_processes(stand_device(&stand, 0, -1), &row, sizeof(row), 1, &count),
            NVITOP_OK);
        assert_int_equal(count, 1);
        assert_int_equal(row.pid, getpid());
        assert_int_equal(row.is_foreign, i);
        assert_int_equal(row.start_ticks == 0, i);
        stand_end(&stand);
    }
}

static void lists_that_cannot_be_read(void **state)
{
    static const struct {
        const char *code;
        int status;
    } cases[] = { { "NO_PERMISSION", NVITOP_EPERM },
                  { "NOT_SUPPORTED", NVITOP_ENOTSUP },
                  { "UNKNOWN", NVITOP_EUNKNOWN },
                  { "GPU_IS_LOST", NVITOP_OK } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stand stand;
        char scenario[256];
        size_t count = 9;
        snprintf(scenario, sizeof(scenario),
                 "[device 0]\nerror.nvmlDeviceGetCompute* = %s\nerror.nvmlDeviceGetGraphics* = %s\n"
                 "error.nvmlDeviceGetMPS* = %s\n",
                 cases[i].code, cases[i].code, cases[i].code);
        stand_open(&stand, scenario);
        assert_int_equal(nvitop_device_processes(stand_device(&stand, 0, -1), NULL,
                                                 sizeof(struct nvitop_process), 0, &count),
                         cases[i].status);
        assert_int_equal(count, cases[i].status == NVITOP_OK ? 0 : 9);
        stand_end(&stand);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_name_who_is_there),
        cmocka_unit_test(lists_have_the_usual_bounds),
        cmocka_unit_test(devices_by_index),
        cmocka_unit_test(instances_come_and_go),
        cmocka_unit_test(children_of_a_gpu),
        cmocka_unit_test(devices_by_uuid),
        cmocka_unit_test(devices_by_bus_id),
        cmocka_unit_test(reading_gives_what_was_asked_for),
        cmocka_unit_test(wrong_questions_touch_nothing),
        cmocka_unit_test(a_mig_device_has_what_applies),
        cmocka_unit_test(readings_are_kept_only_if_wanted),
        cmocka_unit_test(readings_grow_old),
        cmocka_unit_test(trap_10_lost_from_the_start),
        cmocka_unit_test(trap_10_lost_later_facts_stay),
        cmocka_unit_test(trap_10_lost_and_back),
        cmocka_unit_test(trap_15_unified_memory_is_the_same_both_ways),
        cmocka_unit_test(rows_are_as_far_apart_as_the_callers),
        cmocka_unit_test(processes_as_the_driver_lists_them),
        cmocka_unit_test(pids_of_another_namespace_are_foreign),
        cmocka_unit_test(lists_that_cannot_be_read),
    };
    return cmocka_run_group_tests_name("api/device", tests, NULL, NULL);
}
