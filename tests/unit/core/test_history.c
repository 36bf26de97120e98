/* Histories, the clock stepped by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/history.h"
#include "core/snapshot.h"

enum { START_MS = 5000000 };

/* At that many milliseconds after a full second. */
static void push(struct history *history, int64_t ms, double value)
{
    history_push(history, (uint64_t)(START_MS + ms) * CLOCK_NS_PER_MS, value_real(value));
}

static void push_none(struct history *history, int64_t ms)
{
    history_push(history, (uint64_t)(START_MS + ms) * CLOCK_NS_PER_MS, value_na(NVITOP_WHY_STALE));
}

static void assert_gap(const struct history *history, size_t back)
{
    double value = -1;
    assert_false(history_get(history, back, &value));
    assert_true(value == -1);
}

static void assert_value(const struct history *history, size_t back, double expected)
{
    double value = -1;
    assert_true(history_get(history, back, &value));
    assert_true(value == expected);
}

static void assert_latest(const struct history *history, double expected)
{
    struct value latest = history_latest(history);
    assert_int_equal(latest.kind, NVITOP_REAL);
    assert_true(latest.r == expected);
}

static void nothing_is_not_available(void **state)
{
    (void)state;
    struct history history = { 0 };
    assert_true(value_is_na(history_latest(&history)));
    assert_gap(&history, 0);
    history_done(&history);
}

static void values_of_a_second_are_averaged(void **state)
{
    (void)state;
    struct history history = { 0 };
    push(&history, 100, 10);
    push(&history, 600, 30);
    assert_gap(&history, 0); /* the second goes on */
    assert_latest(&history, 20);
    push(&history, 999, 50);
    assert_latest(&history, 30);
    push(&history, 1000, 70);
    assert_value(&history, 0, 30);
    assert_latest(&history, 70); /* of now, as the rest of the screen */
    push(&history, 2000, 0);
    assert_value(&history, 0, 70);
    assert_value(&history, 1, 30);
    assert_gap(&history, 2);
    history_done(&history);
}

static void gaps_are_real(void **state)
{
    (void)state;
    struct history history = { 0 };
    push(&history, 0, 40);
    push_none(&history, 1000);
    push(&history, 2000, 80);
    push(&history, 6000, 20);
    assert_gap(&history, 0);
    assert_gap(&history, 1);
    assert_gap(&history, 2);
    assert_value(&history, 3, 80);
    assert_gap(&history, 4);
    assert_value(&history, 5, 40);
    assert_latest(&history, 20); /* after a gap: what there is of this second */
    history_done(&history);
}

static void only_not_available_is_a_gap_too(void **state)
{
    (void)state;
    struct history history = { 0 };
    for (int64_t second = 0; second < 5; second++)
        push_none(&history, second * 1000);
    assert_gap(&history, 0);
    assert_true(value_is_na(history_latest(&history)));
    history_push(&history, (uint64_t)(START_MS + 5000) * CLOCK_NS_PER_MS, value_text("12"));
    push(&history, 6000, 1);
    assert_gap(&history, 0); /* a text is no number */
    history_done(&history);
}

static void the_last_2049_seconds_are_kept(void **state)
{
    (void)state;
    struct history history = { 0 };
    for (int64_t second = 0; second <= 5000; second++) {
        push(&history, second * 1000, (double)second);
        assert_true(history.len <= history.cap && history.cap <= HISTORY_SECONDS);
    }
    for (size_t back = 0; back < HISTORY_SECONDS; back++)
        assert_value(&history, back, 4999.0 - (double)back);
    assert_gap(&history, HISTORY_SECONDS);
    assert_gap(&history, SIZE_MAX);
    history_done(&history);
}

static void it_grows_as_time_goes_by(void **state)
{
    (void)state;
    struct history history = { 0 };
    push(&history, 0, 1);
    assert_int_equal(history.cap, 0);
    for (int64_t second = 1; second < 10; second++)
        push(&history, second * 1000, 1);
    assert_true(history.cap >= 9 && history.cap < 256);
    history_done(&history);
}

static void after_a_long_pause_it_begins_anew(void **state)
{
    (void)state;
    struct history history = { 0 };
    for (int64_t second = 0; second < 100; second++)
        push(&history, second * 1000, 1);
    push(&history, INT64_C(1000) * 1000 * 1000, 2); /* eleven days */
    assert_gap(&history, 0);
    assert_latest(&history, 2);
    push(&history, INT64_C(1000001) * 1000, 3);
    assert_value(&history, 0, 2);
    for (size_t back = 1; back < HISTORY_SECONDS; back++)
        assert_gap(&history, back);
    history_done(&history);
}

