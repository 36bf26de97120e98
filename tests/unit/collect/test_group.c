/* Names and order of groups, and the metrics that the tables put into them. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "cases.h"
#include "collect/group.h"

static struct group_id group_of(const char *input)
{
    struct group_id id = { .group = METRIC_GROUP_HOST, .device = { 0, -1, GROUP_NO_CUDA, 0 } };
    if (sscanf(input, "device %d %d %d", &id.device.physical, &id.device.mig, &id.device.cuda) >= 1)
        id.group = METRIC_GROUP_DEVICE;
    else if (sscanf(input, "process %" SCNu32, &id.pid) == 1)
        id.group = METRIC_GROUP_PROCESS;
    else if (sscanf(input, "on %" SCNu32 " %d %d %d", &id.pid, &id.device.physical, &id.device.mig,
                    &id.device.cuda) >= 2)
        id.group = METRIC_GROUP_PROCESS_DEVICE;
    else if (sscanf(input, "given %" SCNu32, &id.pid) == 1)
        id.group = METRIC_GROUP_GIVEN;
    return id;
}

static void devices_are_told_in_the_order_of_their_ranks(void **state)
{
    (void)state;
    struct group_id first = group_of("device 3"), second = group_of("device 1");
    second.device.rank = 1;
    assert_int_equal(group_id_compare(&first, &second), -1);
    assert_int_equal(group_id_compare(&second, &first), 1);
}

static void of_some_there_is_only_the_greatest(void **state)
{
    (void)state;
    struct group_metrics metrics;
    group_metrics_init(&metrics);
    assert_true(group_metrics_is_only_max(&metrics, "pid:1/host/running_time (min)"));
    assert_true(group_metrics_is_only_max(&metrics, "running_time (min)"));
    assert_false(group_metrics_is_only_max(&metrics, "my running_time (min)"));
    assert_false(group_metrics_is_only_max(&metrics, "pid:1/host/cpu_percent (%)"));
    assert_false(group_metrics_is_only_max(&metrics, ""));
}

static char *group_case(const char *input, size_t len)
{
    struct group_id id = group_of(input);
    struct str str = { 0 };
    (void)len;
    group_id_append(&str, &id);
    return str_take(&str);
}

static void names(void **state)
{
    (void)state;
    assert_int_equal(cases_run("collector-groups", group_case), 0);
}

static void the_order_is_that_of_keys(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "host",      "device 0 -1 -1", "device 0 -1 0", "device 0 0", "device 0 1",
        "device 1",  "process 1",      "on 1 0",        "on 1 0 1",   "on 1 1",
        "process 2", "on 2 0",         "given 0",       "given 1",
    };
    for (size_t i = 0; i < ARRAY_LEN(ascending); i++) {
        for (size_t j = 0; j < ARRAY_LEN(ascending); j++) {
            struct group_id a = group_of(ascending[i]), b = group_of(ascending[j]);
            assert_int_equal(group_id_compare(&a, &b), (i > j) - (i < j));
        }
    }
}

/* Places are 1, 2, 3 … without a hole or a double, and what is collected has a name and a divisor;
 * a metric that is not collected has none of it. */
static void places_have_no_holes(void **state)
{
    (void)state;
    static const size_t counts[] = {
        [METRIC_GROUP_NONE] = 0,    [METRIC_GROUP_HOST] = 7,           [METRIC_GROUP_DEVICE] = 10,
        [METRIC_GROUP_PROCESS] = 4, [METRIC_GROUP_PROCESS_DEVICE] = 4,
    };
    struct group_metrics metrics;
    group_metrics_init(&metrics);
    for (size_t group = 0; group < ARRAY_LEN(counts); group++) {
        assert_int_equal(metrics.counts[group], counts[group]);
        for (size_t i = 0; i < GROUP_METRICS_MAX; i++) {
            const struct metric *row = metrics.rows[group][i];
            assert_int_equal(row != NULL, i < counts[group]);
            if (row) {
                assert_int_equal(row->collector_group, group);
                assert_non_null(row->collector);
                assert_true(row->collector_divisor >= 1);
            }
        }
    }
}

static void check_uncollected(const struct metric *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_collected = rows[i].collector_group != METRIC_GROUP_NONE;
        assert_int_equal(rows[i].collector != NULL, is_collected);
        assert_int_equal(rows[i].collector_divisor > 0, is_collected);
        assert_int_equal(rows[i].collector_place > 0, is_collected);
    }
}

static void what_is_not_collected_says_nothing(void **state)
{
    (void)state;
    check_uncollected(metric_host, ARRAY_LEN(metric_host));
    check_uncollected(metric_device, ARRAY_LEN(metric_device));
    check_uncollected(metric_process, ARRAY_LEN(metric_process));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(the_order_is_that_of_keys),
        cmocka_unit_test(devices_are_told_in_the_order_of_their_ranks),
        cmocka_unit_test(of_some_there_is_only_the_greatest),
        cmocka_unit_test(places_have_no_holes),
        cmocka_unit_test(what_is_not_collected_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
