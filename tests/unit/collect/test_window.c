/* Windows inside each other: which samples they take, what becomes of what is missing, of gaps and
 * of clocks that step back. Samples are made by hand; seconds are whatever the test says. */
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
#include "collect/result.h"
#include "collect/sample.h"
#include "collect/window.h"

enum { GAP = 3, EPOCH = 1700000000 };

struct found {
    const char *key;
    double value;
    size_t count;
};

static void look(void *arg, const char *key, double value)
{
    struct found *found = arg;
    found->count++;
    if (found->key && strcmp(key, found->key) == 0)
        found->value = value;
}

/* The figure of a key of the innermost window; -12345 if it does not tell it. */
static double figure(const struct windows *windows, const char *key, double now)
{
    struct group_metrics metrics;
    struct result result = { 0 };
    struct found found = { key, -12345, 0 };
    group_metrics_init(&metrics);
    windows_result(windows, &metrics, (struct moment){ now, now + EPOCH }, &result);
    result_emit(&result, look, &found);
    result_done(&result);
    return found.value;
}

static size_t key_count(const struct windows *windows)
{
    struct group_metrics metrics;
    struct result result = { 0 };
    struct found found = { 0 };
    group_metrics_init(&metrics);
    windows_result(windows, &metrics, (struct moment){ 0, 0 }, &result);
    result_emit(&result, look, &found);
    result_done(&result);
    return found.count;
}

static struct moment at(double seconds)
{
    return (struct moment){ seconds, seconds + EPOCH };
}

/* A sample of the host and, if there is a pid, of that process; all figures are `value`. */
static void add(struct windows *windows, double time, double value, uint32_t pid)
{
    struct sample_group groups[2] = {
        { .id = { .group = METRIC_GROUP_HOST } },
        { .id = { .group = METRIC_GROUP_PROCESS, .pid = pid } },
    };
    for (size_t i = 0; i < GROUP_METRICS_MAX; i++)
        groups[0].values[i] = groups[1].values[i] = value;
    struct sample sample = { time, time, time + EPOCH, groups, pid ? 2 : 1 };
    windows_add(windows, &sample, GAP);
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

#define CPU "/host/cpu_percent (%)/"
#define RSS "/pid:7/host/host_memory (MiB)/"

static void tags_are_in_use_once(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    assert_int_equal(windows_close(&windows, NULL), NVITOP_OK);
    assert_int_equal(windows_close(&windows, "a"), NVITOP_ESTATE);
    assert_int_equal(windows_clear(&windows, NULL, at(0)), NVITOP_ESTATE);
    assert_int_equal(windows_open(&windows, "a", at(0)), NVITOP_OK);
    assert_int_equal(windows_open(&windows, "b", at(0)), NVITOP_OK);
    assert_int_equal(windows_open(&windows, "a", at(0)), NVITOP_EDUPLICATE);
    assert_int_equal(windows_close(&windows, "zz"), NVITOP_ENOTFOUND);
    assert_int_equal(windows_clear(&windows, "zz", at(0)), NVITOP_ENOTFOUND);
    assert_int_equal(windows.count, 2);
    assert_int_equal(windows_open(&windows, "", at(0)), NVITOP_OK);
    assert_true(figure(&windows, "a/b//duration (s)", 4) == 4);
    assert_int_equal(windows_close(&windows, NULL), NVITOP_OK);
    assert_int_equal(windows.count, 2);
    assert_int_equal(windows_close(&windows, "a"), NVITOP_OK);
    assert_int_equal(windows.count, 0);
    assert_int_equal(windows_open(&windows, "a", at(0)), NVITOP_OK);
    windows_done(&windows);
}

static void a_sample_goes_into_all_windows(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 1, 10, 0);
    windows_open(&windows, "b", at(2));
    add(&windows, 3, 30, 0);
    assert_true(is_near(figure(&windows, "a/b" CPU "mean", 3), 30));
    assert_true(is_near(figure(&windows, "a/b" CPU "min", 3), 30));
    assert_true(is_near(figure(&windows, "a/b/last_timestamp", 3), 3 + EPOCH));
    windows_close(&windows, "b");
    assert_true(is_near(figure(&windows, "a" CPU "mean", 3), 50. / 3));
    assert_true(is_near(figure(&windows, "a" CPU "min", 3), 10));
    assert_true(is_near(figure(&windows, "a/duration (s)", 5), 5));
    assert_true(is_near(figure(&windows, "a/timestamp", 5), 5 + EPOCH));
    windows_done(&windows);
}

