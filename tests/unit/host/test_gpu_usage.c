/* Who has how much of a GPU's memory, by the names and numbers of Windows's counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "host/gpu_usage.h"

#define FIRST "luid_0x00000000_0x0000D4F1"
#define SECOND "luid_0x00000001_0x0000D4F1" /* the same low half */
#define LINKED "luid_0x00000000_0x00000abc"

static const struct gpu_adapter adapters[] = {
    { UINT64_C(0xd4f1), 0x21, 0, 0, false }, { UINT64_C(0x10000d4f1), 0x4b, 0, 0, false },
    { UINT64_C(0xabc), 0x60, 0, 0, false },  { UINT64_C(0x1), 0, 2, 0, false },
    { UINT64_C(0x2), 0x70, 3, 1, false },    { UINT64_C(0x3), 0x70, 3, 1, false },
    { UINT64_C(0x4), 0x21, 0, 0, true },
};

struct counter {
    const char *name;
    int64_t bytes;
};

static struct gpu_usage read_all(const struct counter *counters, size_t count)
{
    struct gpu_usage usage = { 0 };
    for (size_t i = 0; i < count; i++)
        gpu_usage_add(&usage, counters[i].name, counters[i].bytes);
    return usage;
}

static struct value of(const struct gpu_usage *usage, uint32_t pid, const char *bus_id)
{
    return gpu_usage_of(usage, adapters, ARRAY_LEN(adapters), pid, bus_id);
}

static void assert_bytes(const struct gpu_usage *usage, uint32_t pid, const char *bus_id,
                         int64_t bytes)
{
    struct value value = of(usage, pid, bus_id);
    assert_int_equal(value.kind, NVITOP_INT);
    assert_int_equal(value.i, bytes);
}

static void assert_unknown(const struct gpu_usage *usage, uint32_t pid, const char *bus_id)
{
    struct value value = of(usage, pid, bus_id);
    assert_true(value_is_na(value));
    assert_int_equal(value.why, NVITOP_WHY_NOT_SUPPORTED);
}

static void test_sums(void **state)
{
    static const struct counter counters[] = {
        { "pid_12_" FIRST "_phys_0", 100 },
        { "pid_12_" FIRST "_phys_0#1", 20 },
        { "pid_12_" SECOND "_phys_0", 3 },
        { "pid_123_" FIRST "_phys_0", 7 },
        { "pid_4294967295_" FIRST "_phys_0", INT64_MAX },
        { "pid_4294967295_" FIRST "_phys_0#12", 1 },
        { "pid_14_" FIRST "_phys_0", 0 },
    };
    struct gpu_usage usage = read_all(counters, ARRAY_LEN(counters));
    (void)state;
    assert_bytes(&usage, 12, "00000000:21:00.0", 120);
    assert_bytes(&usage, 12, "00000000:4B:00.0", 3);
    assert_bytes(&usage, 12, "0000:4b:00.0", 3); /* as old drivers write it */
    assert_bytes(&usage, 123, "00000000:21:00.0", 7);
    assert_bytes(&usage, 14, "00000000:21:00.0", 0);
    assert_bytes(&usage, UINT32_MAX, "00000000:21:00.0", INT64_MAX);
    gpu_usage_done(&usage);
}

static void test_what_no_counter_tells(void **state)
{
    static const struct counter counters[] = { { "pid_12_" FIRST "_phys_0", 100 } };
    struct gpu_usage usage = read_all(counters, 1), none = { 0 };
    (void)state;
    assert_unknown(&usage, 13, "00000000:21:00.0"); /* and not 0 */
    assert_unknown(&usage, 12, "00000000:4B:00.0");
    assert_unknown(&none, 12, "00000000:21:00.0");
    gpu_usage_clear(&usage);
    assert_unknown(&usage, 12, "00000000:21:00.0");
    gpu_usage_done(&usage);
}

