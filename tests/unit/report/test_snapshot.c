/* Snapshots made by hand, as JSON and as CSV: each kind of value, each reason, and bytes that no
 * reader would take. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "report/query.h"
#include "report/snapshot_csv.h"
#include "report/snapshot_json.h"

static void set(struct snapshot *snapshot, size_t device, int id, struct value value)
{
    snapshot->devices[device].values[id - NVITOP_DEV_NAME] = value;
}

static void set_process(struct snapshot *snapshot, size_t process, int id, struct value value)
{
    snapshot->processes[process].values[id - NVITOP_PROC_TYPE] = value;
}

/* A GPU with a MIG device, each with a process; nothing is known of either but who it is. */
static struct snapshot *new_snapshot(void)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->epoch_us = UINT64_C(1795429389250000);
    snapshot->driver_version = value_text("550.54.14");
    snapshot->cuda_version = value_na(NVITOP_WHY_NO_SYMBOL);
    snapshot->cuda_version.code = 13;
    snapshot->driver_device_count = 1;
    snapshot->has_processes = snapshot->has_process_lists = true;
    snapshot->hostname = "box";
    snapshot->device_count = snapshot->process_count = 2;
    snapshot->devices = arena_array(&snapshot->arena, 2, sizeof(*snapshot->devices));
    snapshot->processes = arena_array(&snapshot->arena, 2, sizeof(*snapshot->processes));
    for (size_t i = 0; i < 2; i++) {
        snapshot->devices[i].mig = (int32_t)i - 1;
        for (size_t k = 0; k < NVITOP_DEV_COUNT; k++)
            snapshot->devices[i].values[k] = value_na(NVITOP_WHY_NOT_ASKED);
        snapshot->processes[i] = (struct snapshot_process){ .pid = 7, .device = i };
        for (size_t k = 0; k < NVITOP_PROC_COUNT; k++)
            snapshot->processes[i].values[k] = value_na(NVITOP_WHY_NOT_ASKED);
    }
    for (size_t k = 0; k < NVITOP_HOST_COUNT; k++)
        snapshot->host[k] = value_na(NVITOP_WHY_NOT_ASKED);
    return snapshot;
}

static void everything(struct query *query)
{
    *query = (struct query){ 0 };
    query_add_scope(query, NVITOP_SCOPE_DEVICE, true);
    query_add_scope(query, NVITOP_SCOPE_PROCESS, true);
    query_add_scope(query, NVITOP_SCOPE_HOST, true);
}

static struct query query_of(const char *word)
{
    struct query query = { .count = 0 };
    struct str err = { 0 };
    assert_true(query_add_words(&query, &word, 1, &err));
    return query;
}

static json_t *to_json(const struct snapshot *snapshot, const struct query *query)
{
    struct snapshot_json how = { .query = query, .version = "1.0.0" };
    struct str text = { 0 };
    snapshot_json_write(snapshot, &how, &text);
    assert_null(strchr(str_text(&text), '\n'));
    json_error_t error;
    json_t *node = json_loads(str_text(&text), JSON_REJECT_DUPLICATES, &error);
    if (!node)
        fail_msg("%s in %s", error.text, str_text(&text));
    str_done(&text);
    return node;
}

static json_t *device_of(json_t *root, size_t i)
{
    return json_array_get(json_object_get(root, "devices"), i);
}

static json_t *reason_of(json_t *object, const char *name)
{
    return json_object_get(json_object_get(object, "unavailable"), name);
}

