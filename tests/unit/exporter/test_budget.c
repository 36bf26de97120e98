/* What guessers may cost, over a clock that is made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "exporter/budget.h"

enum { GUESSER = 7, OTHER = 8, STEP_MS = 10, HOUR_S = 3600 };

struct day {
    struct budget budget;
    uint64_t now_ns, hashed_ns;
    unsigned tries;
};

static bool guess(struct day *day, uint64_t peer, uint64_t took_ms)
{
    if (budget_wait_s(&day->budget, peer, day->now_ns) > 0)
        return false;
    budget_spend(&day->budget, peer, took_ms * CLOCK_NS_PER_MS);
    day->hashed_ns += took_ms * CLOCK_NS_PER_MS;
    day->now_ns += took_ms * CLOCK_NS_PER_MS;
    day->tries++;
    return true;
}

/* So many peers try whenever they may, for an hour. */
static void guess_for_an_hour(struct day *day, uint64_t peers, uint64_t took_ms)
{
    *day = (struct day){ .now_ns = 1 };
    while (day->now_ns < HOUR_S * CLOCK_NS_PER_S) {
        for (uint64_t peer = 0; peer < peers; peer++)
            guess(day, peer, took_ms);
        day->now_ns += STEP_MS * CLOCK_NS_PER_MS;
    }
}

static void costly_hashes_take_a_share_of_the_time(void **state)
{
    struct day day;
    (void)state;
    guess_for_an_hour(&day, 1, 1000);
    assert_in_range(day.hashed_ns / CLOCK_NS_PER_S, HOUR_S / 20, HOUR_S / 9);
    guess_for_an_hour(&day, 50, 1000);
    assert_in_range(day.hashed_ns / CLOCK_NS_PER_S, HOUR_S / 10, HOUR_S / 4);
}

static void cheap_hashes_are_few_as_well(void **state)
{
    struct day day;
    (void)state;
    guess_for_an_hour(&day, 1, 0);
    assert_in_range(day.tries, HOUR_S, 2 * HOUR_S + 4);
    guess_for_an_hour(&day, 50, 0);
    assert_in_range(day.tries, 4 * HOUR_S, 5 * HOUR_S + 8);
}

static void another_still_has_a_try(void **state)
{
    struct day day = { .now_ns = 1 };
    (void)state;
    assert_true(guess(&day, GUESSER, 300));
    assert_false(guess(&day, GUESSER, 300));
    assert_true(guess(&day, OTHER, 300));
}

static void the_wait_is_told(void **state)
{
    struct day day = { .now_ns = 1 };
    (void)state;
    assert_true(guess(&day, GUESSER, 1000));
    double wait_s = budget_wait_s(&day.budget, GUESSER, day.now_ns);
    assert_true(wait_s > 1);
    day.now_ns += (uint64_t)(wait_s * (double)CLOCK_NS_PER_S) - CLOCK_NS_PER_MS;
    assert_false(guess(&day, GUESSER, 1000));
    day.now_ns += 2 * CLOCK_NS_PER_MS;
    assert_true(guess(&day, GUESSER, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costly_hashes_take_a_share_of_the_time),
        cmocka_unit_test(cheap_hashes_are_few_as_well),
        cmocka_unit_test(another_still_has_a_try),
        cmocka_unit_test(the_wait_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
