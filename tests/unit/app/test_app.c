/* The loop of the monitor over a terminal and a source made by hand. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/order.h"
#include "fakes.h"
#include "scene.h"

static void leave(struct stage *stage)
{
    stage_keys(stage, "q");
}

/* Scene A, whose processes have a start time: without one nobody may be signalled. */
static struct snapshot *living(void)
{
    struct snapshot *snapshot = scene_a();
    for (size_t i = 0; i < snapshot->process_count; i++)
        snapshot->processes[i].start_ticks = 100 + i;
    return snapshot;
}

static bool has(const struct stage *stage, const char *text)
{
    return strstr(stage->text, text) != NULL;
}

/* ---- keys ---- */

static void burst(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    if (count == 1)
        stage_keys(stage, "og");
    if (count == 2) {
        assert_true(has(stage, "GPU-MEM▼"));
        leave(stage);
    }
}

static void a_burst_of_keys_is_acted_upon_before_one_frame(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = burst;
    struct app_result result = stage_run(stage, false);
    assert_int_equal(result.status, NVITOP_OK);
    assert_int_equal(stage->frames, 2);
    stage_free(stage);
}

static void select_and_lose(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    switch (count) {
    case 1: stage_key(stage, TERM_KEY_DOWN); break;
    case 2: {
        assert_true(has(stage, "to send signals"));
        struct snapshot *without = living();
        without->processes++; /* the selected one, the first, is gone from the list */
        without->process_count--;
        stage_show(stage, without);
        break;
    }
    case 3:
        assert_false(has(stage, "to send signals"));
        stage_keys(stage, "K"); /* no key may act on what is not there */
        leave(stage);
        break;
    default: fail();
    }
}

static void a_selection_that_vanishes_is_dropped(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = select_and_lose;
    stage_run(stage, false);
    stage_free(stage);
}

static void type_a_filter(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    switch (count) {
    case 1: stage_keys(stage, "\\Kq"); break; /* text, not keys */
    case 2:
        assert_true(has(stage, "Kq"));
        stage_key(stage, 127);
        stage_key(stage, 27);
        break;
    case 3: leave(stage); break;
    default: fail();
    }
}

static void while_a_filter_is_typed_every_key_is_text(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = type_a_filter;
    stage_run(stage, false);
    assert_int_equal(stage->frames, 3);
    stage_free(stage);
}

static void hide_a_tagged_one(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    switch (count) {
    case 1:
        stage_key(stage, TERM_KEY_DOWN);
        stage_keys(stage, " \\nobody\r"); /* the first is tagged, and not among these */
        stage_key(stage, TERM_KEY_DOWN);
        stage_keys(stage, "T");
        break;
    case 2:
        assert_true(has(stage, "the filter hides 1 tagged process;"));
        assert_false(has(stage, "SIGTERM"));
        leave(stage);
        break;
    default: fail();
    }
}

static void trap_26_who_is_tagged_but_hidden_gets_no_signal(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = hide_a_tagged_one;
    stage_run(stage, false);
    assert_int_equal(stage->frames, 2);
    stage_free(stage);
}

static void hide_host(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    if (count == 1) {
        assert_true(has(stage, "Load Average"));
        stage_keys(stage, "fH");
    }
    if (count == 2) {
        assert_false(has(stage, "Load Average"));
        leave(stage);
    }
}

static void hiding_the_host_is_remembered_but_not_a_mode_of_now(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = hide_host;
    stage_run(stage, false);
    assert_int_equal(stage->saves, 1);
    assert_true(stage->saved.is_host_hidden);
    assert_int_equal(stage->changed, SETTING_HOST);
    stage_free(stage);
}

static void pause_it(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    if (count == 1)
        stage_keys(stage, "Z");
    if (count == 2)
        leave(stage);
}

static void a_pause_is_told_to_the_source(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = pause_it;
    stage_run(stage, false);
    assert_true(stage->demand.is_paused);
    stage_free(stage);
}

/* ---- the source ---- */

static void tell_a_refusal(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    if (count == 1) {
        stage->verdicts = (struct signal_report){ .signal = SIGTERM,
                                                  .count = 1,
                                                  .verdicts = { { { 4711, 1 }, NVITOP_EPERM } } };
        stage->has_verdicts = true;
        stage_show(stage, living());
    }
    if (count == 2) {
        assert_true(has(stage, "4711"));
        assert_true(has(stage, "another user"));
        leave(stage);
    }
}