static const char *text_in(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void each_kind_has_its_type(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    struct query query;
    everything(&query);
    set(snapshot, 0, NVITOP_DEV_NAME, value_text("Card"));
    set(snapshot, 0, NVITOP_DEV_ENERGY, value_int(INT64_C(20000000000000001)));
    set(snapshot, 0, NVITOP_DEV_MEMORY_PERCENT, value_real(54.4));
    set(snapshot, 0, NVITOP_DEV_MIG_MODE, value_bool(true));
    set(snapshot, 0, NVITOP_DEV_TEMPERATURE, value_int(0));
    json_t *root = to_json(snapshot, &query), *device = device_of(root, 0);
    assert_string_equal(text_in(device, "name"), "Card");
    assert_true(json_integer_value(json_object_get(device, "energy")) == 20000000000000001);
    assert_true(json_is_real(json_object_get(device, "memory_percent")));
    assert_true(json_is_true(json_object_get(device, "mig_mode")));
    assert_true(json_is_integer(json_object_get(device, "temperature")));
    assert_int_equal(json_object_size(json_object_get(device, "unavailable")), 0);
    assert_true(json_is_null(json_object_get(device, "mig_index")));
    assert_int_equal(json_integer_value(json_object_get(device_of(root, 1), "mig_index")), 0);
    json_decref(root);
    snapshot_unref(snapshot);
}

static void trap_32_not_available_is_null_and_says_why(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    struct query query;
    everything(&query);
    for (int why = NVITOP_WHY_NOT_SUPPORTED; why < NVITOP_WHY_COUNT; why++) {
        struct value value = value_na((enum nvitop_why)why);
        value.code = why % 2 ? why : 0;
        set(snapshot, 0, NVITOP_DEV_FAN_SPEED, value);
        json_t *root = to_json(snapshot, &query), *device = device_of(root, 0);
        json_t *member = json_object_get(device, "fan_speed"),
               *reason = reason_of(device, "fan_speed");
        if (why == NVITOP_WHY_NOT_ASKED) {
            assert_null(member);
            assert_null(reason);
        } else {
            assert_true(json_is_null(member));
            assert_int_not_equal(strlen(text_in(reason, "why")), 0);
            assert_int_equal(json_integer_value(json_object_get(reason, "nvml_code")), value.code);
            assert_int_equal(json_object_size(reason), value.code ? 2 : 1);
        }
        json_decref(root);
    }
    snapshot_unref(snapshot);
}

static void numbers_that_json_has_not_are_null(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    struct query query;
    everything(&query);
    set(snapshot, 0, NVITOP_DEV_POWER_PERCENT, value_real((double)INFINITY));
    json_t *root = to_json(snapshot, &query);
    assert_true(json_is_null(json_object_get(device_of(root, 0), "power_percent")));
    assert_non_null(reason_of(device_of(root, 0), "power_percent"));
    json_decref(root);
    snapshot_unref(snapshot);
}

static void numbers_keep_their_digits(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    struct query query = query_of("memory_percent,power_percent");
    struct snapshot_json how = { .query = &query, .version = "1.0.0" };
    struct str text = { 0 };
    set(snapshot, 0, NVITOP_DEV_MEMORY_PERCENT, value_real(9.2));
    set(snapshot, 0, NVITOP_DEV_POWER_PERCENT, value_real(100));
    snapshot_json_write(snapshot, &how, &text);
    assert_non_null(strstr(str_text(&text), "\"memory_percent\":9.2,"));
    assert_non_null(strstr(str_text(&text), "\"power_percent\":100.0,"));
    assert_non_null(strstr(str_text(&text), "\"timestamp\":1795429389.25,"));
    str_done(&text);
    snapshot_unref(snapshot);
}

static void trap_32_any_bytes_are_a_string(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        "\x01\x02\x1b[2J",   "\xff\xfe\xc3\x28",     "\xed\xa0\x80",
        "\"quoted\" \\back", "\xf4\x90\x80\x80\xc0", "",
        "line\r\nfeed\ttab", "\xe2\x80\xa8\x7f",
    };
    struct snapshot *snapshot = new_snapshot();
    struct query query;
    everything(&query);
    for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
        set_process(snapshot, 0, NVITOP_PROC_COMMAND, value_text(hostile[i]));
        json_t *root = to_json(snapshot, &query);
        json_t *process = json_array_get(json_object_get(root, "processes"), 0);
        assert_true(json_is_string(json_object_get(process, "command")));
        assert_int_equal(strlen(text_in(process, "command")) == 0, *hostile[i] == 0);
        json_decref(root);
    }
    snapshot_unref(snapshot);
}

static void what_is_not_asked_for_is_absent(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    struct query query = query_of("temperature");
    set(snapshot, 0, NVITOP_DEV_TEMPERATURE, value_int(61));
    set(snapshot, 0, NVITOP_DEV_NAME, value_text("known, and not asked for"));
    json_t *root = to_json(snapshot, &query);
    assert_int_equal(json_integer_value(json_object_get(device_of(root, 0), "temperature")), 61);
    assert_null(json_object_get(device_of(root, 0), "name"));
    assert_null(json_object_get(root, "host"));
    assert_null(json_object_get(root, "processes"));
    json_decref(root);
    everything(&query);
    snapshot->has_processes = false;
    root = to_json(snapshot, &query);
    assert_null(json_object_get(root, "processes"));
    assert_non_null(json_object_get(root, "host"));
    json_decref(root);
    snapshot_unref(snapshot);
}

