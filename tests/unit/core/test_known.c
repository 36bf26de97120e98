/* What is due when. The clock is stepped; every query answers 7. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/known.h"

enum { TICKS = 120, PERIOD_MS = 1000 };

static struct metric_set set_of(const int *ids, size_t count)
{
    struct metric_set set = { 0 };
    for (size_t i = 0; i < count; i++)
        metric_set_add(&set, ids[i]);
    return set;
}

static unsigned bits(uint64_t plan)
{
    unsigned count = 0;
    for (; plan; plan &= plan - 1)
        count++;
    return count;
}

/* One pass; returns the queries that were asked. */
static uint64_t pass(struct known *known, const struct known_pass *how)
{
    struct arena arena = { 0 };
    struct value values[NVITOP_DEV_COUNT];
    uint64_t plan = known_plan(known, how);
    known_recall(known, how, &arena, values);
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].query != NVML_QUERY_NONE && (plan >> metric_device[i].query & 1))
            values[i] = value_int(7);
    known_learn(known, how, plan, &arena, values);
    arena_done(&arena);
    return plan;
}

static bool has(uint64_t plan, enum nvml_query query)
{
    return plan >> query & 1;
}

static const int shown[] = { NVITOP_DEV_NAME,          NVITOP_DEV_MEMORY_USED,
                             NVITOP_DEV_POWER_USAGE,   NVITOP_DEV_FAN_SPEED,
                             NVITOP_DEV_TEMPERATURE,   NVITOP_DEV_PSTATE,
                             NVITOP_DEV_EVENT_REASONS, NVITOP_DEV_POWER_LIMIT,
                             NVITOP_DEV_COMPUTE_MODE,  NVITOP_DEV_PERSISTENCE_MODE };

static struct known_pass first_pass(const struct metric_set *wanted)
{
    return (struct known_pass){ .wanted = wanted,
                                .pace.period_ms = PERIOD_MS,
                                .now_ns = 1000 * CLOCK_NS_PER_S };
}

static void tiers_keep_their_pace_and_are_spread(void **state)
{
    (void)state;
    struct known known;
    struct metric_set wanted = set_of(shown, ARRAY_LEN(shown));
    struct known_pass how = first_pass(&wanted);
    unsigned calls = 0, most = 0, of[NVML_QUERY_COUNT] = { 0 };
    known_init(&known);
    assert_int_equal(bits(pass(&known, &how)), ARRAY_LEN(shown));
    for (unsigned tick = 0; tick < TICKS; tick++) {
        how.now_ns += (tick % 2 ? 1003 : 997) * CLOCK_NS_PER_MS; /* ticks are not exact */
        uint64_t plan = pass(&known, &how);
        calls += bits(plan);
        most = MAX_OF(most, bits(plan));
        for (unsigned i = 0; i < NVML_QUERY_COUNT; i++)
            of[i] += has(plan, (enum nvml_query)i);
    }
    assert_int_equal(of[NVML_QUERY_NAME], 0);
    assert_int_equal(of[NVML_QUERY_MEMORY], TICKS);
    assert_in_range(of[NVML_QUERY_TEMPERATURE], TICKS / 5 - 1, TICKS / 5 + 1);
    assert_in_range(of[NVML_QUERY_EVENT_REASONS], TICKS / 5 - 1, TICKS / 5 + 1);
    assert_in_range(of[NVML_QUERY_POWER_LIMIT], 2, 3);
    assert_in_range(of[NVML_QUERY_COMPUTE_MODE], 2, 3);
    assert_true(most <= 4); /* two fast ones, one slow one, at times a rare one */
    assert_true(calls <= TICKS * 2 + 4 * (TICKS / 5 + 1) + 3 * 3);
    known_done(&known);
}

static void between_ticks_only_what_is_new(void **state)
{
    (void)state;
    static const int more[] = { NVITOP_DEV_POWER_USAGE, NVITOP_DEV_UTIL_GPU };
    struct known known;
    struct metric_set before = set_of(more, 1), after = set_of(more, 2);
    struct known_pass how = first_pass(&before);
    known_init(&known);
    pass(&known, &how);
    how.wanted = &after;
    how.now_ns += 700 * CLOCK_NS_PER_MS;
    how.pace.is_addition = true;
    assert_true(pass(&known, &how) == UINT64_C(1) << NVML_QUERY_UTILIZATION);
    how.now_ns += 300 * CLOCK_NS_PER_MS;
    how.pace.is_addition = false;
    uint64_t plan = pass(&known, &how);
    assert_true(has(plan, NVML_QUERY_POWER_USAGE));
    known_done(&known);
}

