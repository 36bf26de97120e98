/* Jobs that finish, jobs that never do. Waiting is by events, never by sleeping. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/worker.h"

struct work {
    int gate[2]; /* the job reads a byte from here before it goes on */
    int done[2]; /* free_work writes a byte here */
    int result;
};

static void run_gated(struct job *job, void *arg)
{
    struct work *work = arg;
    char byte;
    job_advance(job, 1);
    if (read(work->gate[0], &byte, 1) == 1)
        work->result = byte;
}

static void free_work(void *arg)
{
    struct work *work = arg;
    char byte = 'f';
    if (write(work->done[1], &byte, 1) != 1)
        abort();
}

static void open_gates(struct work *work)
{
    assert_int_equal(pipe(work->gate), 0);
    assert_int_equal(pipe(work->done), 0);
}

static uint64_t in_ms(uint64_t ms)
{
    return clock_mono_ns() + ms * CLOCK_NS_PER_MS;
}

static void a_job_that_returns_is_done(void **state)
{
    (void)state;
    struct work work = { 0 };
    open_gates(&work);
    struct job *job = job_start(run_gated, free_work, &work);
    assert_true(job_wait(job, 1, in_ms(10000)));
    assert_int_equal(write(work.gate[1], "x", 1), 1);
    assert_true(job_wait(job, JOB_DONE, in_ms(10000)));
    assert_int_equal(work.result, 'x');
    assert_true(job_release(job));
    char byte;
    assert_int_equal(read(work.done[0], &byte, 1), 1);
}

static void trap_11_a_stuck_job_is_left_behind_and_freed_later(void **state)
{
    (void)state;
    struct work work = { 0 };
    open_gates(&work);
    struct job *job = job_start(run_gated, free_work, &work);
    assert_true(job_wait(job, 1, in_ms(10000)));
    uint64_t before = clock_mono_ns();
    assert_false(job_wait(job, JOB_DONE, in_ms(20)));
    assert_true(clock_mono_ns() - before >= 20 * CLOCK_NS_PER_MS);
    assert_int_equal(job_stage(job), 1);
    assert_false(job_release(job));
    /* only now does it come back: its argument is still alive, and is freed once */
    char byte;
    assert_int_equal(write(work.gate[1], "y", 1), 1);
    assert_int_equal(read(work.done[0], &byte, 1), 1);
    assert_int_equal(work.result, 'y');
}

static void run_masked(struct job *job, void *arg)
{
    struct work *work = arg;
    sigset_t blocked;
    (void)job;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    work->result = sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGWINCH);
}

static void jobs_take_no_signals(void **state)
{
    (void)state;
    struct work work = { 0 };
    sigset_t blocked;
    struct job *job = job_start(run_masked, NULL, &work);
    assert_true(job_wait(job, JOB_DONE, in_ms(10000)));
    assert_true(work.result);
    job_release(job);
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    assert_false(sigismember(&blocked, SIGTERM));
}

static void stages_never_go_back(void **state)
{
    (void)state;
    struct work work = { 0 };
    open_gates(&work);
    struct job *job = job_start(run_gated, free_work, &work);
    job_advance(job, 5);
    job_advance(job, 2);
    assert_true(job_stage(job) >= 5);
    assert_int_equal(write(work.gate[1], "z", 1), 1);
    assert_true(job_wait(job, JOB_DONE, in_ms(10000)));
    job_release(job);
    char byte; /* whichever of the two frees it: `work` is there until then */
    assert_int_equal(read(work.done[0], &byte, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_that_returns_is_done),
        cmocka_unit_test(trap_11_a_stuck_job_is_left_behind_and_freed_later),
        cmocka_unit_test(jobs_take_no_signals),
        cmocka_unit_test(stages_never_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
