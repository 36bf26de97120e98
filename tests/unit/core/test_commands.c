/*
 * Command lines in the background, over a host whose reads hang until the test lets them go. This
 * file defines what of host.h is called, so the real reader is not linked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/commands.h"
#include "core/worker.h"

enum { PID_STUCK = 1000, PID_REUSED = 2000, TICKS = 7 };

#define NOW clock_mono_ns()
#define FAR_AHEAD (clock_mono_ns() + 60 * CLOCK_NS_PER_S)

/* Stuck reads say so, wait for a byte, and say that they have it. Each test has pipes of its own.
 */
static int stuck[2], gate[2], passed[2];
/* A byte for each time the lane had answered all. */
static int news[2];

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    char byte = 'x';
    assert_string_equal(root, "/tree");
    if (pid >= PID_STUCK && pid < PID_REUSED)
        if (write(stuck[1], &byte, 1) != 1 || read(gate[0], &byte, 1) != 1 ||
            write(passed[1], &byte, 1) != 1)
            abort();
    *ret_command =
        (struct host_command){ .command = value_text(arena_printf(arena, "cmd %d", (int)pid)) };
}

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    (void)root;
    return pid >= PID_REUSED ? TICKS + 1 : TICKS;
}

static void notify(void *arg)
{
    assert_ptr_equal(arg, news);
    if (write(news[1], "n", 1) != 1)
        abort();
}

static void read_byte(int fd)
{
    char byte;
    assert_int_equal(read(fd, &byte, 1), 1);
}

static void let_go(int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(write(gate[1], "x", 1), 1);
    for (int i = 0; i < count; i++)
        read_byte(passed[0]);
}

static void ask(struct commands *commands, uint32_t pid)
{
    commands_ask(commands, (struct process_id){ pid, TICKS }, false);
}

/* Waits for the next answer; there are news behind each, and sometimes between. */
static void assert_answer(struct commands *commands, uint32_t pid, const char *text,
                          enum nvitop_why why)
{
    struct commands_answer answer;
    while (!commands_take(commands, &answer))
        read_byte(news[0]);
    assert_int_equal(answer.process.pid, pid);
    assert_int_equal(answer.process.start_ticks, TICKS);
    assert_int_equal(answer.command.command.why, why);
    if (text) {
        assert_string_equal(answer.command.command.text, text);
        free((char *)(uintptr_t)answer.command.command.text);
    }
}

static void assert_nothing(struct commands *commands)
{
    struct commands_answer answer;
    assert_false(commands_take(commands, &answer));
}

static void answers_come_by_themselves(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", notify, news);
    assert_nothing(commands);
    ask(commands, 1);
    assert_answer(commands, 1, "cmd 1", NVITOP_WHY_NONE);
    ask(commands, 2);
    assert_answer(commands, 2, "cmd 2", NVITOP_WHY_NONE);
    assert_nothing(commands);
    assert_true(commands_free(commands));
}

static void answers_that_nobody_takes_are_freed(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", notify, news);
    ask(commands, 1);
    read_byte(news[0]);
    ask(commands, PID_STUCK);
    read_byte(stuck[0]);
    commands_check(commands, FAR_AHEAD);
    ask(commands, 2);
    let_go(1);
    read_byte(news[0]);
    commands_free(commands);
    assert_true(commands_free(NULL));
}

static void trap_23_the_command_of_another_process_is_not_shown(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", notify, news);
    ask(commands, PID_REUSED);
    assert_answer(commands, PID_REUSED, NULL, NVITOP_WHY_GONE);
    commands_free(commands);
}

static void a_stuck_process_costs_only_itself(void **state)
{
    (void)state;
    uint64_t early = NOW;
    struct commands *commands = commands_new("/tree", notify, news);
    ask(commands, 1);
    ask(commands, PID_STUCK);
    ask(commands, 2);
    read_byte(stuck[0]);
    commands_check(commands, early); /* not late yet */
    assert_answer(commands, 1, "cmd 1", NVITOP_WHY_NONE);
    assert_nothing(commands);
    commands_check(commands, FAR_AHEAD);
    assert_answer(commands, PID_STUCK, NULL, NVITOP_WHY_NOT_RESPONDING);
    assert_answer(commands, 2, "cmd 2", NVITOP_WHY_NONE);
    assert_false(commands_free(commands));
    let_go(1);
}

