/* Sessions: opening, the many ways to fail at it, the driver's and the host's own facts. */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/mem.h"

#define TWO_GPUS                                                                                   \
    "[system]\ndriver_version = 550.54.14\ncuda_version = 12040\n"                                 \
    "[device 0-1]\nname = Board {i}\ntemperature = {i*10+40}\n"
#define FAILING(code) "[system]\ninit_error = " code "\n[device 0]\n"

static void versions_live_as_long_as_the_session(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_value value, again;
    stand_open(&stand, TWO_GPUS);
    assert_int_equal(nvitop_driver_version(stand.session, &value), NVITOP_OK);
    assert_int_equal(value.kind, NVITOP_TEXT);
    assert_string_equal(value.u.text, "550.54.14");
    assert_int_equal(nvitop_driver_version(stand.session, &again), NVITOP_OK);
    assert_ptr_equal(value.u.text, again.u.text);
    assert_int_equal(nvitop_cuda_driver_version(stand.session, &again), NVITOP_OK);
    assert_string_equal(again.u.text, "12.4");
    assert_int_equal(nvitop_nvml_version(stand.session, &again), NVITOP_OK);
    assert_string_equal(again.u.text, "12.550.54.14");
    assert_int_equal(nvitop_nvml_path(stand.session, &again), NVITOP_OK);
    assert_string_equal(again.u.text, stand.library);
    assert_int_equal(nvitop_nvml_path(NULL, &again), NVITOP_EINVAL);
    assert_int_equal(nvitop_driver_version(NULL, &again), NVITOP_EINVAL);
    assert_int_equal(nvitop_driver_version(stand.session, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_session_status(stand.session), NVITOP_OK);
    assert_int_equal(nvitop_session_status(NULL), NVITOP_EINVAL);
    stand_end(&stand);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_session *const untouched = (struct nvitop_session *)&stand;
    stand_set(&stand, TWO_GPUS);
    stand.session = untouched;
    stand.options.flags = 1u << 30;
    assert_int_equal(stand_try(&stand), NVITOP_EINVAL);
    stand.options.flags = 0;
    stand.options.size = 0;
    assert_int_equal(stand_try(&stand), NVITOP_EINVAL);
    stand.options.size = sizeof(stand.options);
    assert_int_equal(nvitop_session_open(&stand.options, NULL), NVITOP_EINVAL);
    stand.options.procfs = "/nowhere";
    assert_int_equal(stand_try(&stand), NVITOP_ENOTFOUND);
    assert_ptr_equal(stand.session, untouched);
    stand.session = NULL;
    stand_end(&stand); /* closing none is fine */
}

/* Programs that were built with an older header give shorter options. */
static void shorter_options_are_completed(void **state)
{
    (void)state;
    struct stand stand;
    stand_set(&stand, TWO_GPUS);
    stand.options.size = offsetof(struct nvitop_options, cache_ttl_ms);
    stand.options.cache_ttl_ms = 1000000;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_device *device = stand_device(&stand, 0, -1);
    stand_read(device, NVITOP_DEV_TEMPERATURE);
    stand_read(device, NVITOP_DEV_TEMPERATURE);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlDeviceGetTemperature", "0"), 2);
    stand_end(&stand);
}

static void opening_says_what_the_driver_says(void **state)
{
    static const struct {
        const char *scenario;
        int status;
    } cases[] = {
        { FAILING("DRIVER_NOT_LOADED"), NVITOP_ENODRIVER },
        { FAILING("LIB_RM_VERSION_MISMATCH"), NVITOP_EVERSION },
        { FAILING("NO_PERMISSION"), NVITOP_EPERM },
        { FAILING("UNKNOWN"), NVITOP_EUNKNOWN },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stand stand;
        stand_set(&stand, cases[i].scenario);
        assert_int_equal(stand_try(&stand), cases[i].status);
        assert_null(stand.session);
        stand_end(&stand);
    }
}

static void no_library_is_told_apart(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_failure failure = { .size = sizeof(failure) };
    uint32_t count = 9;
    stand_set(&stand, TWO_GPUS);
    stand.options.nvml_path = "/nowhere/libnvidia-ml.so.1";
    assert_int_equal(stand_try(&stand), NVITOP_ENOLIB);
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    assert_int_equal(nvitop_device_count(stand.session, &count), NVITOP_ENOLIB);
    assert_int_equal(count, 9);
    assert_int_equal(nvitop_session_failure(stand.session, &failure), NVITOP_OK);
    assert_int_equal(failure.status, NVITOP_ENOLIB);
    assert_int_equal(failure.nvml_code, 0);
    assert_true(strlen(failure.text) > 0);
    stand_end(&stand);
}

static void the_environment_names_the_library(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_value value;
    stand_set(&stand, TWO_GPUS);
    setenv("NVITOP_NVML", stand.library, 1);
    stand.options.nvml_path = NULL;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    unsetenv("NVITOP_NVML");
    assert_int_equal(nvitop_driver_version(stand.session, &value), NVITOP_OK);
    assert_string_equal(value.u.text, "550.54.14");
    stand_end(&stand);
}

static void a_lazy_session_tries_again(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_failure failure = { .size = sizeof(failure) };
    struct nvitop_value value = { .kind = NVITOP_BOOL };
    stand_set(&stand, "[system]\nerror.nvmlInit* = DRIVER_NOT_LOADED until 5\n[device 0]\n");
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlInit", NULL), 0);
    assert_int_equal(nvitop_session_failure(stand.session, &failure), NVITOP_OK);
    assert_int_equal(failure.status, NVITOP_OK);
    assert_int_equal(nvitop_driver_version(stand.session, &value), NVITOP_ENODRIVER);
    assert_int_equal(value.kind, NVITOP_BOOL);
    assert_int_equal(nvitop_session_failure(stand.session, &failure), NVITOP_OK);
    assert_int_equal(failure.status, NVITOP_ENODRIVER);
    assert_int_equal(failure.nvml_code, 9);
    assert_true(strlen(failure.text) > 0);
    simdir_time(&stand.dir, 5);
    assert_int_equal(nvitop_session_status(stand.session), NVITOP_OK);
    assert_int_equal(nvitop_session_failure(stand.session, &failure), NVITOP_OK);
    assert_int_equal(failure.status, NVITOP_OK);
    assert_int_equal(nvitop_session_failure(stand.session, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_session_failure(NULL, &failure), NVITOP_EINVAL);
    failure.size = 0;
    assert_int_equal(nvitop_session_failure(stand.session, &failure), NVITOP_EINVAL);
    stand_end(&stand);
}

static void the_host_needs_no_driver(void **state)
{
    static const int ids[] = { NVITOP_HOST_MEMORY_TOTAL, NVITOP_HOST_CPU_COUNT,
                               NVITOP_HOST_UPTIME };
    static const int wrong[] = { NVITOP_HOST_UPTIME, NVITOP_DEV_NAME };
    (void)state;
    struct stand stand;
    struct nvitop_value values[3] = { 0 };
    stand_set(&stand, FAILING("DRIVER_NOT_LOADED"));
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    assert_int_equal(nvitop_host_read(stand.session, ids, 3, values), NVITOP_OK);
    for (size_t i = 0; i < 3; i++)
        assert_true(nvitop_value_real(&values[i]) > 0);
    values[0].u.i = 17;
    assert_int_equal(nvitop_host_read(stand.session, wrong, 2, values), NVITOP_EINVAL);
    assert_int_equal(values[0].u.i, 17);
    assert_int_equal(nvitop_host_read(stand.session, NULL, 1, values), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_read(stand.session, ids, 1, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_read(NULL, ids, 1, values), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_read(stand.session, NULL, 0, NULL), NVITOP_OK);
    stand_end(&stand);
}

static void a_driver_without_gpus_is_a_driver(void **state)
{
    (void)state;
    struct stand stand;
    uint32_t count = 9;
    size_t listed = 9;
    struct nvitop_device *device = NULL;
    stand_open(&stand, "[system]\nseed = 1\n");
    assert_int_equal(nvitop_device_count(stand.session, &count), NVITOP_OK);
    assert_int_equal(count, 0);
    assert_int_equal(nvitop_device_list(stand.session, NVITOP_LIST_LEAVES, NULL, 0, &listed),
                     NVITOP_OK);
    assert_int_equal(listed, 0);
    assert_int_equal(nvitop_device_by_index(stand.session, (struct nvitop_index){ 0, -1 }, &device),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_device_by_uuid(stand.session, "GPU-", &device), NVITOP_ENOTFOUND);
    struct nvitop_snapshot *snapshot = stand_snapshot(&stand);
    assert_int_equal(nvitop_snapshot_device_count(snapshot), 0);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

enum { OPENERS = 8 };

struct openers {
    struct nvitop_session *session;
    int statuses[OPENERS];
};

struct opener {
    struct openers *all;
    size_t at;
};

static void *open_driver(void *arg)
{
    struct opener *opener = arg;
    opener->all->statuses[opener->at] = nvitop_session_status(opener->all->session);
    return NULL;
}

static void open_at_once(struct stand *stand, struct openers *ret_openers)
{
    pthread_t threads[OPENERS];
    struct opener openers[OPENERS];
    ret_openers->session = stand->session;
    for (size_t i = 0; i < OPENERS; i++) {
        openers[i] = (struct opener){ ret_openers, i };
        assert_int_equal(pthread_create(&threads[i], NULL, open_driver, &openers[i]), 0);
    }
    for (size_t i = 0; i < OPENERS; i++)
        pthread_join(threads[i], NULL);
}

static void several_threads_open_it_once(void **state)
{
    (void)state;
    struct stand stand;
    struct openers openers = { 0 };
    stand_set(&stand, "[system]\ndelay.nvmlInit* = 100ms\n[device 0]\n");
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    open_at_once(&stand, &openers);
    for (size_t i = 0; i < OPENERS; i++)
        assert_int_equal(openers.statuses[i], NVITOP_OK);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlInit", NULL), 1);
    stand_end(&stand);
}

static void trap_12_opening_gives_up_and_one_thread_stays(void **state)
{
    (void)state;
    struct stand stand;
    struct openers openers = { 0 };
    stand_set(&stand, "[system]\ndelay.nvmlInit* = 700ms\n[device 0]\n");
    stand.options.flags = NVITOP_OPEN_LAZY;
    stand.options.open_timeout_ms = 50;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    uint64_t began = stand_ms();
    open_at_once(&stand, &openers);
    for (size_t i = 0; i < OPENERS; i++)
        assert_int_equal(openers.statuses[i], NVITOP_ETIMEOUT);
    assert_true(stand_ms() - began < 600);
    assert_int_equal(nvitop_session_status(stand.session), NVITOP_ETIMEOUT);
    int status = NVITOP_ETIMEOUT;
    while (status == NVITOP_ETIMEOUT && stand_ms() - began < 10000)
        status = nvitop_session_status(stand.session);
    assert_int_equal(status, NVITOP_OK);
    assert_int_equal(simdir_calls(&stand.dir, "nvmlInit", NULL), 1);
    stand_end(&stand);
}

static void two_drivers_in_one_process(void **state)
{
    (void)state;
    struct stand one, other;
    stand_open(&one, TWO_GPUS);
    stand_open(&other, "[system]\ndriver_version = 580.95.05\n[device 0]\nname = Other\n");
    struct nvitop_value a, b;
    assert_int_equal(nvitop_driver_version(one.session, &a), NVITOP_OK);
    assert_int_equal(nvitop_driver_version(other.session, &b), NVITOP_OK);
    assert_string_equal(a.u.text, "550.54.14");
    assert_string_equal(b.u.text, "580.95.05");
    assert_string_equal(stand_read(stand_device(&one, 1, -1), NVITOP_DEV_NAME).u.text, "Board 1");
    assert_string_equal(stand_read(stand_device(&other, 0, -1), NVITOP_DEV_NAME).u.text, "Other");
    stand_end(&one);
    assert_int_equal(nvitop_value_real(&b) != nvitop_value_real(&b), 1);
    assert_int_equal(stand_read(stand_device(&other, 0, -1), NVITOP_DEV_TEMPERATURE).u.i, 35);
    stand_end(&other);
}

static void one_library_in_two_sessions(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_session *second;
    struct nvitop_value value;
    stand_open(&stand, TWO_GPUS);
    assert_int_equal(nvitop_session_open(&stand.options, &second), NVITOP_OK);
    nvitop_session_close(second);
    assert_int_equal(nvitop_driver_version(stand.session, &value), NVITOP_OK);
    assert_int_equal(stand_read(stand_device(&stand, 1, -1), NVITOP_DEV_TEMPERATURE).u.i, 50);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_live_as_long_as_the_session),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(shorter_options_are_completed),
        cmocka_unit_test(opening_says_what_the_driver_says),
        cmocka_unit_test(no_library_is_told_apart),
        cmocka_unit_test(the_environment_names_the_library),
        cmocka_unit_test(a_lazy_session_tries_again),
        cmocka_unit_test(the_host_needs_no_driver),
        cmocka_unit_test(a_driver_without_gpus_is_a_driver),
        cmocka_unit_test(several_threads_open_it_once),
        cmocka_unit_test(trap_12_opening_gives_up_and_one_thread_stays),
        cmocka_unit_test(two_drivers_in_one_process),
        cmocka_unit_test(one_library_in_two_sessions),
    };
    return cmocka_run_group_tests_name("api/session", tests, NULL, NULL);
}