static void test_which_gpu_is_not_sure(void **state)
{
    static const struct counter counters[] = {
        { "pid_12_" FIRST "_phys_0", 100 },
        { "pid_12_" LINKED "_phys_0", 100 },
        { "pid_99_" LINKED "_phys_1", 100 },
        { "pid_12_luid_0x0_0x2_phys_0", 100 },
    };
    static const char *const places[] = {
        "00000001:21:00.0", /* another domain, of which Windows says nothing */
        "00000000:22:00.0",
        "00000000:21:01.0",
        "00000000:21:00.1", /* nobody there */
        "00000000:70:03.1", /* two there */
        "00000000:60:00.0", /* boards linked to one */
        "",
        "21:00.0",
        "00000000:21:00",
        "00000000:21:00.0 ",
        "x:21:00.0",
        "00000000:0x21:00.0",
    };
    struct gpu_usage usage = read_all(counters, ARRAY_LEN(counters));
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        assert_unknown(&usage, 12, places[i]);
    assert_bytes(&usage, 12, "00000000:21:00.0", 100);
    gpu_usage_done(&usage);
}

static void test_names_that_mean_something_else(void **state)
{
    static const struct counter counters[] = {
        { "", 1 },
        { "_Total", 1 },
        { "pid_12", 1 },
        { "pid_0_" FIRST "_phys_0", 1 },
        { "pid_-12_" FIRST "_phys_0", 1 },
        { "pid_ 12_" FIRST "_phys_0", 1 },
        { "pid_4294967308_" FIRST "_phys_0", 1 }, /* 12, were it cut to 32 bits */
        { "pid_18446744073709551628_" FIRST "_phys_0", 1 },
        { "pid_0xc_" FIRST "_phys_0", 1 },
        { "pid_12_" FIRST "_phys_", 1 },
        { "pid_12_" FIRST "_phys_0_eng_3_engtype_3D", 1 },
        { "pid_12_" FIRST "_phys_0#", 1 },
        { "pid_12_" FIRST "_phys_0#1x", 1 },
        { "pid_12_luid_0x00000000_0x10000D4F1_phys_0", 1 },
        { "pid_12_luid_0x00000000_0x0x0000D4F1_phys_0", 1 },
        { "pid_12_" FIRST "_phys_0", -1 },
    };
    struct gpu_usage usage = read_all(counters, ARRAY_LEN(counters));
    (void)state;
    assert_int_equal(usage.count, 0);
    gpu_usage_done(&usage);
}

static void test_a_gpu_that_came(void **state)
{
    static const struct counter counters[] = { { "pid_12_" FIRST "_phys_0", 1 },
                                               { "pid_12_" SECOND "_phys_0", 1 } };
    struct gpu_usage usage = read_all(counters, 2);
    (void)state;
    assert_true(gpu_usage_has_unknown(&usage, adapters, 0));
    assert_true(gpu_usage_has_unknown(&usage, adapters, 1));
    assert_false(gpu_usage_has_unknown(&usage, adapters, 2));
    gpu_usage_clear(&usage);
    assert_false(gpu_usage_has_unknown(&usage, adapters, 0));
    gpu_usage_done(&usage);
}

/* FIRST is at the place that it does not tell, and is the only one there. */
static void test_a_gpu_without_a_place(void **state)
{
    static const struct counter counters[] = { { "pid_12_" FIRST "_phys_0", 100 },
                                               { "pid_12_luid_0x00000000_0x00000004_phys_0", 7 } };
    struct gpu_usage usage = read_all(counters, 2);
    (void)state;
    assert_false(gpu_usage_has_unknown(&usage, adapters, ARRAY_LEN(adapters)));
    assert_bytes(&usage, 12, "00000000:21:00.0", 100);
    gpu_usage_done(&usage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_what_no_counter_tells),
        cmocka_unit_test(test_which_gpu_is_not_sure),
        cmocka_unit_test(test_names_that_mean_something_else),
        cmocka_unit_test(test_a_gpu_that_came),
        cmocka_unit_test(test_a_gpu_without_a_place),
    };
    return cmocka_run_group_tests_name("host/gpu_usage", tests, NULL, NULL);
}
