/* Series that a user gives: their names, their order and what they come to; and results that leave
 * out the tags, or all of the keys. */
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
#include "collect/given.h"
#include "collect/result.h"
#include "collect/sample.h"
#include "collect/window.h"

enum { GAP = 1000 };

static uint32_t place_of(struct given *given, const char *name, size_t guess)
{
    uint32_t place = 0;
    const char *kept = NULL;
    assert_true(given_find(given, name, guess, &place, &kept));
    assert_string_equal(kept, name);
    assert_ptr_not_equal(kept, name);
    assert_ptr_equal(kept, given->names[place]);
    return place;
}

static void a_name_keeps_its_place(void **state)
{
    (void)state;
    struct given given = { 0 };
    assert_int_equal(place_of(&given, "b", 7), 0);
    assert_int_equal(place_of(&given, "a", 1), 1);
    assert_int_equal(place_of(&given, "a", 0), 1);
    assert_int_equal(place_of(&given, "b", 0), 0);
    assert_int_equal(place_of(&given, "", 2), 2);
    for (size_t i = 3; i < 300; i++) {
        char name[16];
        snprintf(name, sizeof(name), "%zu", i);
        assert_int_equal(place_of(&given, name, i), i);
    }
    assert_int_equal(place_of(&given, "a", 5), 1);
    given_done(&given);
    assert_int_equal(given.count, 0);
}

static void names_are_bounded(void **state)
{
    (void)state;
    struct given given = { 0 };
    uint32_t place;
    const char *kept;
    assert_true(given_find(&given, "first", 0, &place, &kept));
    given.names = xreallocarray(given.names, GIVEN_MAX, sizeof(*given.names));
    for (size_t i = 1; i < GIVEN_MAX; i++)
        given.names[i] = xstrdup("other");
    given.count = GIVEN_MAX;
    assert_false(given_find(&given, "new", 0, &place, &kept));
    assert_true(given_find(&given, "first", 9, &place, &kept));
    assert_int_equal(given.count, GIVEN_MAX);
    given_done(&given);
}

/* ---- in windows ---- */

static struct moment at(double seconds)
{
    return (struct moment){ seconds, seconds };
}

static void add(struct windows *windows, struct given *given, double time, const char *const *names,
                const double *values, size_t count)
{
    struct sample sample = { .begin = time, .end = time, .epoch = time };
    sample_of_given(&sample, given, names, values, count);
    windows_add(windows, &sample, GAP);
    sample_done(&sample);
}

static struct result result_of(const struct windows *windows, enum result_keys which, double now)
{
    struct group_metrics metrics;
    struct result result = { .which = which };
    group_metrics_init(&metrics);
    windows_result(windows, &metrics, at(now), &result);
    return result;
}

/* "KEY KEY …" */
static char *keys_of(const struct windows *windows, enum result_keys which)
{
    struct result result = result_of(windows, which, 10);
    struct str all = { 0 };
    const char *key = str_text(&result.keys);
    for (size_t i = 0; i < result.count; i++, key += strlen(key) + 1)
        str_printf(&all, "%s%s", i ? "|" : "", key);
    assert_int_equal(key - str_text(&result.keys), result.keys.len);
    result_done(&result);
    return str_take(&all);
}

static void check_keys(const struct windows *windows, enum result_keys which, const char *expected)
{
    char *keys = keys_of(windows, which);
    assert_string_equal(keys, expected);
    free(keys);
}

#define STATISTICS(NAME) NAME "/mean|" NAME "/min|" NAME "/max|" NAME "/last|"

