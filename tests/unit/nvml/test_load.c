/* Which library is opened, and what is said when none is. Paths come from the build. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/dylib.h"
#include "base/mem.h"
#include "nvml/nvml_internal.h"
#include "nvml/nvml_places.h"

static const char good[] = LIBRARIES "/libfake_good.so";
static const char no_flags[] = LIBRARIES "/libfake_no_flags.so";
static const char says_12[] = LIBRARIES "/libfake_says_12.so";
static const char says_13[] = LIBRARIES "/libfake_says_13.so";
static const char mismatch[] = LIBRARIES "/libfake_mismatch.so";
static const char no_driver[] = LIBRARIES "/libfake_no_driver.so";
static const char bare[] = LIBRARIES "/libfake_bare.so";
static const char stub[] = LIBRARIES "/stubs/libfake_stub.so";
static const char absent[] = LIBRARIES "/libfake_absent.so";

static int open_of(const char *const *places, size_t count, struct nvml **ret_nvml,
                   struct nvml_failure *ret_failure)
{
    *ret_nvml = NULL;
    memset(ret_failure, 0, sizeof(*ret_failure));
    return nvml_open_first(places, count, ret_nvml, ret_failure);
}

static int counter(struct dylib *lib, const char *name)
{
    return *(int *)dylib_symbol(lib, name);
}

static void a_library_is_initialised_with_flags_and_shut_down(void **state)
{
    (void)state;
    struct nvml *nvml;
    struct nvml_failure failure;
    struct arena arena = { 0 };
    struct dylib *watch = dylib_open(good, NULL);
    unsigned count = 0;
    assert_int_equal(nvml_open(good, &nvml, &failure), NVITOP_OK);
    assert_int_equal(counter(watch, "fake_inits_with_flags"), 1);
    assert_int_equal(counter(watch, "fake_flags"), 0);
    assert_int_equal(counter(watch, "fake_inits"), 0);
    assert_string_equal(nvml_library_path(nvml), good);
    assert_int_equal(nvml_device_count(nvml, &count, &failure), NVITOP_OK);
    assert_int_equal(count, 2);
    assert_string_equal(nvml_driver_version(nvml, &arena).text, "550.54.14");
    assert_string_equal(nvml_cuda_version(nvml, &arena).text, "12.4");
    assert_int_equal(nvml_library_version(nvml, &arena).why, NVITOP_WHY_NO_SYMBOL);
    assert_int_equal(nvml_pid_scope(nvml), NVML_PIDS_BY_KERNEL);
    assert_false(nvml_has_process_symbols(nvml));
    nvml_close(nvml);
    assert_int_equal(counter(watch, "fake_shutdowns"), 1);
    dylib_close(watch);
    arena_done(&arena);
}

static void older_libraries_are_initialised_without_flags(void **state)
{
    (void)state;
    struct nvml *nvml;
    struct nvml_failure failure;
    struct dylib *watch = dylib_open(no_flags, NULL);
    assert_int_equal(nvml_open(no_flags, &nvml, &failure), NVITOP_OK);
    assert_int_equal(counter(watch, "fake_inits"), 1);
    nvml_close(nvml);
    dylib_close(watch);
}

static void trap_14_stubs_are_passed_over(void **state)
{
    static const char *const stubs[] = { absent, stub, says_12, says_13, bare };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stubs); i++) {
        const char *const places[] = { stubs[i], good };
        struct nvml *nvml;
        struct nvml_failure failure;
        assert_int_equal(open_of(places, 2, &nvml, &failure), NVITOP_OK);
        assert_string_equal(nvml_library_path(nvml), good);
        nvml_close(nvml);
    }
}

static void trap_14_a_stub_is_not_even_initialised(void **state)
{
    (void)state;
    struct nvml *nvml;
    struct nvml_failure failure;
    struct dylib *watch = dylib_open(stub, NULL);
    const char *const places[] = { stub };
    assert_int_equal(open_of(places, 1, &nvml, &failure), NVITOP_ENOLIB);
    assert_int_equal(failure.code, 0);
    assert_non_null(strstr(failure.text, "stub"));
    assert_int_equal(counter(watch, "fake_inits_with_flags") + counter(watch, "fake_inits"), 0);
    dylib_close(watch);
}

static void the_first_that_works_is_taken(void **state)
{
    (void)state;
    const char *const places[] = { no_flags, good };
    struct nvml *nvml;
    struct nvml_failure failure;
    assert_int_equal(open_of(places, 2, &nvml, &failure), NVITOP_OK);
    assert_string_equal(nvml_library_path(nvml), no_flags);
    nvml_close(nvml);
}

/* A real library that has bad news is believed: no other is looked for. */
static void trap_13_the_verdict_of_a_real_library_ends_the_search(void **state)
{
    static const struct {
        const char *path;
        int status, code;
        const char *text;
    } cases[] = {
        { mismatch, NVITOP_EVERSION, 18, "Driver/library version \xef\xbf\xbd mismatch" },
        { no_driver, NVITOP_ENODRIVER, 9, "driver not loaded" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *const places[] = { absent, cases[i].path, good };
        struct nvml *nvml;
        struct nvml_failure failure;
        assert_int_equal(open_of(places, 3, &nvml, &failure), cases[i].status);
        assert_null(nvml);
        assert_int_equal(failure.status, cases[i].status);
        assert_int_equal(failure.code, cases[i].code);
        assert_string_equal(failure.text, cases[i].text);
    }
}

static void trap_13_nothing_to_load_is_said_with_the_name(void **state)
{
    (void)state;
    struct nvml *nvml = NULL;
    struct nvml_failure failure;
    assert_int_equal(nvml_open(absent, &nvml, &failure), NVITOP_ENOLIB);
    assert_int_equal(failure.status, NVITOP_ENOLIB);
    assert_int_equal(failure.code, 0);
    assert_true(strncmp(failure.text, absent, MIN_OF(strlen(absent), sizeof(failure.text) - 1)) ==
                0);
    assert_int_equal(nvml_open(bare, &nvml, &failure), NVITOP_ENOLIB);
    assert_null(nvml);
}

static void trap_13_a_library_that_misses_its_real_one_says_so(void **state)
{
    (void)state;
    const char *const places[] = { absent, says_12, stub, absent };
    struct nvml *nvml;
    struct nvml_failure failure;
    assert_int_equal(open_of(places, 4, &nvml, &failure), NVITOP_ENOLIB);
    assert_int_equal(failure.code, 12);
}

static void the_places_begin_with_the_soname_and_end_with_the_bare_name(void **state)
{
    (void)state;
    struct nvml_places places;
    nvml_places_init(&places);
    assert_true(places.count >= 4);
    assert_string_equal(places.names[0], "libnvidia-ml.so.1");
    assert_string_equal(places.names[1], "/usr/lib/wsl/lib/libnvidia-ml.so.1");
    assert_string_equal(places.names[2], "/run/opengl-driver/lib/libnvidia-ml.so.1");
    assert_string_equal(places.names[places.count - 1], "libnvidia-ml.so");
    nvml_places_done(&places);
    assert_true(nvml_place_is_stub(stub));
    assert_false(nvml_place_is_stub(good));
    assert_true(nvml_place_is_stub("/nowhere/stubs/libnvidia-ml.so"));
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    nvml_close(NULL);
    nvml_device_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_is_initialised_with_flags_and_shut_down),
        cmocka_unit_test(older_libraries_are_initialised_without_flags),
        cmocka_unit_test(trap_14_stubs_are_passed_over),
        cmocka_unit_test(trap_14_a_stub_is_not_even_initialised),
        cmocka_unit_test(the_first_that_works_is_taken),
        cmocka_unit_test(trap_13_the_verdict_of_a_real_library_ends_the_search),
        cmocka_unit_test(trap_13_nothing_to_load_is_said_with_the_name),
        cmocka_unit_test(trap_13_a_library_that_misses_its_real_one_says_so),
        cmocka_unit_test(the_places_begin_with_the_soname_and_end_with_the_bare_name),
        cmocka_unit_test(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
