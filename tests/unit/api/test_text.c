/* Texts of the public header, from the case files that the functions behind them are tested with,
 * and what is the header's own: lengths, cutting, refusals. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases.h"
#include "nvitop/nvitop.h"

enum { SIZE = 256, ARGS_MAX = 32 };

/* What was written, if the length is right and the cut forms are beginnings of it. */
static char *checked(const char *text, int length)
{
    assert_int_equal(length, (int)strlen(text));
    return xstrdup(text);
}

static char *bytes_case(const char *input, size_t len)
{
    char text[SIZE];
    (void)len;
    return checked(text, nvitop_bytes_human(strtod(input, NULL), 1, text, sizeof(text)));
}

static char *bytes_min_case(const char *input, size_t len)
{
    char *unit, text[SIZE];
    double bytes = strtod(input, &unit), min_unit;
    (void)len;
    assert_int_equal(nvitop_human_bytes(unit, &min_unit), NVITOP_OK);
    return checked(text, nvitop_bytes_human(bytes, min_unit, text, sizeof(text)));
}

static char *parse_case(const char *input, size_t len)
{
    double bytes = -1;
    char text[64];
    (void)len;
    int status = nvitop_human_bytes(input, &bytes);
    assert_true(status == NVITOP_OK || (status == NVITOP_EINVAL && bytes == -1));
    snprintf(text, sizeof(text), status == NVITOP_OK ? "%.0f" : "none", bytes);
    return xstrdup(text);
}

static char *seconds_case(const char *input, size_t len)
{
    char text[SIZE];
    (void)len;
    return checked(text, nvitop_seconds_human(strtod(input, NULL), 0, text, sizeof(text)));
}

static char *seconds_round_case(const char *input, size_t len)
{
    char text[SIZE];
    (void)len;
    return checked(
        text, nvitop_seconds_human(strtod(input, NULL), NVITOP_SECONDS_ROUND, text, sizeof(text)));
}

static char *join_case(const char *input, size_t len)
{
    const char *argv[ARGS_MAX];
    char text[SIZE];
    size_t argc = 0;
    for (const char *at = input; at < input + len; at += strlen(at) + 1)
        argv[argc++] = at;
    return checked(text, nvitop_command_join(argv, argc, text, sizeof(text)));
}

static void vectors(void **state)
{
    (void)state;
    assert_int_equal(cases_run("bytes", bytes_case), 0);
    assert_int_equal(cases_run("bytes-min", bytes_min_case), 0);
    assert_int_equal(cases_run("parse-bytes", parse_case), 0);
    assert_int_equal(cases_run("seconds", seconds_case), 0);
    assert_int_equal(cases_run("seconds-round", seconds_round_case), 0);
    assert_int_equal(cases_run("command-join", join_case), 0);
}

/* A lone argument that is a file is quoted where it needs it. */
static void a_lone_file_is_no_title(void **state)
{
    (void)state;
    char path[] = "/tmp/nvitop test XXXXXX", text[SIZE], expected[SIZE];
    const char *const argv[] = { path };
    int file = mkstemp(path);
    assert_true(file >= 0);
    nvitop_command_join(argv, 1, text, sizeof(text));
    snprintf(expected, sizeof(expected), "\"%s\"", path);
    assert_string_equal(text, expected);
    close(file);
    unlink(path);
    nvitop_command_join(argv, 1, text, sizeof(text));
    assert_string_equal(text, path);
}

/* ---- values ---- */

static const char *const kinds[] = { "na", "int", "real", "text", "bool" };
static const char *const units[] = {
    [NVITOP_UNIT_NONE] = "none",
    [NVITOP_UNIT_BYTES] = "bytes",
    [NVITOP_UNIT_KIB_PER_S] = "kib_per_s",
    [NVITOP_UNIT_PERCENT] = "percent",
    [NVITOP_UNIT_CELSIUS] = "celsius",
    [NVITOP_UNIT_MILLIWATT] = "milliwatt",
    [NVITOP_UNIT_MHZ] = "mhz",
    [NVITOP_UNIT_SECONDS] = "seconds",
    [NVITOP_UNIT_COUNT] = "count",
    [NVITOP_UNIT_MILLIJOULE] = "millijoule",
    [NVITOP_UNIT_RPM] = "rpm",
    [NVITOP_UNIT_KIB] = "kib",
    [NVITOP_UNIT_MB_PER_S] = "mb_per_s",
    [NVITOP_UNIT_BITS] = "bits",
};

static int find(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    fail_msg("%s", word);
    return -1;
}

static char *format_case(const char *input, size_t len)
{
    char kind[16], unit[16], rest[64], text[SIZE];
    int why = 0, code = 0;
    (void)len;
    assert_int_equal(sscanf(input, "%15s %15s %63[^\n]", kind, unit, rest), 3);
    struct nvitop_value value = { .kind = (uint8_t)find(kind, kinds, ARRAY_LEN(kinds)) };
    switch (value.kind) {
    case NVITOP_NA: sscanf(rest, "%d/%d", &why, &code); break;
    case NVITOP_TEXT: value.u.text = rest; break;
    case NVITOP_REAL: value.u.r = strtod(rest, NULL); break;
    default: value.u.i = strtoll(rest, NULL, 10);
    }
    value.why = (uint8_t)why;
    value.nvml_code = code;
    return checked(
        text, nvitop_value_format(&value, find(unit, units, ARRAY_LEN(units)), text, sizeof(text)));
}

