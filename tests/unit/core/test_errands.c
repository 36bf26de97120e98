/*
 * Errands over a host of our own making, whose reads hang until the test lets them go. This file
 * defines the functions of host.h that are called, so the real reader is not linked.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/errands.h"
#include "core/worker.h"
#include "host/host.h"

enum { PID = 100, PID_STUCK = 1000, PID_GONE = 2000, TICKS = 7, BRIEF_MS = 20, LONG_MS = 60000 };

#define FAR_AHEAD (clock_mono_ns() + 60 * CLOCK_NS_PER_S)

/* Stuck reads say so, wait for a byte, and say that they have it. */
static int stuck[2], gate[2], passed[2];
static int news[2]; /* a byte for each answer */

static void put_byte(int fd)
{
    if (write(fd, "x", 1) != 1)
        abort();
}

static void take_byte(int fd)
{
    char byte;
    if (read(fd, &byte, 1) != 1)
        abort();
}

void host_environ_read_blocking(const char *root, pid_t pid, struct arena *arena, char ***ret_pairs,
                                size_t *ret_count, struct value *ret_why)
{
    bool is_own = !root; /* whatever number this process has */
    if (!is_own && pid >= PID_STUCK && pid < PID_GONE) {
        put_byte(stuck[1]);
        take_byte(gate[0]);
        put_byte(passed[1]);
    }
    *ret_pairs = arena_array(arena, 1, sizeof(**ret_pairs));
    **ret_pairs = arena_printf(arena, "%s=%d", is_own ? "own" : root, (int)pid);
    *ret_count = 1;
    *ret_why = value_int(1);
}

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    assert_string_equal(root, "/tree");
    return pid <= 0 || pid >= PID_GONE ? 0 : TICKS;
}

/* What was sent, in order. */
static struct {
    pid_t pid;
    int signal;
} sent[SIGNAL_TARGETS_MAX];
static _Atomic size_t sent_count;

int host_signal(const char *root, pid_t pid, uint64_t start_ticks, int signal)
{
    assert_string_equal(root, "/tree");
    if (start_ticks == 0)
        return NVITOP_ENOTSUP;
    if (start_ticks != TICKS)
        return NVITOP_EGONE;
    sent[sent_count].pid = pid;
    sent[sent_count].signal = signal;
    sent_count++;
    return pid == 1 ? NVITOP_EPERM : NVITOP_OK;
}

static void notify(void *arg)
{
    assert_ptr_equal(arg, news);
    put_byte(news[1]);
}

static struct errands *open_errands(unsigned environ_ms, bool has_signals)
{
    sent_count = 0;
    return errands_new(&(struct errands_options){ .procfs = "/tree",
                                                  .has_signals = has_signals,
                                                  .environ_ms = environ_ms,
                                                  .notify = notify,
                                                  .arg = news });
}

/* ---- environments ---- */

static void ask(struct errands *errands, uint32_t pid, uint64_t start_ticks)
{
    struct process_id process = { pid, start_ticks };
    assert_int_equal(errands_ask_environ(errands, process), NVITOP_OK);
}

/* The next answer is of this pid and has this pair, or none for this reason. */
static void assert_environ(struct errands *errands, uint32_t pid, const char *pair,
                           enum nvitop_why why)
{
    take_byte(news[0]);
    struct source_environ *environment = errands_take_environ(errands);
    assert_non_null(environment);
    assert_int_equal(environment->process.pid, pid);
    assert_int_equal(environment->why.why, why);
    assert_int_equal(environment->count, pair != NULL);
    if (pair)
        assert_string_equal(environment->pairs[0], pair);
    source_environ_free(environment);
    assert_null(errands_take_environ(errands));
}

static void an_environment_comes_by_itself(void **state)
{
    (void)state;
    struct errands *errands = open_errands(LONG_MS, true);
    assert_null(errands_take_environ(errands));
    ask(errands, PID, TICKS);
    assert_environ(errands, PID, "/tree=100", NVITOP_WHY_NONE);
    ask(errands, PID_GONE, TICKS);
    assert_environ(errands, PID_GONE, NULL, NVITOP_WHY_GONE);
    assert_true(errands_free(errands, FAR_AHEAD));
    assert_true(errands_free(NULL, 0));
    source_environ_free(NULL);
}

