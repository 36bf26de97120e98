/* The box before a signal: its geometry and styles, and who it names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "scene.h"
#include "view/frame.h"
#include "view/page_box.h"
#include "view/theme.h"

static const struct theme theme = { .gpu_thresholds = { 10, 75 }, .memory_thresholds = { 10, 80 } };

static struct frame *drawn(const struct box *box, int rows, int columns)
{
    struct frame *frame = frame_new(rows, columns);
    for (int row = 0; row < rows; row++)
        frame_fill(frame, row, 0, columns, "x");
    page_box_draw(box, &theme, frame);
    return frame;
}

/* The row without what is left of the page. */
static void row_text(const struct frame *frame, int row, struct str *out)
{
    str_clear(out);
    for (int column = 0; column < frame_columns(frame); column++) {
        const struct cell *cell = frame_cell(frame, row, column);
        if (strcmp(cell->text, "x") != 0)
            str_append(out, cell->text);
    }
}

static void assert_rows(const struct box *box, int rows, int columns, int top,
                        const char *const *expected)
{
    struct frame *frame = drawn(box, rows, columns);
    struct str text = { 0 };
    for (int row = 0; row < rows; row++) {
        bool is_inside = row >= top && *expected;
        row_text(frame, row, &text);
        assert_string_equal(str_text(&text), is_inside ? *expected : "");
        expected += is_inside;
    }
    str_done(&text);
    frame_free(frame);
}

#define TOP_ROW " ╒══════════════════════════════════════════════════════════╕ "
#define EMPTY " │                                                          │ "
#define BUTTONS                                                                                    \
    " │  ┌──────────┐  ┌──────────┐  ┌──────────┐  ┌──────────┐  │ ",                              \
        " │  │ SIGTERM  │  │ SIGKILL  │  │  SIGINT  │  │  Cancel  │  │ ",                          \
        " │  └──────────┘  └──────────┘  └──────────┘  └──────────┘  │ "
#define BOTTOM " ╘══════════════════════════════════════════════════════════╛ "

static void acceptance_40_several_processes(void **state)
{
    (void)state;
    const struct box_target targets[] = { { { 16471, 1 }, "root", OBSTACLE_NONE },
                                          { { 116472, 1 }, "root", OBSTACLE_NONE } };
    const struct box box = { targets, 2, BOX_TERMINATE };
    static const char *const rows[] = {
        TOP_ROW,
        EMPTY,
        " │ Which signal for these processes?                        │ ",
        EMPTY,
        " │ 16471(root) 116472(root)                                 │ ",
        EMPTY,
        BUTTONS,
        BOTTOM,
        NULL,
    };
    assert_rows(&box, 40, 120, 15, rows);
}

static void one_process_is_named_in_the_middle(void **state)
{
    (void)state;
    const struct box_target targets[] = { { { 30101, 1 }, "alice", OBSTACLE_NONE } };
    const struct box box = { targets, 1, BOX_KILL };
    static const char *const rows[] = {
        TOP_ROW, EMPTY,   " │          Which signal for process 30101(alice)?          │ ",
        EMPTY,   BUTTONS, BOTTOM,
        NULL,
    };
    assert_rows(&box, 50, 140, 21, rows);
}

static void a_long_user_is_cut(void **state)
{
    (void)state;
    const struct box_target targets[] = {
        { { 1, 1 }, "a-user-with-a-name-of-30-chars", OBSTACLE_NONE }
    };
    const struct box box = { targets, 1, BOX_KILL };
    struct frame *frame = drawn(&box, 24, 79);
    struct str text = { 0 };
    row_text(frame, 10, &text);
    assert_non_null(strstr(str_text(&text), "process 1(a-user-with-a-name-of-3+)?"));
    str_done(&text);
    frame_free(frame);
}

static void every_refusal_is_shown_with_its_reason(void **state)
{
    (void)state;
    const struct box_target targets[] = { { { 7, 1 }, "root", OBSTACLE_NONE },
                                          { { 8, 1 }, "bob", OBSTACLE_FOREIGN },
                                          { { 9, 1 }, "root", OBSTACLE_GONE },
                                          { { 10, 0 }, "root", OBSTACLE_UNKNOWN } };
    const struct box box = { targets, 4, BOX_TERMINATE };
    static const char *const rows[] = {
        TOP_ROW,
        EMPTY,
        " │ Which signal for process 7(root)?                        │ ",
        EMPTY,
        " │ No signal goes to:                                       │ ",
        " │ 8(bob) belongs to another user                           │ ",
        " │ 9(root) has ended                                        │ ",
        " │ 10(root) can't be told from a later one of that pid      │ ",
        EMPTY,
        BUTTONS,
        BOTTOM,
        NULL,
    };
    assert_rows(&box, 24, 79, 5, rows);
    assert_int_equal(page_box_granted(&box), 1);
}