static void a_key_begins_at_the_sample_before(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 1, 10, 0);
    add(&windows, 2, 10, 7); /* the process since 1 */
    add(&windows, 4, 20, 7);
    assert_true(is_near(figure(&windows, "a" RSS "mean", 4), (10 + 30) / 3.));
    windows_done(&windows);
}

static void a_process_that_has_gone_keeps_its_figures(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 1, 10, 7);
    add(&windows, 2, 30, 7);
    add(&windows, 3, 50, 0);
    add(&windows, 4, 50, 8);
    assert_true(is_near(figure(&windows, "a" RSS "mean", 9), 15));
    assert_true(is_near(figure(&windows, "a" RSS "last", 9), 30));
    assert_true(is_near(figure(&windows, "a/pid:7/host/running_time (min)", 9), 30));
    assert_true(is_near(figure(&windows, "a/pid:7/host/running_time (min)/max", 9), -12345));
    windows_clear(&windows, NULL, at(9));
    add(&windows, 10, 1, 0);
    assert_true(is_near(figure(&windows, "a" RSS "mean", 9), -12345));
    windows_done(&windows);
}

static void straight_after_clear_there_are_only_times(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    windows_open(&windows, "b", at(0));
    add(&windows, 1, 10, 7);
    windows_clear(&windows, NULL, at(2));
    assert_int_equal(key_count(&windows), 3);
    assert_true(is_near(figure(&windows, "a/b/duration (s)", 5), 3));
    assert_true(is_near(figure(&windows, "a/b/last_timestamp", 5), 2 + EPOCH));
    windows_close(&windows, NULL);
    assert_true(key_count(&windows) > 3); /* the outer one was not cleared */
    windows_open(&windows, "b", at(2));
    windows_clear(&windows, "a", at(3));
    windows_close(&windows, NULL);
    assert_int_equal(key_count(&windows), 3);
    windows_done(&windows);
}

/* ---- trap 35 ---- */

/* An hour passes between two samples: it is neither 10 nor 90 nor something between, it is not
 * there. Of the outer window as of the inner. */
static void trap_35_a_gap_is_not_filled(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    windows_open(&windows, "b", at(0));
    add(&windows, 1, 10, 7);
    add(&windows, 2, 10, 7);
    add(&windows, 3602, 90, 7);
    add(&windows, 3604, 90, 7);
    const double mean = (2 * 10 + 2 * 90) / 4.;
    assert_true(is_near(figure(&windows, "a/b" CPU "mean", 3604), mean));
    assert_true(is_near(figure(&windows, "a/b" RSS "mean", 3604), mean));
    assert_true(is_near(figure(&windows, "a/b/duration (s)", 3604), 3604)); /* it did pass */
    windows_close(&windows, NULL);
    assert_true(is_near(figure(&windows, "a" CPU "mean", 3604), mean));
    windows_done(&windows);
}

/* What is seen first after a gap begins then, not before it. */
static void trap_35_nothing_begins_in_a_gap(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 1, 10, 0);
    add(&windows, 3601, 10, 7);
    add(&windows, 3603, 40, 7);
    assert_true(is_near(figure(&windows, "a" RSS "mean", 3603), 25));
    windows_done(&windows);
}

/* The first sample may be late too: nobody knows what was before. */
static void trap_35_a_late_first_sample(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 100, 10, 0);
    add(&windows, 101, 30, 0);
    assert_true(is_near(figure(&windows, "a" CPU "mean", 101), 20));
    windows_done(&windows);
}