static void after_four_lost_lanes_all_is_given_up(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", notify, news);
    for (uint32_t i = 0; i < JOB_LANES_MAX; i++)
        ask(commands, PID_STUCK + i);
    ask(commands, 1);
    for (uint32_t i = 0; i < JOB_LANES_MAX; i++) {
        read_byte(stuck[0]);
        commands_check(commands, FAR_AHEAD);
        assert_answer(commands, PID_STUCK + i, NULL, NVITOP_WHY_NOT_RESPONDING);
    }
    assert_answer(commands, 1, NULL, NVITOP_WHY_NOT_RESPONDING);
    ask(commands, 2);
    assert_answer(commands, 2, NULL, NVITOP_WHY_NOT_RESPONDING);
    assert_nothing(commands);

    let_go(JOB_LANES_MAX); /* all come back, and there is room again */
    bool is_answered = false;
    uint64_t end = FAR_AHEAD;
    while (!is_answered && NOW < end) {
        struct commands_answer answer;
        commands_check(commands, NOW);
        ask(commands, 3);
        while (!commands_take(commands, &answer))
            read_byte(news[0]);
        is_answered = answer.command.command.kind == NVITOP_TEXT;
        if (is_answered)
            free((char *)(uintptr_t)answer.command.command.text);
    }
    assert_true(is_answered);
    commands_free(commands);
}

/* An idle thread that waits for a question has to end in time. */
static void an_idle_lane_is_not_left_behind(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", notify, news);
    ask(commands, 1);
    read_byte(news[0]); /* from here on it waits */
    assert_true(commands_free(commands));
}

/* ---- one who waits after all ---- */

static void waiting_ends_with_the_answers(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", NULL, NULL);
    uint64_t end = FAR_AHEAD;
    commands_wait(commands, end); /* nothing was asked */
    for (uint32_t pid = 1; pid <= 2; pid++) {
        ask(commands, pid);
        ask(commands, pid + 10);
        commands_wait(commands, end);
        assert_answer(commands, pid, pid == 1 ? "cmd 1" : "cmd 2", NVITOP_WHY_NONE);
        assert_answer(commands, pid + 10, pid == 1 ? "cmd 11" : "cmd 12", NVITOP_WHY_NONE);
    }
    assert_true(NOW < end);
    assert_true(commands_free(commands));
}

static void waiting_gives_up_on_who_is_stuck(void **state)
{
    (void)state;
    uint64_t end = FAR_AHEAD;
    struct commands *commands = commands_new("/tree", NULL, NULL);
    ask(commands, PID_STUCK);
    ask(commands, 1);
    commands_wait(commands, end);
    assert_true(NOW < end);
    assert_answer(commands, PID_STUCK, NULL, NVITOP_WHY_NOT_RESPONDING);
    assert_answer(commands, 1, "cmd 1", NVITOP_WHY_NONE);
    assert_false(commands_free(commands));
    let_go(1);
}

static void waiting_ends_at_the_deadline(void **state)
{
    (void)state;
    struct commands *commands = commands_new("/tree", NULL, NULL);
    uint64_t began = NOW;
    ask(commands, PID_STUCK);
    commands_wait(commands, began + 10 * CLOCK_NS_PER_MS);
    assert_true(NOW >= began + 10 * CLOCK_NS_PER_MS);
    assert_true(NOW < began + COMMANDS_PATIENCE_MS * CLOCK_NS_PER_MS);
    assert_nothing(commands);
    assert_false(commands_free(commands));
    let_go(1);
}

static int set_up(void **state)
{
    (void)state;
    return pipe(gate) || pipe(stuck) || pipe(passed) || pipe(news);
}

static int tear_down(void **state)
{
    (void)state;
    int *const pipes[] = { gate, stuck, passed, news };
    for (size_t i = 0; i < ARRAY_LEN(pipes); i++)
        if (close(pipes[i][0]) || close(pipes[i][1]))
            return -1;
    return 0;
}

#define ON_PIPES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PIPES(answers_come_by_themselves),
        ON_PIPES(answers_that_nobody_takes_are_freed),
        ON_PIPES(trap_23_the_command_of_another_process_is_not_shown),
        ON_PIPES(a_stuck_process_costs_only_itself),
        ON_PIPES(after_four_lost_lanes_all_is_given_up),
        ON_PIPES(an_idle_lane_is_not_left_behind),
        ON_PIPES(waiting_ends_with_the_answers),
        ON_PIPES(waiting_gives_up_on_who_is_stuck),
        ON_PIPES(waiting_ends_at_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
