/*
 * Lanes for command lines, over a host whose reads may hang until the test lets them go. This
 * file defines host_command_read_blocking, so the real reader is not linked.
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
#include "core/command.h"

enum { PID_STUCK = 1000, PATIENCE_MS = 50 };

#define FAR_AHEAD (clock_mono_ns() + 60 * CLOCK_NS_PER_S)

/* Stuck reads wait here for a byte, and answer there when they got it. */
static int gate[2], passed[2];

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    (void)root;
    char byte;
    if (pid >= PID_STUCK && (read(gate[0], &byte, 1) != 1 || write(passed[1], &byte, 1) != 1))
        abort();
    *ret_command =
        (struct host_command){ .command = value_text(arena_printf(arena, "cmd %d", (int)pid)) };
}

static void let_go(int count)
{
    char byte;
    for (int i = 0; i < count; i++)
        assert_int_equal(write(gate[1], "x", 1), 1);
    for (int i = 0; i < count; i++)
        assert_int_equal(read(passed[0], &byte, 1), 1);
}

static bool read_all(const pid_t *pids, size_t count, unsigned patience_ms, uint64_t deadline_ns,
                     struct arena *arena, struct host_command *ret_commands)
{
    struct command_question question = {
        .pids = pids, .count = count, .patience_ms = patience_ms, .deadline_ns = deadline_ns
    };
    return command_read_all(&question, arena, ret_commands);
}

static void all_are_read_by_one_lane(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const pid_t pids[] = { 1, 2, 3 };
    struct host_command commands[ARRAY_LEN(pids)];
    assert_true(read_all(pids, ARRAY_LEN(pids), 10000, FAR_AHEAD, &arena, commands));
    assert_string_equal(commands[2].command.text, "cmd 3");
    arena_done(&arena);
}

static void a_stuck_process_costs_only_itself(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const pid_t pids[] = { 1, PID_STUCK, 3 };
    struct host_command commands[ARRAY_LEN(pids)];
    assert_false(read_all(pids, ARRAY_LEN(pids), PATIENCE_MS, FAR_AHEAD, &arena, commands));
    assert_string_equal(commands[0].command.text, "cmd 1");
    assert_int_equal(commands[1].command.why, NVITOP_WHY_NOT_RESPONDING);
    assert_string_equal(commands[2].command.text, "cmd 3");
    let_go(1);
    arena_done(&arena);
}

static void after_four_lost_lanes_the_rest_is_given_up(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const pid_t pids[] = { PID_STUCK, PID_STUCK + 1, PID_STUCK + 2, PID_STUCK + 3, 5, 6 };
    struct host_command commands[ARRAY_LEN(pids)];
    assert_false(read_all(pids, ARRAY_LEN(pids), PATIENCE_MS, FAR_AHEAD, &arena, commands));
    for (size_t i = 0; i < ARRAY_LEN(pids); i++)
        assert_int_equal(commands[i].command.why, NVITOP_WHY_NOT_RESPONDING);
    let_go(4);
    arena_done(&arena);
}

static void at_the_deadline_the_rest_is_given_up(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const pid_t pids[] = { 1, PID_STUCK, 3 };
    struct host_command commands[ARRAY_LEN(pids)];
    uint64_t deadline = clock_mono_ns() + PATIENCE_MS * CLOCK_NS_PER_MS;
    assert_false(read_all(pids, ARRAY_LEN(pids), 60000, deadline, &arena, commands));
    assert_string_equal(commands[0].command.text, "cmd 1");
    assert_int_equal(commands[1].command.why, NVITOP_WHY_NOT_RESPONDING);
    assert_int_equal(commands[2].command.why, NVITOP_WHY_NOT_RESPONDING);
    let_go(1);
    arena_done(&arena);
}

static int open_gates(void **state)
{
    (void)state;
    return pipe(gate) || pipe(passed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_read_by_one_lane),
        cmocka_unit_test(a_stuck_process_costs_only_itself),
        cmocka_unit_test(at_the_deadline_the_rest_is_given_up),
        cmocka_unit_test(after_four_lost_lanes_the_rest_is_given_up),
    };
    return cmocka_run_group_tests(tests, open_gates, NULL);
}
