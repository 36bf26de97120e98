/* The metric tables are complete, and what is derived from them is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/derive.h"
#include "core/device.h"
#include "core/metric.h"
#include "core/uma.h"

static void check_rows(const struct metric *rows, size_t count, int first)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].id, first + (int)i);
        assert_non_null(rows[i].name);
        assert_non_null(rows[i].help);
        assert_int_equal(rows[i].help[strlen(rows[i].help) - 1], '.');
        assert_int_not_equal(rows[i].kind, NVITOP_NA);
        assert_true(!rows[i].collector || rows[i].collector_divisor > 0);
        assert_true(!rows[i].prom || rows[i].prom_factor > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rows[i].name, rows[j].name);
    }
}

static void every_row_is_filled_and_named_once(void **state)
{
    (void)state;
    check_rows(metric_device, NVITOP_DEV_COUNT, NVITOP_DEV_NAME);
    check_rows(metric_process, NVITOP_PROC_COUNT, NVITOP_PROC_TYPE);
    check_rows(metric_host, NVITOP_HOST_COUNT, NVITOP_HOST_CPU_PERCENT);
}

static void rows_are_found_by_id_and_name(void **state)
{
    (void)state;
    assert_ptr_equal(metric_by_id(NVITOP_DEV_TEMPERATURE),
                     metric_by_name(NVITOP_SCOPE_DEVICE, "temperature"));
    assert_ptr_equal(metric_by_id(NVITOP_HOST_UPTIME), metric_by_name(NVITOP_SCOPE_HOST, "uptime"));
    assert_null(metric_by_id(NVITOP_DEV_NAME + NVITOP_DEV_COUNT));
    assert_null(metric_by_id(999));
    assert_null(metric_by_name(NVITOP_SCOPE_PROCESS, "temperature"));
}

static void derived_metrics_pull_in_their_operands(void **state)
{
    (void)state;
    struct metric_set set = { 0 };
    metric_set_add(&set, NVITOP_DEV_POWER_PERCENT);
    derive_needs(&set);
    assert_true(metric_set_has(&set, NVITOP_DEV_POWER_USAGE));
    assert_true(metric_set_has(&set, NVITOP_DEV_POWER_LIMIT));
    assert_false(metric_set_has(&set, NVITOP_DEV_MEMORY_USED));
}

static struct value *value_of(struct value *values, int id)
{
    return &values[id - NVITOP_DEV_NAME];
}

static void trap_17_a_missing_operand_keeps_its_reason(void **state)
{
    (void)state;
    struct value values[NVITOP_DEV_COUNT] = { 0 };
    *value_of(values, NVITOP_DEV_MEMORY_USED) = value_int(967);
    *value_of(values, NVITOP_DEV_MEMORY_TOTAL) = value_int(11019);
    *value_of(values, NVITOP_DEV_POWER_USAGE) = value_int(120000);
    *value_of(values, NVITOP_DEV_POWER_LIMIT) = value_na(NVITOP_WHY_NO_PERMISSION);
    derive_values(values);
    assert_true(value_of(values, NVITOP_DEV_MEMORY_PERCENT)->r == 8.8);
    assert_string_equal(value_of(values, NVITOP_DEV_MEMORY_KIND)->text, "FB");
    assert_int_equal(value_of(values, NVITOP_DEV_POWER_PERCENT)->kind, NVITOP_NA);
    assert_int_equal(value_of(values, NVITOP_DEV_POWER_PERCENT)->why, NVITOP_WHY_NO_PERMISSION);
}

static void memory_percent_is_rounded_by_its_digits(void **state)
{
    (void)state;
    struct value values[NVITOP_DEV_COUNT] = { 0 };
    *value_of(values, NVITOP_DEV_MEMORY_USED) = value_int(5445);
    *value_of(values, NVITOP_DEV_MEMORY_TOTAL) = value_int(10000);
    derive_values(values);
    assert_true(value_of(values, NVITOP_DEV_MEMORY_PERCENT)->r == 54.5);
}

/* ---- unified memory ---- */

enum { GIB = 1024 * 1024 * 1024 };

static void check_memory(struct value total, enum device_condition condition, const char *kind,
                         int64_t used, int64_t huge)
{
    struct value totals[NVITOP_HOST_COUNT] = { 0 };
    totals[NVITOP_HOST_MEMORY_TOTAL - NVITOP_HOST_CPU_PERCENT] = value_int(INT64_C(120) * GIB);
    totals[NVITOP_HOST_MEMORY_AVAILABLE - NVITOP_HOST_CPU_PERCENT] = value_int(INT64_C(80) * GIB);
    struct device_process processes[] = {
        { .row.used_memory = value_int(INT64_C(3) * GIB) },
        { .row.used_memory = value_na(NVITOP_WHY_NOT_SUPPORTED) },
        { .row.used_memory = value_int(INT64_C(1) * GIB) },
        { .row.used_memory = value_int(huge) },
    };
    struct device_reading reading = { .processes = processes,
                                      .process_count = ARRAY_LEN(processes) };
    struct snapshot_device row = { .mig = -1, .is_leaf = true, .condition = condition };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        row.values[i] = total;
    uma_apply(&row, &reading, totals, true);
    struct value result = row.values[NVITOP_DEV_MEMORY_KIND - NVITOP_DEV_NAME];
    if (!kind) {
        assert_int_equal(result.kind, total.kind);
        return;
    }
    assert_string_equal(result.text, kind);
    assert_true(row.values[NVITOP_DEV_MEMORY_USED - NVITOP_DEV_NAME].i == used);
    assert_true(row.values[NVITOP_DEV_MEMORY_TOTAL - NVITOP_DEV_NAME].i == INT64_C(120) * GIB);
    assert_true(row.values[NVITOP_DEV_MEMORY_FREE - NVITOP_DEV_NAME].i == INT64_C(80) * GIB);
}

static void trap_15_unified_memory_is_the_sum_over_processes(void **state)
{
    (void)state;
    check_memory(value_na(NVITOP_WHY_NOT_SUPPORTED), DEVICE_OK, "UMA", INT64_C(4) * GIB, 0);
    check_memory(value_int(INT64_C(120) * GIB), DEVICE_OK, "UMA", INT64_C(4) * GIB, 0);
}

static void no_figure_makes_the_sum_more_than_there_is(void **state)
{
    (void)state;
    check_memory(value_na(NVITOP_WHY_NOT_SUPPORTED), DEVICE_OK, "UMA", INT64_C(120) * GIB,
                 INT64_MAX);
}

static void trap_16_a_failed_query_is_never_the_hosts_memory(void **state)
{
    (void)state;
    check_memory(value_na(NVITOP_WHY_ERROR), DEVICE_OK, NULL, 0, 0);
    check_memory(value_na(NVITOP_WHY_NO_PERMISSION), DEVICE_OK, NULL, 0, 0);
    check_memory(value_na(NVITOP_WHY_NOT_SUPPORTED), DEVICE_LOST, NULL, 0, 0);
    check_memory(value_int(INT64_C(24) * GIB), DEVICE_OK, NULL, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_filled_and_named_once),
        cmocka_unit_test(rows_are_found_by_id_and_name),
        cmocka_unit_test(derived_metrics_pull_in_their_operands),
        cmocka_unit_test(trap_17_a_missing_operand_keeps_its_reason),
        cmocka_unit_test(memory_percent_is_rounded_by_its_digits),
        cmocka_unit_test(trap_15_unified_memory_is_the_sum_over_processes),
        cmocka_unit_test(no_figure_makes_the_sum_more_than_there_is),
        cmocka_unit_test(trap_16_a_failed_query_is_never_the_hosts_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
