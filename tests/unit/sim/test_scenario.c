/* The scenario format: expressions, curves, faults, versions and whole files, from case files. */
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
#include "base/str.h"
#include "cases.h"
#include "sim/expand.h"
#include "sim/scenario.h"
#include "sim/symbols.h"

/* ---- case files ---- */

static char *expand_case(const char *input, size_t len)
{
    struct arena arena = { 0 };
    const char *why = NULL;
    (void)len;
    const char *text = expand_braces(&arena, input, 3, 2, &why);
    if (text)
        text = expand_escapes(&arena, text, &why);
    assert_true(text || why);
    char *result = xstrdup(text ? text : "!");
    arena_done(&arena);
    return result;
}

static enum curve_unit unit_named(const char *name)
{
    static const char *const names[] = {
        "plain", "bytes", "watts", "seconds", "joules", "percent"
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!strcmp(names[i], name))
            return (enum curve_unit)i;
    }
    fail_msg("no unit is called %s", name);
    return CURVE_PLAIN;
}

static char *curve_case(const char *input, size_t len)
{
    struct arena arena = { 0 };
    struct str out = { 0 };
    struct curve curve;
    const char *why;
    char unit[16];
    double t;
    int at = 0;
    (void)len;
    assert_int_equal(sscanf(input, "%15s %lf %n", unit, &t, &at), 2);
    if (curve_parse(input + at, unit_named(unit), &arena, &curve, &why) < 0)
        str_append(&out, "!");
    else if (curve.kind == CURVE_ERROR)
        str_printf(&out, "error %d", curve.code);
    else if (curve_at(&curve, t, 1) >= 1e6)
        str_printf(&out, "%.0f", curve_at(&curve, t, 1));
    else
        str_printf(&out, "%g", curve_at(&curve, t, 1));
    arena_done(&arena);
    return str_take(&out);
}

static char *fault_case(const char *input, size_t len)
{
    static const char *const kinds[] = { "error", "delay", "hang", "freeze" };
    struct fault fault = { .kind = FAULT_KIND_COUNT };
    const char *why;
    char kind[16], hits[9] = "";
    double t;
    int at = 0;
    (void)len;
    assert_int_equal(sscanf(input, "%15s %lf %n", kind, &t, &at), 2);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!strcmp(kinds[i], kind))
            fault.kind = (enum fault_kind)i;
    }
    if (fault_parse(input + at, &fault, &why) < 0)
        return xstrdup("!");
    for (unsigned call = 0; call < 8; call++)
        hits[call] = fault_hits(&fault, call, t) ? '#' : '.';
    return xstrdup(hits);
}

static char *version_case(const char *input, size_t len)
{
    struct str out = { 0 };
    (void)len;
    str_printf(&out, "%u", symbol_version(input));
    return str_take(&out);
}

static char *scenario_case(const char *input, size_t len)
{
    struct scenario *scenario;
    struct scenario_error error;
    struct str out = { 0 };
    if (scenario_parse("case", input, len, &scenario, &error) < 0) {
        str_printf(&out, "%u: %s", error.line, error.text);
    } else {
        str_printf(&out, "%zu %zu %zu", scenario->device_count, scenario->mig_count,
                   scenario->process_count);
        scenario_free(scenario);
    }
    return str_take(&out);
}

static void expressions(void **state)
{
    (void)state;
    assert_int_equal(cases_run("sim-expand", expand_case), 0);
}

static void curves(void **state)
{
    (void)state;
    assert_int_equal(cases_run("sim-curve", curve_case), 0);
}

static void faults(void **state)
{
    (void)state;
    assert_int_equal(cases_run("sim-fault", fault_case), 0);
}

static void driver_versions(void **state)
{
    (void)state;
    assert_int_equal(cases_run("sim-version", version_case), 0);
}

static void whole_files(void **state)
{
    (void)state;
    assert_int_equal(cases_run("sim-scenario", scenario_case), 0);
}

/* ---- what a case file can't say ---- */

static struct scenario *parse(const char *text)
{
    struct scenario *scenario = NULL;
    struct scenario_error error;
    if (scenario_parse("test", text, strlen(text), &scenario, &error) < 0)
        fail_msg("%u: %s", error.line, error.text);
    return scenario;
}

static void later_settings_win_and_ranges_count(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[device 0-3]\nname = GPU {i}\nfan = {i*10}\n[device 2]\nfan = 99\n");
    assert_string_equal(scenario_text(&scenario->devices[3], DEVICE_NAME), "GPU 3");
    assert_float_equal(scenario_curve(&scenario->devices[1], DEVICE_FAN)->low, 10, 0);
    assert_float_equal(scenario_curve(&scenario->devices[2], DEVICE_FAN)->low, 99, 0);
    assert_int_equal(scenario->devices[2].values[DEVICE_FAN].line, 5);
    assert_true(scenario_is_set(&scenario->devices[2], DEVICE_FAN));
    assert_false(scenario_is_set(&scenario->devices[2], DEVICE_POWER));
    scenario_free(scenario);
}

static void long_values_go_on_in_indented_lines(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[device 0]\n[process a]\ncommand = one\n    two\n\tthree\nuser = me\n");
    assert_string_equal(scenario_text(&scenario->processes[0], PROCESS_COMMAND), "one two three");
    assert_string_equal(scenario_text(&scenario->processes[0], PROCESS_USER), "me");
    scenario_free(scenario);
}