/* Whatever number we have in the tree, if any. */
static void nobody_in_particular_is_ourselves(void **state)
{
    (void)state;
    char pair[32];
    snprintf(pair, sizeof(pair), "own=%d", (int)getpid());
    struct errands *errands = open_errands(LONG_MS, false);
    ask(errands, 0, 0);
    assert_environ(errands, 0, pair, NVITOP_WHY_NONE);
    assert_true(errands_free(errands, FAR_AHEAD));
}

static void trap_23_anothers_environment_is_not_shown(void **state)
{
    (void)state;
    struct errands *errands = open_errands(LONG_MS, true);
    ask(errands, PID, TICKS - 1);
    assert_environ(errands, PID, NULL, NVITOP_WHY_GONE);
    ask(errands, PID, 0);
    assert_environ(errands, PID, NULL, NVITOP_WHY_HOST_PID);
    ask(errands, UINT32_MAX, TICKS);
    assert_environ(errands, UINT32_MAX, NULL, NVITOP_WHY_GONE);
    assert_true(errands_free(errands, FAR_AHEAD));
}

static void a_stuck_process_is_given_up(void **state)
{
    (void)state;
    struct errands *errands = open_errands(BRIEF_MS, true);
    ask(errands, PID_STUCK, TICKS);
    assert_environ(errands, PID_STUCK, NULL, NVITOP_WHY_NOT_RESPONDING);
    struct source_environ *environment = NULL;
    do { /* a busy machine may take longer than the patience */
        source_environ_free(environment);
        ask(errands, PID, TICKS);
        take_byte(news[0]);
        environment = errands_take_environ(errands);
    } while (value_is_na(environment->why));
    assert_string_equal(environment->pairs[0], "/tree=100");
    source_environ_free(environment);
    take_byte(stuck[0]);
    assert_false(errands_free(errands, clock_mono_ns()));
    put_byte(gate[1]);
    take_byte(passed[0]);
}

static void only_so_many_get_stuck(void **state)
{
    (void)state;
    struct errands *errands = open_errands(BRIEF_MS, true);
    for (int i = 0; i < JOB_LANES_MAX; i++) {
        ask(errands, PID_STUCK, TICKS);
        take_byte(stuck[0]);
        assert_environ(errands, PID_STUCK, NULL, NVITOP_WHY_NOT_RESPONDING);
    }
    ask(errands, PID, TICKS);
    assert_environ(errands, PID, NULL, NVITOP_WHY_NOT_RESPONDING);
    for (int i = 0; i < JOB_LANES_MAX; i++)
        put_byte(gate[1]);
    for (int i = 0; i < JOB_LANES_MAX; i++)
        take_byte(passed[0]);
    assert_true(errands_free(errands, FAR_AHEAD)); /* all have come back */
}

static void the_newest_question_is_answered(void **state)
{
    (void)state;
    struct errands *errands = open_errands(LONG_MS, true);
    ask(errands, PID_STUCK, TICKS);
    take_byte(stuck[0]);
    ask(errands, PID, TICKS);
    assert_environ(errands, PID, "/tree=100", NVITOP_WHY_NONE);
    put_byte(gate[1]);
    take_byte(passed[0]);
    assert_true(errands_free(errands, FAR_AHEAD));
    struct pollfd late = { .fd = news[0], .events = POLLIN };
    assert_int_equal(poll(&late, 1, 0), 0);
}

/* Nobody may be called who has gone. */
static void after_the_end_all_is_quiet(void **state)
{
    (void)state;
    struct errands *errands = open_errands(LONG_MS, true);
    ask(errands, PID_STUCK, TICKS);
    take_byte(stuck[0]);
    assert_false(errands_free(errands, clock_mono_ns()));
    put_byte(gate[1]);
    take_byte(passed[0]);
    struct pollfd late = { .fd = news[0], .events = POLLIN };
    assert_int_equal(poll(&late, 1, BRIEF_MS), 0);
}

/* ---- signals ---- */

static void take_report(struct errands *errands, struct signal_report *ret_report)
{
    take_byte(news[0]);
    assert_true(errands_take_verdicts(errands, ret_report));
}

