/*
 * Choosing devices through the public function. What is chosen is src/select's to say and tested
 * there; here it is what goes in, what comes out, and what is refused.
 */
#include "stand.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "host/host.h"

#define MIB 1048576.0
#define CARDS                                                                                      \
    "[device 0-3]\nmem_total = 10000MiB\nmem_used = {i*2000+1000}MiB\ngpu_util = {40-i*10}\n"      \
    "mem_util = {i*10}\n"
#define SPLIT                                                                                      \
    "[device 0-1]\nmem_total = 40000MiB\nmem_used = 30000MiB\nmig_mode = {i}\n"                    \
    "[mig 1:0]\nmem_total = 20000MiB\nmem_used = 100MiB\n[mig 1:1]\nmem_total = 10000MiB\n"

/* The chosen devices as text: "3 2", "1:0"; at most `cap` of them are taken over. */
static char *choose(struct stand *stand, const struct nvitop_select *select,
                    struct nvitop_device *const *from, size_t from_count, size_t cap)
{
    struct nvitop_device *devices[8] = { NULL };
    struct str text = { 0 };
    size_t count = 99;
    assert_int_equal(
        nvitop_select_run(stand->session, select, from, from_count, devices, cap, &count),
        NVITOP_OK);
    for (size_t i = 0; i < MIN_OF(count, cap); i++) {
        struct nvitop_index index = nvitop_device_index(devices[i]);
        str_printf(&text, "%s%d", i ? " " : "", (int)index.physical);
        if (index.mig >= 0)
            str_printf(&text, ":%d", (int)index.mig);
    }
    for (size_t i = cap; i < ARRAY_LEN(devices); i++)
        assert_null(devices[i]);
    if (count > cap)
        str_printf(&text, " of %zu", count);
    return str_take(&text);
}

static void assert_chosen(struct stand *stand, const struct nvitop_select *select,
                          const char *expected)
{
    char *text = choose(stand, select, NULL, 0, 8);
    assert_string_equal(text, expected);
    free(text);
}

static void each_member_counts(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_select select;
    stand_open(&stand, CARDS);
    assert_chosen(&stand, NULL, "0 1 2 3");
#define WITH(change, expected)                                                                     \
    nvitop_select_init(&select);                                                                   \
    change;                                                                                        \
    assert_chosen(&stand, &select, expected)
    WITH(, "0 1 2 3");
    WITH(select.min_free_bytes = 7000 * MIB, "0 1");
    WITH(select.min_free_bytes = 0, "0 1 2 3");
    WITH(select.min_total_bytes = 10001 * MIB, "");
    WITH(select.max_gpu_percent = 20, "2 3");
    WITH(select.max_memory_percent = 10, "0 1");
    WITH(select.max_count = 2, "0 1");
    WITH(select.max_count = 0; select.min_count = 5, "");
    WITH(select.min_count = 9, "0 1 2 3");
    WITH(select.max_gpu_percent = 20; select.tolerance_percent = 10, "2 3 1");
    WITH(select.flags = NVITOP_SELECT_UNSORTED; select.max_gpu_percent = 30, "1 2 3");
#undef WITH
    stand_end(&stand);
}

static void among_these_only(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_select select;
    stand_open(&stand, CARDS);
    struct nvitop_device *from[] = { stand_device(&stand, 3, -1), stand_device(&stand, 1, -1),
                                     stand_device(&stand, 3, -1) };
    char *text = choose(&stand, NULL, from, ARRAY_LEN(from), 8);
    assert_string_equal(text, "1 3");
    free(text);
    nvitop_select_init(&select);
    select.flags = NVITOP_SELECT_UNSORTED;
    text = choose(&stand, &select, from, ARRAY_LEN(from), 8);
    assert_string_equal(text, "3 1");
    free(text);
    text = choose(&stand, NULL, from, 0, 8);
    assert_string_equal(text, "");
    free(text);
    text = choose(&stand, NULL, from, ARRAY_LEN(from), 1);
    assert_string_equal(text, "1 of 2");
    free(text);
    stand_end(&stand);
}

static void mig_devices_are_handles_too(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_select select;
    stand_open(&stand, SPLIT);
    assert_chosen(&stand, NULL, "1:0");
    nvitop_select_init(&select);
    select.min_count = 1;
    assert_chosen(&stand, &select, "0");
    struct nvitop_device *from[] = { stand_device(&stand, 1, 1) };
    char *text = choose(&stand, NULL, from, 1, 8);
    assert_string_equal(text, "1:1");
    free(text);
    stand_end(&stand);
}