static void keys_with_tags_and_without(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    struct given given = { 0 };
    const char *const names[] = { "z", "pid:1/host/running_time (min)", "a" };
    windows_open(&windows, "T", at(0));
    windows_open(&windows, "u", at(0));
    add(&windows, &given, 1, names, (const double[]){ 1, 2, 3 }, 3);
    check_keys(&windows, RESULT_KEYS,
               STATISTICS("T/u/z") STATISTICS("T/u/a") "T/u/pid:1/host/running_time (min)|"
                                                       "T/u/duration (s)|T/u/timestamp|"
                                                       "T/u/last_timestamp");
    check_keys(&windows, RESULT_KEYS_WITHOUT_TAGS,
               STATISTICS("z") STATISTICS("a") "pid:1/host/running_time (min)|"
                                               "duration (s)|timestamp|last_timestamp");
    struct result bare = result_of(&windows, RESULT_NO_KEYS, 4);
    const double expected[] = { 1, 1, 1, 1, 3, 3, 3, 3, 2, 4, 4, 1 };
    assert_int_equal(bare.count, ARRAY_LEN(expected));
    assert_int_equal(bare.keys.len, 0);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_true(bare.values[i] == expected[i]);
    result_done(&bare);
    windows_done(&windows);
    given_done(&given);
}

static void what_a_sample_lacks_is_a_hole(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    struct given given = { 0 };
    const char *const both[] = { "b", "a" }, *const later[] = { "late", "b" };
    windows_open(&windows, "T", at(0));
    add(&windows, &given, 1, both, (const double[]){ 10, 1 }, 2);
    add(&windows, &given, 3, later, (const double[]){ 5, 20 }, 2);
    struct result result = result_of(&windows, RESULT_NO_KEYS, 5);
    /* b goes on; a has a hole, and ends; late begins at the sample before */
    const double expected[] = { 16, 10, 20, 20, 1, 1, 1, 1, 5, 5, 5, 5 };
    assert_int_equal(result.count, ARRAY_LEN(expected) + 3);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_true(fabs(result.values[i] - expected[i]) < 1e-12);
    result_done(&result);
    windows_done(&windows);
    given_done(&given);
}

static void a_name_that_comes_twice_counts_once(void **state)
{
    (void)state;
    struct given given = { 0 };
    struct sample sample = { 0 };
    const char *const names[] = { "a", "b", "a" };
    sample_of_given(&sample, &given, names, (const double[]){ 1, 2, 3 }, 3);
    assert_int_equal(sample.count, 2);
    sample_done(&sample);
    sample_of_given(&sample, &given, NULL, NULL, 0);
    assert_int_equal(sample.count, 0);
    sample_done(&sample);
    given_done(&given);
}

static uint64_t layout_of(const struct windows *windows)
{
    struct result result = result_of(windows, RESULT_NO_KEYS, 1);
    uint64_t layout = result.layout;
    result_done(&result);
    return layout;
}

/* The number changes when keys do, and only then; no two windows share one. */
static void a_layout_stands_for_its_keys(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    struct given given = { 0 };
    const char *const names[] = { "a", "b" };
    const double values[] = { 1, 2 };
    windows_open(&windows, "T", at(0));
    uint64_t seen[6] = { layout_of(&windows) };
    add(&windows, &given, 1, names, values, 1);
    seen[1] = layout_of(&windows);
    add(&windows, &given, 2, names, values, 1);
    assert_true(layout_of(&windows) == seen[1]);
    add(&windows, &given, 3, names, values, 2);
    seen[2] = layout_of(&windows);
    add(&windows, &given, 4, names, values, 1); /* b stays */
    assert_true(layout_of(&windows) == seen[2]);
    windows_open(&windows, "u", at(5));
    seen[3] = layout_of(&windows);
    windows_close(&windows, "u");
    assert_true(layout_of(&windows) == seen[2]);
    windows_clear(&windows, NULL, at(6));
    seen[4] = layout_of(&windows);
    windows_done(&windows);
    windows_open(&windows, "T", at(7));
    seen[5] = layout_of(&windows);
    for (size_t i = 0; i < ARRAY_LEN(seen); i++)
        for (size_t j = 0; j < i; j++)
            assert_true(seen[i] != seen[j]);
    windows_done(&windows);
    given_done(&given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_keeps_its_place),
        cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(keys_with_tags_and_without),
        cmocka_unit_test(what_a_sample_lacks_is_a_hole),
        cmocka_unit_test(a_name_that_comes_twice_counts_once),
        cmocka_unit_test(a_layout_stands_for_its_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