static void without_a_target_it_can_only_be_closed(void **state)
{
    (void)state;
    const struct box_target targets[] = { { { 8, 1 }, "bob", OBSTACLE_FOREIGN },
                                          { { 9, 1 }, "root", OBSTACLE_HOST_PID } };
    const struct box box = { targets, 2, BOX_CANCEL };
    static const char *const rows[] = {
        TOP_ROW,
        EMPTY,
        " │ No signal goes to:                                       │ ",
        " │ 8(bob) belongs to another user                           │ ",
        " │ 9(root) is of another pid namespace (a container?)       │ ",
        EMPTY,
        " │                       ┌──────────┐                       │ ",
        " │                       │  Cancel  │                       │ ",
        " │                       └──────────┘                       │ ",
        BOTTOM,
        NULL,
    };
    assert_rows(&box, 24, 79, 7, rows);
    assert_int_equal(page_box_button_at(&box, (struct box_screen){ 24, 79 }, 14, 35), BOX_CANCEL);
    assert_int_equal(page_box_button_at(&box, (struct box_screen){ 24, 79 }, 14, 14),
                     BOX_BUTTON_COUNT);
}

/* The buttons are always there; what has no room is counted. */
static void many_processes_leave_room_for_the_buttons(void **state)
{
    (void)state;
    struct box_target targets[200];
    for (uint32_t i = 0; i < 200; i++)
        targets[i] = (struct box_target){ { 10000 + i, 1 }, "root", OBSTACLE_NONE };
    const struct box box = { targets, 200, BOX_TERMINATE };
    struct frame *frame = drawn(&box, 24, 79);
    struct str text = { 0 };
    row_text(frame, 21, &text);
    assert_non_null(strstr(str_text(&text), "│ SIGTERM  │"));
    row_text(frame, 23, &text);
    assert_non_null(strstr(str_text(&text), "╘"));
    row_text(frame, 18, &text);
    assert_non_null(strstr(str_text(&text), "... and 36 more lines"));
    str_done(&text);
    frame_free(frame);
}

static void the_page_is_dim_and_the_button_stands_out(void **state)
{
    (void)state;
    const struct box_target targets[] = { { { 30101, 1 }, "alice", OBSTACLE_NONE } };
    const struct box box = { targets, 1, BOX_KILL };
    struct frame *frame = drawn(&box, 50, 140);
    assert_int_equal(frame_cell(frame, 0, 0)->style.attrs, ATTR_DIM);
    assert_int_equal(frame_cell(frame, 21, 38)->style.attrs, ATTR_DIM);
    assert_int_equal(frame_cell(frame, 21, 39)->style.attrs, 0); /* the margin */
    const int now = ATTR_BOLD | ATTR_REVERSE;
    for (int row = 25; row < 28; row++)
        for (int column = 42; column < 99; column++)
            assert_int_equal((frame_cell(frame, row, column)->style.attrs & ATTR_REVERSE) != 0,
                             column >= 56 && column <= 69);
    assert_int_equal(frame_cell(frame, 26, 59)->style.attrs, now);
    assert_int_equal(frame_cell(frame, 26, 59)->style.bg, COLOUR_RED);
    assert_int_equal(frame_cell(frame, 26, 62)->style.attrs, now | ATTR_UNDERLINE);
    assert_int_equal(frame_cell(frame, 26, 45)->style.fg, COLOUR_RED);
    assert_int_equal(frame_cell(frame, 26, 48)->style.attrs, ATTR_BOLD | ATTR_UNDERLINE);
    assert_int_equal(frame_cell(frame, 26, 77)->style.attrs, ATTR_BOLD | ATTR_UNDERLINE);
    assert_int_equal(frame_cell(frame, 26, 88)->style.attrs, ATTR_BOLD | ATTR_UNDERLINE);
    assert_int_equal(frame_cell(frame, 26, 89)->style.attrs, 0);
    frame_free(frame);
}

static void a_click_finds_its_button(void **state)
{
    (void)state;
    const struct box_target targets[] = { { { 30101, 1 }, "alice", OBSTACLE_NONE } };
    const struct box box = { targets, 1, BOX_KILL };
    static const int lefts[] = { 43, 57, 71, 85 };
    const struct box_screen screen = { 50, 140 };
    for (int button = 0; button < BOX_BUTTON_COUNT; button++)
        for (int row = 25; row < 28; row++) {
            int left = lefts[button];
            assert_int_equal(page_box_button_at(&box, screen, row, left), button);
            assert_int_equal(page_box_button_at(&box, screen, row, left + 11), button);
            assert_int_equal(page_box_button_at(&box, screen, row, left - 1), BOX_BUTTON_COUNT);
            assert_int_equal(page_box_button_at(&box, screen, row, left + 12), BOX_BUTTON_COUNT);
        }
    assert_int_equal(page_box_button_at(&box, screen, 24, 57), BOX_BUTTON_COUNT);
    assert_int_equal(page_box_button_at(&box, screen, 28, 57), BOX_BUTTON_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acceptance_40_several_processes),
        cmocka_unit_test(one_process_is_named_in_the_middle),
        cmocka_unit_test(a_long_user_is_cut),
        cmocka_unit_test(every_refusal_is_shown_with_its_reason),
        cmocka_unit_test(without_a_target_it_can_only_be_closed),
        cmocka_unit_test(many_processes_leave_room_for_the_buttons),
        cmocka_unit_test(the_page_is_dim_and_the_button_stands_out),
        cmocka_unit_test(a_click_finds_its_button),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
