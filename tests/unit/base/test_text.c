/* Text and number formats of base, from case files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/units.h"
#include "base/utf8.h"
#include "cases.h"

static char *bytes_case(const char *input, size_t len)
{
    char text[UNITS_TEXT_SIZE];
    (void)len;
    units_bytes(strtod(input, NULL), 0, text);
    return xstrdup(text);
}

static char *bytes_gib_case(const char *input, size_t len)
{
    char text[UNITS_TEXT_SIZE];
    (void)len;
    units_bytes(strtod(input, NULL), 1, text);
    return xstrdup(text);
}

static char *seconds_case(const char *input, size_t len)
{
    char text[UNITS_TEXT_SIZE];
    (void)len;
    units_seconds(strtod(input, NULL), text);
    return xstrdup(text);
}

static char *printable_case(const char *input, size_t len)
{
    struct arena arena = { 0 };
    char *text = xstrdup(utf8_printable(&arena, input, len));
    arena_done(&arena);
    return text;
}

static char *width_case(const char *input, size_t len)
{
    char text[16];
    (void)len;
    snprintf(text, sizeof(text), "%d", utf8_width(input));
    return xstrdup(text);
}

static void bytes_read_as_in_the_readme(void **state)
{
    (void)state;
    assert_int_equal(cases_run("bytes", bytes_case), 0);
    assert_int_equal(cases_run("bytes-gib", bytes_gib_case), 0);
}

static void seconds_read_as_in_the_readme(void **state)
{
    (void)state;
    assert_int_equal(cases_run("seconds", seconds_case), 0);
}

static void trap_19_nothing_unprintable_gets_through(void **state)
{
    (void)state;
    assert_int_equal(cases_run("printable", printable_case), 0);
}

static void widths_are_display_columns(void **state)
{
    (void)state;
    assert_int_equal(cases_run("width", width_case), 0);
}

static void no_control_byte_survives_whatever_comes_in(void **state)
{
    (void)state;
    unsigned seed = 1;
    for (int round = 0; round < 2000; round++) {
        char bytes[64];
        struct arena arena = { 0 };
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (char)(seed = seed * 1103515245u + 12345u, seed >> 16);
        const char *text = utf8_printable(&arena, bytes, sizeof(bytes));
        size_t len = strlen(text);
        for (size_t at = 0; at < len;) {
            uint32_t code;
            at += utf8_decode(text + at, len - at, &code);
            assert_true(code >= 0x20 && (code < 0x7f || code >= 0xa0));
        }
        arena_done(&arena);
    }
}

static void rounding_is_half_to_even(void **state)
{
    (void)state;
    assert_int_equal(units_round(0.5), 0);
    assert_int_equal(units_round(1.5), 2);
    assert_int_equal(units_round(2.5), 2);
    assert_int_equal(units_round(-0.5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_read_as_in_the_readme),
        cmocka_unit_test(seconds_read_as_in_the_readme),
        cmocka_unit_test(trap_19_nothing_unprintable_gets_through),
        cmocka_unit_test(widths_are_display_columns),
        cmocka_unit_test(no_control_byte_survives_whatever_comes_in),
        cmocka_unit_test(rounding_is_half_to_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
