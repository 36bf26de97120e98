/* Text and number formats of base, from case files. */
#include <math.h>
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
    units_bytes(strtod(input, NULL), UNITS_GIB, text);
    return xstrdup(text);
}

/* BYTES MIN_UNIT, the unit as the text of its size. */
static char *bytes_min_case(const char *input, size_t len)
{
    char *unit, text[UNITS_TEXT_SIZE];
    double bytes = strtod(input, &unit), min_unit;
    (void)len;
    assert_true(units_parse_bytes(unit, &min_unit));
    units_bytes(bytes, min_unit, text);
    return xstrdup(text);
}

static char *parse_bytes_case(const char *input, size_t len)
{
    char text[64];
    double bytes = -1;
    (void)len;
    bool is_size = units_parse_bytes(input, &bytes);
    assert_true(is_size || bytes == -1);
    snprintf(text, sizeof(text), is_size ? "%.0f" : "none", bytes);
    return xstrdup(text);
}

static char *seconds_case(const char *input, size_t len)
{
    char text[UNITS_TEXT_SIZE];
    (void)len;
    units_seconds(strtod(input, NULL), UNITS_DAYS_FROM, text);
    return xstrdup(text);
}

static char *seconds_round_case(const char *input, size_t len)
{
    char text[UNITS_TEXT_SIZE];
    (void)len;
    units_seconds(strtod(input, NULL), 1, text);
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
    assert_int_equal(cases_run("bytes-min", bytes_min_case), 0);
}

static void seconds_read_as_in_the_readme(void **state)
{
    (void)state;
    assert_int_equal(cases_run("seconds", seconds_case), 0);
    assert_int_equal(cases_run("seconds-round", seconds_round_case), 0);
}

static void sizes_are_read_as_they_are_written(void **state)
{
    (void)state;
    assert_int_equal(cases_run("parse-bytes", parse_bytes_case), 0);
}

/* Sizes of every length, in digits and decimals, against what the C library makes of them. */
static void sizes_are_read_as_the_c_library_reads(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 20000; round++) {
        char text[64];
        double bytes;
        unsigned decimals = (seed = seed * 1103515245u + 12345u, seed >> 16) % 12;
        double number = (double)(seed = seed * 1103515245u + 12345u) / 65536.0;
        snprintf(text, sizeof(text), "%.*fG", (int)decimals, number);
        assert_true(units_parse_bytes(text, &bytes));
        assert_true(bytes == floor(strtod(text, NULL) * 1e9));
    }
}

static void a_locale_with_a_comma_changes_nothing(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        { "1,5", "1.5" },
        { "-1,50GiB", "-1.50GiB" },
        { "1\xd9\xab"
          "25",
          "1.25" },
        { "12", "12" },
        { "1.5", "1.5" },
        { "inf", "inf" },
        { "1e+300", "1e+300" },
        { "1,5e+30", "1.5e+30" },
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char text[16];
        snprintf(text, sizeof(text), "%s", texts[i][0]);
        units_point(text);
        assert_string_equal(text, texts[i][1]);
    }
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
        cmocka_unit_test(sizes_are_read_as_they_are_written),
        cmocka_unit_test(sizes_are_read_as_the_c_library_reads),
        cmocka_unit_test(a_locale_with_a_comma_changes_nothing),
        cmocka_unit_test(trap_19_nothing_unprintable_gets_through),
        cmocka_unit_test(widths_are_display_columns),
        cmocka_unit_test(no_control_byte_survives_whatever_comes_in),
        cmocka_unit_test(rounding_is_half_to_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