static void states_are_told(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    struct query query;
    everything(&query);
    snapshot->driver_state = DRIVER_FAILED;
    snapshot->driver_text = "RM has \"failed\"";
    snapshot->driver_since_us = UINT64_C(1795429380000000);
    snapshot->devices[0].condition = DEVICE_LOST;
    snapshot->devices[0].code = 15;
    snapshot->devices[1].condition = DEVICE_NOT_RESPONDING;
    snapshot->devices[1].silent_since_us = UINT64_C(1795429381500000);
    snapshot->processes[1].presence = PROCESS_HOST_PID;
    snapshot->processes[1].start_ticks = 99;
    json_t *root = to_json(snapshot, &query), *driver = json_object_get(root, "driver");
    json_t *lost = device_of(root, 0), *silent = device_of(root, 1);
    json_t *processes = json_object_get(root, "processes");
    assert_string_equal(text_in(driver, "state"), "failed");
    assert_string_equal(text_in(driver, "error"), "RM has \"failed\"");
    assert_string_equal(text_in(reason_of(driver, "cuda_version"), "why"), "no_symbol");
    assert_string_equal(text_in(lost, "condition"), "lost");
    assert_int_equal(json_integer_value(json_object_get(lost, "nvml_code")), 15);
    assert_true(json_real_value(json_object_get(silent, "silent_since")) == 1795429381.5);
    assert_null(json_object_get(lost, "silent_since"));
    assert_string_equal(text_in(json_array_get(processes, 1), "presence"), "host_pid");
    assert_true(json_is_null(json_object_get(json_array_get(processes, 0), "start_ticks")));
    json_decref(root);
    snapshot_unref(snapshot);
}

/* ---- CSV ---- */

static void assert_csv(const struct snapshot *snapshot, const char *word, const char *expected)
{
    struct query query = query_of(word);
    struct str text = { 0 };
    snapshot_csv_header(&query, &text);
    snapshot_csv_rows(snapshot, &query, &text);
    assert_string_equal(str_text(&text), expected);
    str_done(&text);
}

static void rows_are_of_the_finest_thing(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    set(snapshot, 0, NVITOP_DEV_TEMPERATURE, value_int(61));
    set_process(snapshot, 1, NVITOP_PROC_CPU_PERCENT, value_real(12.5));
    snapshot->host[NVITOP_HOST_CPU_COUNT - NVITOP_HOST_CPU_PERCENT] = value_int(8);
    assert_csv(snapshot, "temperature",
               "timestamp,index,mig_index,condition,temperature\n"
               "1795429389.250000,0,,ok,61\n1795429389.250000,0,0,ok,\n");
    assert_csv(snapshot, "host.cpu_count", "timestamp,host.cpu_count\n1795429389.250000,8\n");
    assert_csv(snapshot, "process.cpu_percent,host.cpu_count,temperature",
               "timestamp,index,mig_index,condition,pid,presence,process.cpu_percent,"
               "host.cpu_count,temperature\n"
               "1795429389.250000,0,,ok,7,here,,8,61\n1795429389.250000,0,0,ok,7,here,12.5,8,\n");
    snapshot_unref(snapshot);
}

static void fields_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } cases[] = {
        { "plain text", "plain text" },         { "a,b", "\"a,b\"" },
        { "say \"x\"", "\"say \"\"x\"\"\"" },   { "", "\"\"" },
        { "two\nlines\r", "\"two\nlines\r\"" }, { "'single'", "'single'" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str text = { 0 };
        snapshot_csv_text(cases[i].text, &text);
        assert_string_equal(str_text(&text), cases[i].field);
        str_done(&text);
    }
}

static void trap_32_a_row_is_one_line(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    set(snapshot, 0, NVITOP_DEV_NAME, value_text("two\nlines \xff\x01"));
    set(snapshot, 1, NVITOP_DEV_NAME, value_text(""));
    assert_csv(snapshot, "name",
               "timestamp,index,mig_index,condition,name\n"
               "1795429389.250000,0,,ok,two\xef\xbf\xbdlines \xef\xbf\xbd\xef\xbf\xbd\n"
               "1795429389.250000,0,0,ok,\"\"\n");
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_type),
        cmocka_unit_test(trap_32_not_available_is_null_and_says_why),
        cmocka_unit_test(numbers_that_json_has_not_are_null),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(trap_32_any_bytes_are_a_string),
        cmocka_unit_test(what_is_not_asked_for_is_absent),
        cmocka_unit_test(states_are_told),
        cmocka_unit_test(rows_are_of_the_finest_thing),
        cmocka_unit_test(fields_are_quoted_where_they_must_be),
        cmocka_unit_test(trap_32_a_row_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