static void a_pause_within_reach_keeps_what_was_before(void **state)
{
    (void)state;
    struct history history = { 0 };
    push(&history, 0, 7);
    push(&history, 2000 * 1000, 8);
    assert_value(&history, 1999, 7);
    assert_gap(&history, 1998);
    history_done(&history);
}

/* ---- all of them ---- */

static struct value *slot(struct snapshot *snapshot, size_t device, int id)
{
    return &snapshot->devices[device].values[id - NVITOP_DEV_NAME];
}

static void set(struct snapshot *snapshot, size_t device, int64_t used, int64_t total, int util)
{
    *slot(snapshot, device, NVITOP_DEV_MEMORY_USED) = value_int(used);
    *slot(snapshot, device, NVITOP_DEV_MEMORY_TOTAL) = value_int(total);
    *slot(snapshot, device, NVITOP_DEV_MEMORY_PERCENT) =
        value_real(100.0 * (double)used / (double)total);
    *slot(snapshot, device, NVITOP_DEV_UTIL_GPU) =
        util < 0 ? value_na(NVITOP_WHY_NOT_SUPPORTED) : value_int(util);
}

/* A GPU cut into two MIG devices, and one that is not. */
static struct snapshot *make(void)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->epoch_us = UINT64_C(1795429389000000);
    snapshot->mono_ns = UINT64_C(777123456789);
    snapshot->device_count = 4;
    snapshot->devices = arena_array(&snapshot->arena, 4, sizeof(*snapshot->devices));
    for (size_t i = 0; i < 4; i++) {
        snapshot->devices[i].physical = i == 3;
        snapshot->devices[i].mig = i == 1 || i == 2 ? (int32_t)i - 1 : -1;
        snapshot->devices[i].is_leaf = i > 0;
    }
    set(snapshot, 0, 90, 100, -1);
    set(snapshot, 1, 10, 40, -1);
    set(snapshot, 2, 20, 40, -1);
    set(snapshot, 3, 30, 120, 50);
    snapshot->host[NVITOP_HOST_CPU_PERCENT - NVITOP_HOST_CPU_PERCENT] = value_real(12.5);
    return snapshot;
}

/* That many milliseconds later, on both clocks. */
static void pass(struct snapshot *snapshot, uint64_t ms)
{
    snapshot->epoch_us += ms * 1000;
    snapshot->mono_ns += ms * CLOCK_NS_PER_MS;
}

static void averages_are_over_leaf_devices(void **state)
{
    (void)state;
    struct histories histories = { 0 };
    struct snapshot *snapshot = make();
    histories_push(&histories, snapshot);
    assert_latest(&histories.average_memory, 30); /* 60 of 200 */
    assert_latest(&histories.average_util, 50);   /* of those that report it */
    assert_latest(&histories.cpu, 12.5);
    assert_true(value_is_na(history_latest(&histories.swap)));
    const struct device_history *mig = histories_device(&histories, 0, 1);
    assert_non_null(mig);
    assert_latest(&mig->memory_percent, 50);
    assert_true(value_is_na(history_latest(&mig->util_gpu)));
    assert_null(histories_device(&histories, 0, 2));
    histories_done(&histories);
    snapshot_unref(snapshot);
}

static void a_stale_device_is_a_gap_and_counts_nowhere(void **state)
{
    (void)state;
    struct histories histories = { 0 };
    struct snapshot *snapshot = make();
    snapshot->devices[3].is_stale = true;
    histories_push(&histories, snapshot);
    assert_latest(&histories.average_memory, 37.5); /* 30 of 80 */
    assert_true(value_is_na(history_latest(&histories.average_util)));
    assert_true(value_is_na(history_latest(&histories_device(&histories, 1, -1)->memory_percent)));
    histories_done(&histories);
    snapshot_unref(snapshot);
}