static void what_free_users_hold_is_free(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_select select;
    struct arena arena = { 0 };
    struct host_self self;
    char scenario[512];
    host_read_self(&arena, &self);
    const char *users[] = { "nobody at all", self.user };
    snprintf(scenario, sizeof(scenario),
             CARDS "[process ME]\npid = %d\ndevice = 3\nmem = 6500MiB\nlisted = always\n",
             (int)getpid());
    stand_open(&stand, scenario);
    nvitop_select_init(&select);
    select.free_users = users;
    select.free_user_count = ARRAY_LEN(users);
    assert_chosen(&stand, &select, "3 0 1 2");
    select.free_user_count = 1;
    assert_chosen(&stand, &select, "0 1 2 3");
    arena_done(&arena);
    stand_end(&stand);
}

static void trap_37_lost_and_unknown_are_not_chosen(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_select select;
    stand_open(&stand, CARDS "[device 0]\nhandle_error = GPU_IS_LOST\n"
                             "[device 1]\nerror.nvmlDeviceGetMemoryInfo* = UNKNOWN\n");
    assert_chosen(&stand, NULL, "2 3 1");
    nvitop_select_init(&select);
    select.min_free_bytes = 0;
    select.tolerance_percent = 300;
    assert_chosen(&stand, &select, "2 3");
    stand_end(&stand);
}

static void several_unified_boards_are_told_apart_by_their_processes(void **state)
{
    (void)state;
    struct stand stand;
    char scenario[512];
    snprintf(scenario, sizeof(scenario),
             "[device 0-2]\nmem_total = NOT_SUPPORTED\n"
             "[process ME]\npid = %d\ndevice = 1\nmem = 6MiB\nlisted = always\n",
             (int)getpid());
    stand_open(&stand, scenario);
    assert_chosen(&stand, NULL, "1 2 0");
    stand_end(&stand);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct stand stand, other;
    struct nvitop_select select;
    struct nvitop_device *devices[4] = { NULL };
    static const char *const nobody[] = { NULL };
    size_t count = 77;
    stand_open(&stand, CARDS);
    stand_open(&other, CARDS);
#define REFUSED(change)                                                                            \
    nvitop_select_init(&select);                                                                   \
    change;                                                                                        \
    assert_int_equal(nvitop_select_run(stand.session, &select, NULL, 0, devices, 4, &count),       \
                     NVITOP_EINVAL)
    REFUSED(select.min_count = -1);
    REFUSED(select.min_count = 3; select.max_count = 2);
    REFUSED(select.tolerance_percent = -1);
    REFUSED(select.tolerance_percent = NAN);
    REFUSED(select.tolerance_percent = INFINITY);
    REFUSED(select.min_free_bytes = NAN);
    REFUSED(select.max_memory_percent = NAN);
    REFUSED(select.flags = 2);
    REFUSED(select.size = 3);
    REFUSED(select.free_user_count = 1);
    REFUSED(select.free_user_count = 1; select.free_users = nobody);
#undef REFUSED
    struct nvitop_device *foreign = stand_device(&other, 0, -1), *none = NULL;
    assert_int_equal(nvitop_select_run(stand.session, NULL, &foreign, 1, devices, 4, &count),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_select_run(stand.session, NULL, &none, 1, devices, 4, &count),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_select_run(stand.session, NULL, NULL, 0, NULL, 4, &count),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_select_run(stand.session, NULL, NULL, 0, devices, 4, NULL),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_select_run(NULL, NULL, NULL, 0, devices, 4, &count), NVITOP_EINVAL);
    assert_int_equal(count, 77);
    assert_null(devices[0]);
    nvitop_select_init(NULL);
    stand_end(&other);
    stand_end(&stand);
}

static void without_a_driver_it_says_so(void **state)
{
    (void)state;
    struct stand stand;
    size_t count = 77;
    stand_set(&stand, "[system]\ninit_error = DRIVER_NOT_LOADED\n" CARDS);
    stand.options.flags |= NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    assert_int_equal(nvitop_select_run(stand.session, NULL, NULL, 0, NULL, 0, &count),
                     NVITOP_ENODRIVER);
    assert_int_equal(count, 77);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_counts),
        cmocka_unit_test(among_these_only),
        cmocka_unit_test(mig_devices_are_handles_too),
        cmocka_unit_test(what_free_users_hold_is_free),
        cmocka_unit_test(trap_37_lost_and_unknown_are_not_chosen),
        cmocka_unit_test(several_unified_boards_are_told_apart_by_their_processes),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(without_a_driver_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