static void counted_processes_have_numbers_and_places(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[device 0-3]\n[mig 1:2]\n[process w]\ncount = 4\ndevice = "
                                      "{i},1:2\n[process all]\ndevice = all\n");
    assert_int_equal(scenario->process_count, 5);
    assert_string_equal(scenario->processes[3].name, "w3");
    assert_int_equal(scenario->processes[3].number, 3);
    assert_int_equal(scenario->processes[3].targets[0].device, 3);
    assert_int_equal(scenario->processes[3].targets[0].mig, -1);
    assert_int_equal(scenario->processes[3].targets[1].mig, 2);
    assert_string_equal(scenario->processes[4].name, "all");
    assert_int_equal(scenario->processes[4].target_count, 4);
    scenario_free(scenario);
}

static void short_faults_stand_for_symbols(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[system]\ninit_error = 9\n[device 0]\nhandle_error = GPU_IS_LOST\n");
    assert_int_equal(scenario->system.fault_count, 1);
    assert_string_equal(scenario->system.faults[0].pattern, "nvmlInit*");
    assert_int_equal(scenario->devices[0].faults[0].code, 15);
    assert_true(fault_pattern_matches(scenario->devices[0].faults[0].pattern,
                                      "nvmlDeviceGetHandleByIndex_v2"));
    assert_false(
        fault_pattern_matches(scenario->devices[0].faults[0].pattern, "nvmlDeviceGetName"));
    scenario_free(scenario);
}

static void a_line_that_libinih_would_cut_is_refused(void **state)
{
    (void)state;
    char text[400] = "[process a]\ncommand = ";
    struct scenario *scenario;
    struct scenario_error error;
    memset(text + strlen(text), 'x', 300);
    assert_int_not_equal(scenario_parse("test", text, strlen(text), &scenario, &error), 0);
    assert_int_equal(error.line, 2);
    assert_non_null(strstr(error.text, "longer than"));
}

static void a_zero_byte_is_refused(void **state)
{
    (void)state;
    static const char text[] = "[device 0]\nname = a\0b\n";
    struct scenario *scenario;
    struct scenario_error error;
    assert_int_not_equal(scenario_parse("test", text, sizeof(text) - 1, &scenario, &error), 0);
    assert_int_equal(error.line, 2);
}

static void noise_is_bounded_and_repeats(void **state)
{
    (void)state;
    const struct curve curve = { .kind = CURVE_CONST, .low = 50, .noise = 5 };
    double low = 50, high = 50;
    for (int i = 0; i < 1000; i++) {
        double value = curve_at(&curve, i * 0.25, 7);
        low = MIN_OF(low, value);
        high = MAX_OF(high, value);
        assert_true(value == curve_at(&curve, i * 0.25, 7));
    }
    assert_true(low >= 45 && low < 46 && high <= 55 && high > 54);
    assert_true(curve_at(&curve, 0, 7) != curve_at(&curve, 0, 8));
}

/* Within 0 and 100, but for what the curve itself says. */
static void noise_leads_no_percentage_beyond_its_range(void **state)
{
    static const struct {
        const char *text;
        double low, high;
    } cases[] = { { "98 noise 5", 93, 100 }, { "2 noise 5", 0, 7 }, { "103 noise 5", 98, 103 } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = { 0 };
        struct curve curve;
        const char *why;
        double low = INFINITY, high = -INFINITY;
        assert_int_equal(curve_parse(cases[i].text, CURVE_PERCENT, &arena, &curve, &why), 0);
        for (int k = 0; k < 1000; k++) {
            double value = curve_at(&curve, k * 0.25, 7);
            low = MIN_OF(low, value);
            high = MAX_OF(high, value);
        }
        assert_true(low >= cases[i].low && low < cases[i].low + 1);
        assert_true(high <= cases[i].high && high > cases[i].high - 1);
        arena_done(&arena);
    }
    struct scenario *scenario = parse("[device 0]\ngpu_util = 99 noise 9\n");
    assert_true(scenario_curve(&scenario->devices[0], DEVICE_GPU_UTIL)->is_percent);
    scenario_free(scenario);
}

static void every_default_parses(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[device 0]\n[mig 0:0]\n[process a]\n");
    for (int section = 0; section < SCENARIO_SECTION_COUNT; section++) {
        const struct scenario_section_keys *known = &scenario_sections[section];
        for (unsigned key = 0; key < known->key_count; key++) {
            assert_true(known->keys[key].name[0] && known->keys[key].help[0]);
            for (unsigned other = 0; other < key; other++)
                assert_string_not_equal(known->keys[key].name, known->keys[other].name);
        }
    }
    assert_string_equal(scenario_text(&scenario->devices[0], DEVICE_BUS_ID), "00000000:01:00.0");
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions),
        cmocka_unit_test(curves),
        cmocka_unit_test(faults),
        cmocka_unit_test(driver_versions),
        cmocka_unit_test(whole_files),
        cmocka_unit_test(later_settings_win_and_ranges_count),
        cmocka_unit_test(long_values_go_on_in_indented_lines),
        cmocka_unit_test(counted_processes_have_numbers_and_places),
        cmocka_unit_test(short_faults_stand_for_symbols),
        cmocka_unit_test(a_line_that_libinih_would_cut_is_refused),
        cmocka_unit_test(a_zero_byte_is_refused),
        cmocka_unit_test(noise_is_bounded_and_repeats),
        cmocka_unit_test(noise_leads_no_percentage_beyond_its_range),
        cmocka_unit_test(every_default_parses),
    };
    return cmocka_run_group_tests_name("sim/scenario", tests, NULL, NULL);
}