/* A sampler ticks at full seconds of the wall clock, now a little early, now late. */
static void readings_at_full_seconds_leave_no_gaps(void **state)
{
    (void)state;
    static const int late_ms[] = { 0, 3, 250, 1, 400, 0, 120, 2 };
    struct histories histories = { 0 };
    struct snapshot *snapshot = make();
    uint64_t epoch_us = snapshot->epoch_us, mono_ns = snapshot->mono_ns;
    for (uint64_t second = 0; second < 400; second++) {
        uint64_t late = (uint64_t)late_ms[second % ARRAY_LEN(late_ms)];
        snapshot->epoch_us = epoch_us + second * 1000000 + late * 1000;
        snapshot->mono_ns = mono_ns + second * CLOCK_NS_PER_S + late * CLOCK_NS_PER_MS;
        snapshot->host[0] = value_real((double)second);
        histories_push(&histories, snapshot);
    }
    for (size_t back = 0; back < 399; back++)
        assert_value(&histories.cpu, back, 398.0 - (double)back);
    histories_done(&histories);
    snapshot_unref(snapshot);
}

static void a_clock_set_back_loses_no_more_than_a_second(void **state)
{
    (void)state;
    struct histories histories = { 0 };
    struct snapshot *snapshot = make();
    for (int i = 0; i < 10; i++, pass(snapshot, 1000))
        histories_push(&histories, snapshot);
    snapshot->epoch_us -= UINT64_C(3600) * 1000000 + 300000;
    for (int i = 0; i < 10; i++, pass(snapshot, 1000))
        histories_push(&histories, snapshot);
    assert_true(histories.cpu.len >= 18 && histories.cpu.len <= 20);
    histories_done(&histories);
    snapshot_unref(snapshot);
}

/* Trap 8. */
static void trap_08_a_mig_device_made_anew_has_a_fresh_history(void **state)
{
    (void)state;
    struct histories histories = { 0 };
    struct snapshot *snapshot = make();
    histories_push(&histories, snapshot); /* its UUID is not known yet */
    pass(snapshot, 1000);
    *slot(snapshot, 1, NVITOP_DEV_UUID) = value_text("MIG-a");
    histories_push(&histories, snapshot);
    pass(snapshot, 1000);
    histories_push(&histories, snapshot);
    assert_value(&histories_device(&histories, 0, 0)->memory_percent, 1, 25);
    pass(snapshot, 1000);
    *slot(snapshot, 1, NVITOP_DEV_UUID) = value_text("MIG-b");
    set(snapshot, 1, 40, 40, -1);
    histories_push(&histories, snapshot);
    assert_gap(&histories_device(&histories, 0, 0)->memory_percent, 0);
    assert_latest(&histories_device(&histories, 0, 0)->memory_percent, 100);
    assert_value(&histories_device(&histories, 0, 1)->memory_percent, 2, 50); /* its neighbour */
    histories_done(&histories);
    snapshot_unref(snapshot);
}

static void a_device_that_is_gone_is_dropped_but_not_while_the_driver_fails(void **state)
{
    (void)state;
    struct histories histories = { 0 };
    struct snapshot *snapshot = make();
    histories_push(&histories, snapshot);
    pass(snapshot, 1000);
    snapshot->device_count = 0;
    snapshot->driver_state = DRIVER_FAILED;
    histories_push(&histories, snapshot);
    assert_non_null(histories_device(&histories, 1, -1));
    pass(snapshot, 1000);
    snapshot->device_count = 3;
    snapshot->driver_state = DRIVER_OK;
    histories_push(&histories, snapshot);
    assert_null(histories_device(&histories, 1, -1));
    assert_gap(&histories_device(&histories, 0, -1)->memory_percent, 0);
    assert_value(&histories_device(&histories, 0, -1)->memory_percent, 1, 90);
    histories_done(&histories);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_not_available),
        cmocka_unit_test(values_of_a_second_are_averaged),
        cmocka_unit_test(gaps_are_real),
        cmocka_unit_test(only_not_available_is_a_gap_too),
        cmocka_unit_test(the_last_2049_seconds_are_kept),
        cmocka_unit_test(it_grows_as_time_goes_by),
        cmocka_unit_test(after_a_long_pause_it_begins_anew),
        cmocka_unit_test(a_pause_within_reach_keeps_what_was_before),
        cmocka_unit_test(averages_are_over_leaf_devices),
        cmocka_unit_test(a_stale_device_is_a_gap_and_counts_nowhere),
        cmocka_unit_test(readings_at_full_seconds_leave_no_gaps),
        cmocka_unit_test(a_clock_set_back_loses_no_more_than_a_second),
        cmocka_unit_test(trap_08_a_mig_device_made_anew_has_a_fresh_history),
        cmocka_unit_test(a_device_that_is_gone_is_dropped_but_not_while_the_driver_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
