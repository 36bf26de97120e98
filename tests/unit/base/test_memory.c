/* Arenas, strings, children: the small pieces everything stands on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/spawn.h"
#include "base/status.h"
#include "base/str.h"
#include "base/value.h"

static void arena_blocks_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    unsigned char *before = NULL;
    for (size_t size = 1; size < 9000; size += 97) {
        unsigned char *block = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)block % sizeof(long double), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], 0);
        memset(block, 0xff, size);
        assert_true(block != before);
        before = block;
    }
    arena_done(&arena);
    assert_null(arena.head);
}

static void a_merged_arena_keeps_both_texts(void **state)
{
    (void)state;
    struct arena one = { 0 }, two = { 0 };
    const char *first = arena_strdup(&one, "first");
    const char *second = arena_printf(&two, "%s %d", "second", 2);
    arena_merge(&one, &two);
    assert_null(two.head);
    assert_string_equal(first, "first");
    assert_string_equal(second, "second 2");
    arena_done(&one);
}

static void strings_grow_and_hand_over(void **state)
{
    (void)state;
    struct str str = { 0 };
    assert_string_equal(str_text(&str), "");
    str_append_repeat(&str, "ab", 100);
    str_printf(&str, "%d", 7);
    assert_int_equal(str.len, 201);
    char *text = str_take(&str);
    assert_string_equal(text + 198, "ab7");
    assert_int_equal(str.len, 0);
    free(text);
}

static void numbers_are_whole_or_refused(void **state)
{
    (void)state;
    long long value = 5;
    assert_true(str_parse_int("-12", 10, &value));
    assert_int_equal(value, -12);
    assert_false(str_parse_int("12x", 10, &value));
    assert_false(str_parse_int("", 10, &value));
    assert_false(str_parse_int("99999999999999999999", 10, &value));
    assert_int_equal(value, -12);
}

static void a_child_is_heard_and_its_status_returned(void **state)
{
    (void)state;
    char out[16];
    const char *const say[] = { "/bin/sh", "-c", "echo hello; exit 3", NULL };
    assert_int_equal(spawn_capture(say, 10000, out, sizeof(out)), 3);
    assert_string_equal(out, "hello\n");
    const char *const much[] = { "/bin/sh", "-c", "echo 12345678901234567890", NULL };
    assert_int_equal(spawn_capture(much, 10000, out, sizeof(out)), 0);
    assert_string_equal(out, "123456789012345");
    const char *const none[] = { "/nonexistent/program", NULL };
    assert_int_equal(spawn_capture(none, 10000, out, sizeof(out)), NVITOP_ENOTFOUND);
}

static void a_child_that_hangs_is_ended(void **state)
{
    (void)state;
    char out[16];
    const char *const hang[] = { "/bin/sh", "-c", "read x </dev/zero; echo never", NULL };
    assert_int_equal(spawn_capture(hang, 50, out, sizeof(out)), NVITOP_ETIMEOUT);
}

static void reasons_and_statuses_have_words(void **state)
{
    (void)state;
    for (int why = 0; why < NVITOP_WHY_COUNT; why++)
        assert_true(strlen(value_why_text((enum nvitop_why)why)) > 3);
    for (int status = 0; status >= NVITOP_EUNKNOWN; status--)
        assert_true(strlen(status_text(status)) > 3);
    assert_string_equal(status_text(7), "unknown status");
    assert_int_equal(value_real(0.0 / 0.0).kind, NVITOP_NA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_blocks_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_merged_arena_keeps_both_texts),
        cmocka_unit_test(strings_grow_and_hand_over),
        cmocka_unit_test(numbers_are_whole_or_refused),
        cmocka_unit_test(a_child_is_heard_and_its_status_returned),
        cmocka_unit_test(a_child_that_hangs_is_ended),
        cmocka_unit_test(reasons_and_statuses_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