static void each_target_has_its_verdict(void **state)
{
    (void)state;
    const struct process_id targets[] = {
        { PID, TICKS }, { PID + 1, TICKS + 1 }, { 1, TICKS }, { PID + 2, 0 }, { UINT32_MAX, TICKS },
    };
    const int expected[] = { NVITOP_OK, NVITOP_EGONE, NVITOP_EPERM, NVITOP_ENOTSUP, NVITOP_EGONE };
    struct signal_report report;
    struct errands *errands = open_errands(0, true);
    assert_false(errands_take_verdicts(errands, &report));
    assert_int_equal(errands_send_signal(errands, SIGINT, targets, ARRAY_LEN(targets)), NVITOP_OK);
    take_report(errands, &report);
    assert_int_equal(report.signal, SIGINT);
    assert_int_equal(report.count, ARRAY_LEN(targets));
    for (size_t i = 0; i < report.count; i++) {
        assert_int_equal(report.verdicts[i].process.pid, targets[i].pid);
        assert_int_equal(report.verdicts[i].status, expected[i]);
    }
    assert_false(errands_take_verdicts(errands, &report));
    assert_true(errands_free(errands, FAR_AHEAD));
}

static void trap_24_in_anothers_tree_nobody_is_signalled(void **state)
{
    (void)state;
    const struct process_id target = { PID, TICKS };
    struct signal_report report;
    struct errands *errands = open_errands(0, false);
    assert_int_equal(errands_send_signal(errands, SIGKILL, &target, 1), NVITOP_OK);
    take_report(errands, &report);
    assert_int_equal(report.verdicts[0].status, NVITOP_ENOTSUP);
    assert_int_equal(sent_count, 0);
    assert_true(errands_free(errands, FAR_AHEAD));
}

static void signals_keep_their_order(void **state)
{
    (void)state;
    enum { ORDERS = 100 };
    struct signal_report report;
    struct errands *errands = open_errands(0, true);
    for (uint32_t i = 0; i < ORDERS; i++) {
        struct process_id target = { PID + i, TICKS };
        assert_int_equal(errands_send_signal(errands, (int)i, &target, 1), NVITOP_OK);
    }
    for (uint32_t i = 0; i < ORDERS; i++) {
        take_report(errands, &report);
        assert_int_equal(report.signal, i);
        assert_int_equal(report.verdicts[0].process.pid, PID + i);
        assert_int_equal(sent[i].pid, PID + i);
        assert_int_equal(sent[i].signal, i);
    }
    assert_true(errands_free(errands, FAR_AHEAD));
}

static void too_many_targets_are_refused(void **state)
{
    (void)state;
    static const struct process_id targets[SIGNAL_TARGETS_MAX + 1];
    struct signal_report report;
    struct errands *errands = open_errands(0, true);
    assert_int_equal(errands_send_signal(errands, SIGTERM, targets, ARRAY_LEN(targets)),
                     NVITOP_ETOOBIG);
    assert_int_equal(errands_send_signal(errands, SIGTERM, targets, SIGNAL_TARGETS_MAX), NVITOP_OK);
    take_report(errands, &report);
    assert_int_equal(report.count, SIGNAL_TARGETS_MAX);
    assert_true(errands_free(errands, FAR_AHEAD));
}

/* What the viewer has confirmed is done, even if he leaves at once. */
static void a_signal_outlives_its_viewer(void **state)
{
    (void)state;
    const struct process_id target = { PID, TICKS };
    struct errands *errands = open_errands(0, true);
    assert_int_equal(errands_send_signal(errands, SIGTERM, &target, 1), NVITOP_OK);
    assert_true(errands_free(errands, FAR_AHEAD));
    assert_int_equal(sent_count, 1);
}

static int set_up(void **state)
{
    (void)state;
    return pipe(stuck) || pipe(gate) || pipe(passed) || pipe(news);
}

static int tear_down(void **state)
{
    (void)state;
    int *const pipes[] = { stuck, gate, passed, news };
    for (size_t i = 0; i < ARRAY_LEN(pipes); i++)
        if (close(pipes[i][0]) || close(pipes[i][1]))
            return -1;
    return 0;
}

#define ON_PIPES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PIPES(an_environment_comes_by_itself),
        ON_PIPES(nobody_in_particular_is_ourselves),
        ON_PIPES(trap_23_anothers_environment_is_not_shown),
        ON_PIPES(a_stuck_process_is_given_up),
        ON_PIPES(only_so_many_get_stuck),
        ON_PIPES(the_newest_question_is_answered),
        ON_PIPES(after_the_end_all_is_quiet),
        ON_PIPES(each_target_has_its_verdict),
        ON_PIPES(trap_24_in_anothers_tree_nobody_is_signalled),
        ON_PIPES(signals_keep_their_order),
        ON_PIPES(too_many_targets_are_refused),
        ON_PIPES(a_signal_outlives_its_viewer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
