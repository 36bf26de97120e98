/* Samples as they are written: every double as printf's %.15g has it, every label whatever it
 * holds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/exposition.h"

/* The sample's line alone. */
static void write_sample(double value, const char *labels, struct str *out)
{
    struct exposition exposition = { .out = out };
    exposition_family(&exposition, "a_", "b", "Help.");
    exposition_sample(&exposition, labels, value);
    exposition_end(&exposition);
}

static void numbers_are_those_of_printf(void **state)
{
    (void)state;
    static const double values[] = { 0,
                                     -0.0,
                                     1,
                                     9,
                                     10,
                                     -1,
                                     -42,
                                     0.1,
                                     1e-9,
                                     85899345920,
                                     999999999999999,
                                     1e15,
                                     1e15 + 1,
                                     -1e15,
                                     1.5,
                                     123456789.25,
                                     9.3e18,
                                     1e300,
                                     5e-324,
                                     0.15 };
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct str out = { 0 }, wanted = { 0 };
        write_sample(values[i], "", &out);
        str_printf(&wanted, "# HELP a_b Help.\n# TYPE a_b gauge\na_b %.15g\n", values[i]);
        assert_string_equal(str_text(&out), str_text(&wanted));
        str_done(&out);
        str_done(&wanted);
    }
}

/* As many whole characters as begin within a KiB, and a mark. */
static void long_values_are_cut(void **state)
{
    (void)state;
    static const struct {
        const char *begin;
        size_t len; /* of what is told before the mark */
    } rows[] = { { "", 1024 }, { "a", 1023 }, { "aa", 1024 } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str value = { 0 }, labels = { 0 };
        str_append(&value, rows[i].begin);
        while (value.len < 5000)
            str_append(&value, "\xc3\xa4");
        exposition_label(&labels, "a", str_text(&value));
        assert_int_equal(labels.len, strlen("a=\"") + rows[i].len + strlen("\xe2\x80\xa6\""));
        assert_memory_equal(str_text(&labels) + strlen("a=\""), str_text(&value), rows[i].len);
        assert_string_equal(str_text(&labels) + strlen("a=\"") + rows[i].len, "\xe2\x80\xa6\"");
        str_done(&value);
        str_done(&labels);
    }
}

static void what_is_no_number_is_no_sample(void **state)
{
    (void)state;
    static const double values[] = { NAN, INFINITY, -INFINITY };
    struct str out = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        write_sample(values[i], "", &out);
    assert_string_equal(str_text(&out), "");
    str_done(&out);
}

static void labels_hold_anything(void **state)
{
    (void)state;
    static const struct {
        const char *value, *written;
    } cases[] = {
        { "plain", "plain" },
        { "a\\b", "a\\\\b" },
        { "\"", "\\\"" },
        { "x\"y\"", "x\\\"y\\\"" },
        { "line\nline\n", "line\\nline\\n" },
        { "caf\xc3\xa9 \xe2\x82\xac!", "caf\xc3\xa9 \xe2\x82\xac!" },
        { "\xff", "\xef\xbf\xbd" },
        { "cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd" },
        { "\x1b[31m", "\x1b[31m" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str labels = { 0 }, wanted = { 0 };
        exposition_label(&labels, "l", cases[i].value);
        exposition_label(&labels, "none", "");
        exposition_label(&labels, "m", "1");
        str_printf(&wanted, "l=\"%s\",m=\"1\"", cases[i].written);
        assert_string_equal(str_text(&labels), str_text(&wanted));
        str_done(&labels);
        str_done(&wanted);
    }
}

/* A quote ends no help; OpenMetrics wants it escaped nevertheless, and 0.0.4 knows no such escape.
 */
static void helps_are_escaped_as_the_format_has_it(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "# HELP a_b A \"b\" \\\\ c\\nd \xc3\xa9\n# TYPE a_b gauge\na_b 1\n",
        "# HELP a_b A \\\"b\\\" \\\\ c\\nd \xc3\xa9\n# TYPE a_b gauge\na_b 1\n# EOF\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        struct str out = { 0 };
        struct exposition exposition = { .out = &out, .is_openmetrics = i };
        exposition_family(&exposition, "a_", "b", "A \"b\" \\ c\nd \xc3\xa9");
        exposition_sample(&exposition, "", 1);
        exposition_end(&exposition);
        assert_string_equal(str_text(&out), wanted[i]);
        str_done(&out);
    }
}

/* Type and unit are told; OpenMetrics has no counter without `_total`. */
static void names_of_others_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "# HELP a_MiB A.\n# TYPE a_MiB gauge\na_MiB 1\n"
        "# HELP A_TOTAL B.\n# TYPE A_TOTAL counter\nA_TOTAL 2\n"
        "# HELP a_total C.\n# TYPE a_total counter\na_total 3\n",
        "# HELP a_MiB A.\n# TYPE a_MiB gauge\n# UNIT a_MiB MiB\na_MiB 1\n"
        "# HELP A_TOTAL B.\n# TYPE A_TOTAL unknown\nA_TOTAL 2\n"
        "# HELP a C.\n# TYPE a counter\na_total 3\n# EOF\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        struct str out = { 0 };
        struct exposition exposition = { .out = &out, .is_openmetrics = i };
        exposition_foreign(&exposition, "a", "MiB", "gauge", "A.");
        exposition_sample(&exposition, "", 1);
        exposition_foreign(&exposition, "A_TOTAL", NULL, "counter", "B.");
        exposition_sample(&exposition, "", 2);
        exposition_family(&exposition, "a", "_total", "C.");
        exposition_sample(&exposition, "", 3);
        exposition_end(&exposition);
        assert_string_equal(str_text(&out), wanted[i]);
        str_done(&out);
    }
}

/* Whether a text still fits is seen byte by byte, at every length of what stands there already. */
static void printed_text_is_whole_at_any_length(void **state)
{
    (void)state;
    struct str out = { 0 };
    for (size_t i = 0; i < 300; i++) {
        str_printf(&out, "%s%d", "ab", (int)(i % 10));
        assert_int_equal(out.len, 3 * (i + 1));
        assert_int_equal(strlen(str_text(&out)), out.len);
    }
    str_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_printf),
        cmocka_unit_test(long_values_are_cut),
        cmocka_unit_test(what_is_no_number_is_no_sample),
        cmocka_unit_test(labels_hold_anything),
        cmocka_unit_test(helps_are_escaped_as_the_format_has_it),
        cmocka_unit_test(names_of_others_stay_as_they_are),
        cmocka_unit_test(printed_text_is_whole_at_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