static void a_slow_sample_is_no_gap(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    struct sample_group host = { .id = { .group = METRIC_GROUP_HOST }, .values = { 10 } };
    struct sample slow = { 2, 12, 12 + EPOCH, &host, 1 }; /* it took ten seconds */
    windows_open(&windows, "a", at(0));
    add(&windows, 2, 20, 0);
    windows_add(&windows, &slow, GAP);
    assert_true(is_near(figure(&windows, "a" CPU "mean", 12), (2 * 20 + 10 * 15) / 12.));
    windows_done(&windows);
}

/* A clear in the middle of a sample, or a window opened then: the sample has older figures in it,
 * and is not theirs. */
static void trap_35_clear_in_the_middle_of_a_sample(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    struct sample_group host = { .id = { .group = METRIC_GROUP_HOST }, .values = { 10 } };
    struct sample sample = { 1, 3, 3 + EPOCH, &host, 1 };
    windows_open(&windows, "a", at(0));
    windows_open(&windows, "b", at(0));
    windows_clear(&windows, "b", at(2));
    windows_add(&windows, &sample, GAP);
    assert_int_equal(key_count(&windows), 3);
    windows_close(&windows, "b");
    assert_true(is_near(figure(&windows, "a" CPU "mean", 3), 10));
    windows_done(&windows);
}

/* Should a clock ever step back, no area, no span and no mean becomes negative. */
static void trap_35_a_step_back_weighs_nothing(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 1, 10, 7);
    add(&windows, 3, 10, 7);
    add(&windows, 2, 20, 7);
    add(&windows, 2.5, 30, 8);
    assert_true(is_near(figure(&windows, "a" CPU "mean", 2), 10));
    assert_true(is_near(figure(&windows, "a" CPU "last", 2), 30));
    assert_true(is_near(figure(&windows, "a/pid:8/host/host_memory (MiB)/mean", 2), 30));
    add(&windows, 4, 50, 8);
    assert_true(is_near(figure(&windows, "a" CPU "mean", 4), (3 * 10 + 40) / 4.));
    assert_true(is_near(figure(&windows, "a/pid:8/host/host_memory (MiB)/mean", 4), 40));
    windows_done(&windows);
}

/* ---- bounds ---- */

static void add_pids(struct windows *windows, double time, uint32_t from, size_t count)
{
    struct sample_group *groups = xcalloc(count, sizeof(*groups));
    for (size_t i = 0; i < count; i++)
        groups[i].id =
            (struct group_id){ .group = METRIC_GROUP_PROCESS, .pid = from + (uint32_t)i };
    struct sample sample = { time, time, time, groups, count };
    windows_add(windows, &sample, GAP);
    free(groups);
}

static void those_that_have_gone_do_not_fill_the_memory(void **state)
{
    (void)state;
    struct windows windows = { 0 };
    windows_open(&windows, "a", at(0));
    add(&windows, 1, 10, 0);
    add_pids(&windows, 2, 1, 40000);
    add_pids(&windows, 3, 1, 40000);
    assert_int_equal(windows.rows[0].count, 40001);
    add_pids(&windows, 4, 30000, 40000); /* 70000 in all, with the host */
    assert_int_equal(windows.rows[0].count, 40001);
    assert_true(is_near(figure(&windows, "a" CPU "last", 4), 10));
    windows_done(&windows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_in_use_once),
        cmocka_unit_test(a_sample_goes_into_all_windows),
        cmocka_unit_test(a_key_begins_at_the_sample_before),
        cmocka_unit_test(a_process_that_has_gone_keeps_its_figures),
        cmocka_unit_test(straight_after_clear_there_are_only_times),
        cmocka_unit_test(trap_35_a_gap_is_not_filled),
        cmocka_unit_test(trap_35_nothing_begins_in_a_gap),
        cmocka_unit_test(trap_35_a_late_first_sample),
        cmocka_unit_test(a_slow_sample_is_no_gap),
        cmocka_unit_test(trap_35_clear_in_the_middle_of_a_sample),
        cmocka_unit_test(trap_35_a_step_back_weighs_nothing),
        cmocka_unit_test(those_that_have_gone_do_not_fill_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