static void values_in_words(void **state)
{
    (void)state;
    assert_int_equal(cases_run("value-format", format_case), 0);
}

/* ---- lengths, refusals ---- */

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    char text[8] = "unused";
    const char *const argv[] = { "a", "\xe8\xae\xad\xe7\xbb\x83" }; /* two characters of three */
    assert_int_equal(nvitop_bytes_human(1091567616, 1, NULL, 0), 7);
    assert_int_equal(nvitop_bytes_human(1091567616, 1, text, 0), 7);
    assert_string_equal(text, "unused");
    assert_int_equal(nvitop_bytes_human(1091567616, 1, text, 4), 7);
    assert_string_equal(text, "104");
    assert_int_equal(nvitop_bytes_human(1091567616, 1, text, 1), 7);
    assert_string_equal(text, "");
    assert_int_equal(nvitop_bytes_human(1091567616, 1, text, 8), 7);
    assert_string_equal(text, "1041MiB");
    for (size_t size = 6; size <= 8; size++) {
        assert_int_equal(nvitop_command_join(argv, 2, text, size), 8);
        assert_string_equal(text, "a \xe8\xae\xad");
    }
    assert_int_equal(nvitop_command_join(argv, 2, text, 5), 8);
    assert_string_equal(text, "a ");
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    char text[32] = "untouched";
    double bytes = 1;
    const char *const holes[] = { "a", NULL };
    const struct nvitop_value value = { .kind = NVITOP_INT }, no_text = { .kind = NVITOP_TEXT };
    const struct nvitop_value no_kind = { .kind = 9 };
    const int statuses[] = {
        nvitop_bytes_human(NAN, 1, text, sizeof(text)),
        nvitop_bytes_human(INFINITY, 1, text, sizeof(text)),
        nvitop_bytes_human(1e28, 1, text, sizeof(text)),
        nvitop_bytes_human(1, NAN, text, sizeof(text)),
        nvitop_bytes_human(1, 1, NULL, 1),
        nvitop_human_bytes(NULL, &bytes),
        nvitop_human_bytes("1", NULL),
        nvitop_seconds_human(NAN, 0, text, sizeof(text)),
        nvitop_seconds_human(-INFINITY, 0, text, sizeof(text)),
        nvitop_seconds_human(1, 2, text, sizeof(text)),
        nvitop_seconds_human(1, 0, NULL, 1),
        nvitop_command_join(NULL, 1, text, sizeof(text)),
        nvitop_command_join(holes, 2, text, sizeof(text)),
        nvitop_command_join(holes, 1, NULL, 1),
        nvitop_value_format(NULL, 0, text, sizeof(text)),
        nvitop_value_format(&value, -1, text, sizeof(text)),
        nvitop_value_format(&value, NVITOP_UNIT_BITS + 1, text, sizeof(text)),
        nvitop_value_format(&value, 0, NULL, 1),
        nvitop_value_format(&no_text, 0, text, sizeof(text)),
        nvitop_value_format(&no_kind, 0, text, sizeof(text)),
    };
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
        assert_int_equal(statuses[i], NVITOP_EINVAL);
    assert_string_equal(text, "untouched");
    assert_true(bytes == 1);
}

/* ---- statistics ---- */

static void statistics(void **state)
{
    (void)state;
    struct nvitop_stats *stats = NULL;
    struct nvitop_stats_result result = { 0 };
    assert_int_equal(nvitop_stats_new(NAN, &stats), NVITOP_EINVAL);
    assert_int_equal(nvitop_stats_new(0, NULL), NVITOP_EINVAL);
    assert_null(stats);
    assert_int_equal(nvitop_stats_new(0, &stats), NVITOP_OK);
    nvitop_stats_get(stats, 5, &result);
    assert_true(isnan(result.mean) && isnan(result.min) && isnan(result.max) && isnan(result.last));
    nvitop_stats_add(stats, 1, 10);
    nvitop_stats_add(stats, 3, 20);
    nvitop_stats_get(stats, 5, &result);
    assert_true(result.mean == 16 && result.min == 10 && result.max == 20 && result.last == 20);
    nvitop_stats_add(stats, 4, NAN);
    nvitop_stats_get(stats, 5, &result);
    assert_true(fabs(result.mean - 13.333333333333334) < 1e-12);
    nvitop_stats_add(NULL, 1, 1); /* nothing happens */
    nvitop_stats_get(NULL, 1, &result);
    nvitop_stats_get(stats, 1, NULL);
    nvitop_stats_free(stats);
    nvitop_stats_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(a_lone_file_is_no_title),
        cmocka_unit_test(values_in_words),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
