/* Who is woken when. Everything happens on one thread, so nothing needs time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/bell.h"

static enum bell_event look(struct bell *bell)
{
    return bell_wait(bell, clock_mono_ns());
}

static void a_ring_is_heard_once(void **state)
{
    (void)state;
    struct bell *bell = bell_new();
    assert_int_equal(look(bell), BELL_SILENT);
    bell_ring(bell);
    bell_ring(bell);
    assert_int_equal(look(bell), BELL_RUNG);
    assert_int_equal(look(bell), BELL_SILENT);
    bell_unref(bell);
}

static void a_round_ends_with_its_last_answer(void **state)
{
    (void)state;
    struct bell *bell = bell_new();
    unsigned round = bell_round_open(bell);
    bell_round_expect(bell);
    bell_round_expect(bell);
    assert_true(bell_answer(bell, round));
    bell_round_close(bell);
    assert_int_equal(look(bell), BELL_SILENT);
    assert_true(bell_answer(bell, round));
    assert_int_equal(look(bell), BELL_ROUND);
    assert_int_equal(look(bell), BELL_SILENT);
    bell_unref(bell);
}

static void an_answer_to_an_older_round_is_none(void **state)
{
    (void)state;
    struct bell *bell = bell_new();
    unsigned old = bell_round_open(bell);
    bell_round_expect(bell);
    bell_round_close(bell);
    unsigned round = bell_round_open(bell);
    bell_round_expect(bell);
    bell_round_close(bell);
    assert_false(bell_answer(bell, old));
    assert_int_equal(look(bell), BELL_SILENT);
    assert_true(bell_answer(bell, round));
    assert_int_equal(look(bell), BELL_ROUND);
    bell_unref(bell);
}

static void a_round_for_nobody_is_over_at_once(void **state)
{
    (void)state;
    struct bell *bell = bell_new();
    bell_round_open(bell);
    bell_round_close(bell);
    bell_ring(bell);
    assert_int_equal(look(bell), BELL_RUNG);
    assert_int_equal(look(bell), BELL_ROUND);
    bell_unref(bell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_is_heard_once),
        cmocka_unit_test(a_round_ends_with_its_last_answer),
        cmocka_unit_test(an_answer_to_an_older_round_is_none),
        cmocka_unit_test(a_round_for_nobody_is_over_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