static void trap_25_a_refusal_is_shown(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = tell_a_refusal;
    stage_run(stage, false);
    assert_int_equal(stage->frames, 2);
    stage_free(stage);
}

static void never(struct stage *stage, int count, const struct frame *frame)
{
    (void)stage, (void)count, (void)frame;
    fail();
}

static void trap_13_a_driver_that_fails_at_once_leaves_the_terminal_alone(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = never;
    stage->opening = NVITOP_ENODRIVER;
    struct app_result result = stage_run(stage, false);
    assert_int_equal(result.status, NVITOP_ENODRIVER);
    assert_int_equal(stage->taken, 0);
    stage_free(stage);
}

static void fail_late(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    assert_int_equal(count, 1);
    assert_true(stage->is_terminal_taken);
    stage->opening = NVITOP_ETIMEOUT;
    stage_show(stage, living());
}

static void a_driver_that_fails_later_gives_the_terminal_back(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->snapshot->driver_state = DRIVER_WAITING;
    stage->script = fail_late;
    stage->opening = 1;
    struct app_result result = stage_run(stage, false);
    assert_int_equal(result.status, NVITOP_ETIMEOUT);
    assert_int_equal(stage->given_back, 1);
    assert_false(stage->is_terminal_taken);
    stage_free(stage);
}

static void without_a_gpu_there_is_nothing_to_watch(void **state)
{
    (void)state;
    struct stage *stage = stage_new(scene_z());
    stage->script = never;
    struct app_result result = stage_run(stage, false);
    assert_int_equal(result.status, NVITOP_OK);
    assert_int_equal(stage->taken, 0);
    stage_free(stage);
}

/* ---- the end ---- */

static void terminate(struct stage *stage, int count, const struct frame *frame)
{
    (void)stage, (void)frame;
    assert_int_equal(count, 1);
    kill(getpid(), SIGTERM);
}

static void trap_30_a_signal_ends_it_in_order(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = terminate;
    struct app_result result = stage_run(stage, false);
    assert_int_equal(result.signal, SIGTERM);
    assert_int_equal(stage->given_back, 1);
    stage_free(stage);
}

static void interrupt(struct stage *stage, int count, const struct frame *frame)
{
    (void)frame;
    if (count == 1)
        kill(getpid(), SIGINT);
    if (count == 2) {
        assert_true(has(stage, "press q to quit"));
        leave(stage);
    }
}

static void an_interrupt_is_a_key_and_never_ends_it(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = interrupt;
    struct app_result result = stage_run(stage, false);
    assert_int_equal(result.signal, 0);
    assert_int_equal(stage->frames, 2);
    stage_free(stage);
}

static void no_terminal_is_said(void **state)
{
    (void)state;
    struct stage *stage = stage_new(living());
    stage->script = never;
    stage->no_terminal = "of its own reasons";
    struct app_result result = stage_run(stage, false);
    assert_string_equal(result.why, "of its own reasons");
    assert_false(stage->is_terminal_taken);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_of_keys_is_acted_upon_before_one_frame),
        cmocka_unit_test(a_selection_that_vanishes_is_dropped),
        cmocka_unit_test(while_a_filter_is_typed_every_key_is_text),
        cmocka_unit_test(trap_26_who_is_tagged_but_hidden_gets_no_signal),
        cmocka_unit_test(hiding_the_host_is_remembered_but_not_a_mode_of_now),
        cmocka_unit_test(a_pause_is_told_to_the_source),
        cmocka_unit_test(trap_25_a_refusal_is_shown),
        cmocka_unit_test(trap_13_a_driver_that_fails_at_once_leaves_the_terminal_alone),
        cmocka_unit_test(a_driver_that_fails_later_gives_the_terminal_back),
        cmocka_unit_test(without_a_gpu_there_is_nothing_to_watch),
        cmocka_unit_test(trap_30_a_signal_ends_it_in_order),
        cmocka_unit_test(an_interrupt_is_a_key_and_never_ends_it),
        cmocka_unit_test(no_terminal_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