static void a_refresh_asks_all_but_facts_and_keeps_the_spread(void **state)
{
    (void)state;
    struct known known;
    struct metric_set wanted = set_of(shown, ARRAY_LEN(shown));
    struct known_pass how = first_pass(&wanted);
    known_init(&known);
    pass(&known, &how);
    how.now_ns += 100 * CLOCK_NS_PER_MS;
    how.pace.is_everything = true;
    assert_int_equal(bits(pass(&known, &how)), ARRAY_LEN(shown) - 1);
    how.pace.is_everything = false;
    how.now_ns += 900 * CLOCK_NS_PER_MS;
    unsigned most = 0;
    for (unsigned tick = 0; tick < 10; tick++, how.now_ns += CLOCK_NS_PER_S)
        most = MAX_OF(most, bits(pass(&known, &how)));
    assert_true(most <= 4);
    known_done(&known);
}

static void blocking_calls_are_the_lanes(void **state)
{
    (void)state;
    static const int ids[] = { NVITOP_DEV_PCIE_RX, NVITOP_DEV_POWER_USAGE };
    struct known known;
    struct metric_set wanted = set_of(ids, ARRAY_LEN(ids));
    struct known_pass how = first_pass(&wanted);
    known_init(&known);
    assert_true(known_plan(&known, &how) == UINT64_C(1) << NVML_QUERY_POWER_USAGE);
    how.pace.is_lane = true;
    assert_true(known_plan(&known, &how) == UINT64_C(1) << NVML_QUERY_PCIE_THROUGHPUT);
    how.pace = (struct pace){ 0 }; /* a report */
    assert_int_equal(bits(known_plan(&known, &how)), 2);
    known_done(&known);
}

static void facts_outlive_the_loss_of_a_gpu(void **state)
{
    (void)state;
    struct known known;
    struct arena arena = { 0 };
    struct value values[NVITOP_DEV_COUNT];
    struct metric_set wanted = set_of(shown, ARRAY_LEN(shown));
    struct known_pass how = first_pass(&wanted);
    known_init(&known);
    pass(&known, &how);
    known_expire(&known);
    how.now_ns += CLOCK_NS_PER_S;
    uint64_t plan = known_plan(&known, &how);
    assert_true(has(plan, NVML_QUERY_NAME));
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        values[i] = value_na(NVITOP_WHY_LOST);
    known_learn(&known, &how, plan, &arena, values);
    assert_int_equal(values[NVITOP_DEV_NAME - NVITOP_DEV_NAME].i, 7);
    assert_int_equal(values[NVITOP_DEV_POWER_USAGE - NVITOP_DEV_NAME].why, NVITOP_WHY_LOST);
    arena_done(&arena);
    known_done(&known);
}

/* For one who asks now and then there are no tiers: a reading is old or it is not. */
static void a_uniform_pace_asks_what_is_old(void **state)
{
    (void)state;
    struct known known;
    struct metric_set wanted = set_of(shown, ARRAY_LEN(shown));
    struct known_pass how = first_pass(&wanted);
    how.pace = (struct pace){ .period_ms = PERIOD_MS, .is_uniform = true };
    metric_set_add(&wanted, NVITOP_DEV_PCIE_TX);
    known_init(&known);
    assert_int_equal(bits(pass(&known, &how)), ARRAY_LEN(shown) + 1);
    how.now_ns += PERIOD_MS * CLOCK_NS_PER_MS - 1;
    assert_int_equal(bits(pass(&known, &how)), 0);
    how.now_ns += 1;
    uint64_t plan = pass(&known, &how);
    assert_int_equal(bits(plan), ARRAY_LEN(shown));
    assert_false(has(plan, NVML_QUERY_NAME));
    how.pace.period_ms = 0;
    assert_int_equal(pass(&known, &how), plan);
    known_done(&known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiers_keep_their_pace_and_are_spread),
        cmocka_unit_test(between_ticks_only_what_is_new),
        cmocka_unit_test(a_refresh_asks_all_but_facts_and_keeps_the_spread),
        cmocka_unit_test(blocking_calls_are_the_lanes),
        cmocka_unit_test(facts_outlive_the_loss_of_a_gpu),
        cmocka_unit_test(a_uniform_pace_asks_what_is_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
