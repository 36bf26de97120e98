/* Something periodic: at its pace, stopped at once, left behind when it is stuck, and often. What
 * runs tells so through a pipe; nothing here waits for a guessed time. */
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/periodic.h"

enum { PATIENCE_MS = 20000 };

struct work {
    int ran[2];   /* each run writes a byte here */
    int gate[2];  /* and, if it is gated, reads one from here before it ends */
    int freed[2]; /* free_work writes a byte here */
    bool is_gated;
    uint64_t began_ns[4]; /* of the first runs */
    atomic_int runs;
};

static void say(int pipe_end)
{
    if (write(pipe_end, "x", 1) != 1)
        abort();
}

static void hear(int pipe_end)
{
    char byte;
    struct pollfd fd = { .fd = pipe_end, .events = POLLIN };
    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
    assert_int_equal(read(pipe_end, &byte, 1), 1);
}

static bool is_silent(int pipe_end)
{
    struct pollfd fd = { .fd = pipe_end, .events = POLLIN };
    return poll(&fd, 1, 0) == 0;
}

static void run(void *arg)
{
    struct work *work = arg;
    int at = atomic_fetch_add(&work->runs, 1);
    char byte;
    if (at < 4)
        work->began_ns[at] = clock_mono_ns();
    say(work->ran[1]);
    if (work->is_gated && read(work->gate[0], &byte, 1) != 1)
        abort();
}

static void free_work(void *arg)
{
    struct work *work = arg;
    say(work->freed[1]);
}

static void open_work(struct work *work, bool is_gated)
{
    *work = (struct work){ .is_gated = is_gated };
    assert_int_equal(pipe(work->ran), 0);
    assert_int_equal(pipe(work->gate), 0);
    assert_int_equal(pipe(work->freed), 0);
}

static void close_work(struct work *work)
{
    for (size_t i = 0; i < 2; i++) {
        close(work->ran[i]);
        close(work->gate[i]);
        close(work->freed[i]);
    }
}

static uint64_t in_ms(uint64_t ms)
{
    return clock_mono_ns() + ms * CLOCK_NS_PER_MS;
}

static void runs_at_once_and_then_at_its_pace(void **state)
{
    (void)state;
    struct work work;
    open_work(&work, false);
    uint64_t before = clock_mono_ns(), pace = 20 * CLOCK_NS_PER_MS;
    struct periodic *periodic = periodic_start(run, free_work, &work, pace);
    for (size_t i = 0; i < 3; i++)
        hear(work.ran[0]);
    assert_true(periodic_stop(periodic, in_ms(PATIENCE_MS)));
    hear(work.freed[0]);
    assert_true(work.began_ns[0] >= before);
    assert_true(work.began_ns[1] >= work.began_ns[0] + pace);
    assert_true(work.began_ns[2] >= work.began_ns[1] + pace);
    close_work(&work);
}

/* An hour's interval, and none at all: the end comes at once, and no further run. */
static void the_end_does_not_wait_for_an_interval(void **state)
{
    (void)state;
    const uint64_t intervals[] = { 3600 * CLOCK_NS_PER_S, UINT64_MAX, UINT64_MAX - 1 };
    for (size_t i = 0; i < 3; i++) {
        struct work work;
        open_work(&work, false);
        struct periodic *periodic = periodic_start(run, free_work, &work, intervals[i]);
        hear(work.ran[0]);
        assert_true(periodic_stop(periodic, in_ms(PATIENCE_MS)));
        hear(work.freed[0]);
        assert_int_equal(atomic_load(&work.runs), 1);
        close_work(&work);
    }
}

/* The next run begins at once, and only one: what was missed meanwhile is not made up for. */
static void a_slow_run_is_followed_at_once_by_one(void **state)
{
    (void)state;
    struct work work;
    open_work(&work, true);
    struct periodic *periodic = periodic_start(run, free_work, &work, CLOCK_NS_PER_MS);
    hear(work.ran[0]);
    for (uint64_t ten_intervals = in_ms(10); clock_mono_ns() < ten_intervals;)
        sched_yield();
    say(work.gate[1]);
    hear(work.ran[0]);
    assert_true(is_silent(work.ran[0]));
    say(work.gate[1]);
    say(work.gate[1]);
    assert_true(periodic_stop(periodic, in_ms(PATIENCE_MS)));
    hear(work.freed[0]);
    assert_true(atomic_load(&work.runs) <= 3);
    close_work(&work);
}

/* Whoever stops waits for the run that is going on, and frees only after it. */
static void a_run_in_progress_is_waited_for(void **state)
{
    (void)state;
    struct work work;
    open_work(&work, true);
    struct periodic *periodic = periodic_start(run, free_work, &work, UINT64_MAX);
    hear(work.ran[0]);
    assert_true(is_silent(work.freed[0]));
    say(work.gate[1]);
    assert_true(periodic_stop(periodic, in_ms(PATIENCE_MS)));
    hear(work.freed[0]);
    close_work(&work);
}

static void trap_11_a_stuck_run_is_left_behind_and_is_the_last(void **state)
{
    (void)state;
    struct work work;
    open_work(&work, true);
    struct periodic *periodic = periodic_start(run, free_work, &work, 1);
    hear(work.ran[0]);
    uint64_t before = clock_mono_ns();
    assert_false(periodic_stop(periodic, in_ms(20)));
    uint64_t waited = clock_mono_ns() - before;
    assert_true(waited >= 20 * CLOCK_NS_PER_MS && waited < 4 * CLOCK_NS_PER_S);
    assert_true(is_silent(work.freed[0]));
    say(work.gate[1]); /* only now does it come back */
    hear(work.freed[0]);
    assert_int_equal(atomic_load(&work.runs), 1);
    close_work(&work);
}

static void count(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
}

/* Valgrind and the sanitizers run this too: nothing may stay behind. */
static void ten_thousand_times(void **state)
{
    (void)state;
    enum { TIMES = 10000 };
    atomic_int runs = 0;
    for (size_t i = 0; i < TIMES; i++) {
        struct periodic *periodic = periodic_start(count, NULL, &runs, 1 + i % 2 * UINT64_MAX / 2);
        assert_non_null(periodic);
        assert_true(periodic_stop(periodic, in_ms(PATIENCE_MS)));
    }
    assert_true(atomic_load(&runs) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_at_once_and_then_at_its_pace),
        cmocka_unit_test(the_end_does_not_wait_for_an_interval),
        cmocka_unit_test(a_slow_run_is_followed_at_once_by_one),
        cmocka_unit_test(a_run_in_progress_is_waited_for),
        cmocka_unit_test(trap_11_a_stuck_run_is_left_behind_and_is_the_last),
        cmocka_unit_test(ten_thousand_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
