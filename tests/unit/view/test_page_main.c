/* The main page: whole screens against tests/frames, and the rows that the acceptance cases name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "scene.h"
#include "view/frame.h"
#include "view/page_main.h"
#include "view/process_list.h"

struct screen {
    const char *name;
    struct snapshot *(*scene)(void);
    int columns, rows;
    enum view_mode mode;
    int selected; /* process, -1: none */
    int seconds;  /* of history */
};

/* The lines above the process table, which has tests of its own. */
static char *upper_part(const struct model *model, char *text)
{
    struct process_list list;
    struct main_layout layout;
    process_list_make(model, &list);
    main_layout_make(model, &list, &layout);
    process_list_done(&list);
    char *end = text;
    for (int row = 0; row < layout.process_top + model->scroll_rows && *end; row++)
        end += strcspn(end, "\n") + 1;
    if (!layout.is_too_narrow)
        *end = 0;
    return text;
}

static char *draw(const struct screen *screen, bool is_ansi)
{
    struct histories histories;
    struct snapshot *snapshot = screen->scene();
    scene_history(snapshot, screen->seconds, &histories);
    struct model model = scene_model(snapshot, screen->rows, screen->columns);
    model.histories = &histories;
    model.mode = screen->mode;
    if (screen->selected >= 0)
        scene_select(&model, (size_t)screen->selected);
    char *text = upper_part(&model, scene_page(&model, page_main_draw, is_ansi));
    histories_done(&histories);
    snapshot_unref(snapshot);
    return text;
}

static struct snapshot *server_16(void)
{
    struct snapshot *snapshot = scene_server(16, 20);
    scene_set(snapshot, 3, NVITOP_DEV_EVENT_REASONS, value_int(0x4));
    scene_set(snapshot, 5, NVITOP_DEV_EVENT_REASONS, value_int(0x68));
    scene_set(snapshot, 6, NVITOP_DEV_EVENT_REASONS, value_int(0x3));
    snapshot->devices[7].condition = DEVICE_NOT_RESPONDING;
    snapshot->devices[7].silent_since_us = snapshot->epoch_us - 75000000;
    snapshot->devices[8].condition = DEVICE_LOST;
    return snapshot;
}

static void screens_are_the_golden_ones(void **state)
{
    (void)state;
    static const struct screen screens[] = {
        { "main-a-79x24.txt", scene_a, 79, 24, VIEW_AUTO, -1, 200 },
        { "main-a-80x24.txt", scene_a, 80, 24, VIEW_AUTO, 3, 200 },
        { "main-a-60x20.txt", scene_a, 60, 20, VIEW_AUTO, -1, 0 },
        { "main-a-30x12.txt", scene_a, 30, 12, VIEW_AUTO, -1, 0 },
        { "main-a-9x9.txt", scene_a, 9, 9, VIEW_AUTO, -1, 0 },
        { "main-a-1x1.txt", scene_a, 1, 1, VIEW_AUTO, -1, 0 },
        { "main-a-120x35.txt", scene_a, 120, 35, VIEW_AUTO, -1, 200 },
        { "main-a-120x39.txt", scene_a, 120, 39, VIEW_AUTO, -1, 200 },
        { "main-a-140x50.ansi", scene_a, 140, 50, VIEW_FULL, 2, 200 },
        { "main-a-160x44.ansi", scene_a, 160, 44, VIEW_COMPACT, 2, 200 },
        { "main-a-160x50.txt", scene_a, 160, 50, VIEW_FULL, -1, 200 },
        { "main-m-130x60.ansi", scene_m, 130, 60, VIEW_FULL, 1, 30 },
        { "main-z-120x40.txt", scene_z, 120, 40, VIEW_FULL, -1, 30 },
        { "main-server-100x40.ansi", server_16, 100, 40, VIEW_DENSE, 0, 0 },
        { "main-a-100x40.txt", scene_a, 100, 40, VIEW_AUTO, -1, 200 },
        { "main-a-120x40.txt", scene_a, 120, 40, VIEW_AUTO, -1, 200 },
        { "main-a-200x60.txt", scene_a, 200, 60, VIEW_AUTO, -1, 2000 },
        { "main-server-79x40.txt", server_16, 79, 40, VIEW_AUTO, -1, 100 },
        { "main-server-100x40.txt", server_16, 100, 40, VIEW_AUTO, 0, 100 },
        { "main-server-140x40.txt", server_16, 140, 40, VIEW_AUTO, -1, 100 },
        { "main-server-200x60.txt", server_16, 200, 60, VIEW_DENSE, -1, 100 },
        { "main-server-300x60.txt", server_16, 300, 60, VIEW_DENSE, -1, 100 },
        { "main-server-120x60.txt", server_16, 120, 60, VIEW_AUTO, -1, 100 },
        { "main-m-dense-79x40.txt", scene_m, 79, 40, VIEW_DENSE, -1, 100 },
    };
    for (size_t i = 0; i < ARRAY_LEN(screens); i++)
        scene_assert_frame(screens[i].name,
                           draw(&screens[i], strstr(screens[i].name, ".ansi") != NULL));
}

/* ---- acceptance cases ---- */

/* A page with its lines at hand. */
struct shot {
    struct snapshot *snapshot;
    struct histories histories;
    struct model model;
    struct frame *frame;
    char *text;
};

static struct shot shot_new(struct snapshot *snapshot, int columns, int rows)
{
    struct shot shot = { .snapshot = snapshot };
    scene_history(snapshot, 10, &shot.histories);
    shot.model = scene_model(snapshot, rows, columns);
    return shot;
}

static void shoot(struct shot *shot)
{
    frame_free(shot->frame);
    free(shot->text);
    shot->model.histories = &shot->histories;
    shot->frame = frame_new(shot->model.rows, shot->model.columns);
    page_main_draw(&shot->model, shot->frame);
    shot->text = scene_page(&shot->model, page_main_draw, false);
}

static void shot_done(struct shot *shot)
{
    frame_free(shot->frame);
    free(shot->text);
    histories_done(&shot->histories);
    snapshot_unref(shot->snapshot);
}

static struct main_layout layout_of(const struct model *model)
{
    struct process_list list;
    struct main_layout layout;
    process_list_make(model, &list);
    main_layout_make(model, &list, &layout);
    process_list_done(&list);
    return layout;
}

/* The line of the screen begins like that. */
static void assert_starts(const struct shot *shot, int row, const char *expected)
{
    char line[4096];
    scene_line(shot->text, row, line, sizeof(line));
    line[MIN_OF(strlen(expected), sizeof(line) - 1)] = 0;
    assert_string_equal(line, expected);
}

static void assert_cell(const struct shot *shot, int row, int column, const char *expected)
{
    assert_string_equal(frame_cell(shot->frame, row, column)->text, expected);
}

static unsigned attributes_at(const struct shot *shot, int row, int column)
{
    return frame_cell(shot->frame, row, column)->style.attrs;
}

static void acceptance_21_all_is_full_at_120x40(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 120, 40);
    shoot(&shot);
    assert_starts(&shot, 6, "╞══");
    assert_cell(&shot, 6, 78, "╪");
    assert_cell(&shot, 6, 119, "╕");
    assert_starts(&shot, 7, "│   0  GeForce");
    assert_starts(&shot, 8, "│ 22%");
    assert_starts(&shot, 15, "╞══");
    assert_cell(&shot, 15, 32, "╧");
    assert_cell(&shot, 15, 78, "╪");
    assert_cell(&shot, 15, 119, "╡");
    assert_starts(&shot, 16, "│ Load Average:");
    assert_starts(&shot, 28, " !CAUTION");
    assert_starts(&shot, 31, "│ GPU     PID");
    assert_starts(&shot, 33, "│   0");
    assert_starts(&shot, 34, "│   0");
    assert_starts(&shot, 35, "├─");
    assert_starts(&shot, 36, "│   1");
    assert_starts(&shot, 39, "╘═");
    shot_done(&shot);
}

static void acceptance_22_a_row_less_makes_the_devices_compact(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 120, 39);
    shoot(&shot);
    assert_starts(&shot, 6, "│   0 22%");
    assert_starts(&shot, 12, "│ Load Average:");
    assert_true(layout_of(&shot.model).is_process_separated);
    shot_done(&shot);
}

static void acceptance_23_then_the_host(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 120, 35);
    shoot(&shot);
    assert_starts(&shot, 6, "│   0 22%");
    assert_starts(&shot, 12, "[ CPU:");
    assert_starts(&shot, 13, "[ MEM:");
    assert_true(layout_of(&shot.model).is_process_separated);
    shot_done(&shot);
}

static void acceptance_24_and_last_the_lines_between_processes(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 79, 24);
    shoot(&shot);
    assert_starts(&shot, 4, "│ GPU Fan Temp Perf");
    assert_starts(&shot, 12, "[ CPU:");
    assert_starts(&shot, 14, " !CAUTION");
    assert_starts(&shot, 17, "│ GPU     PID");
    for (int row = 19; row <= 23; row++)
        assert_starts(&shot, row, row < 21 ? "│   0" : "│   1");
    shot_done(&shot);
}

static void acceptance_25_compact_bars_at_160(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 160, 44);
    shot.model.mode = VIEW_COMPACT;
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│ MEM: ██▋ 1041MiB                 9.4% │ "
                                      "UTL: ████▉ 17%               @ 1815MHz │\n"));
    assert_cell(&shot, 5, 118, "╤");
    assert_cell(&shot, 11, 118, "╧");
    shot_done(&shot);
}

static void acceptance_26_full_bars_and_marks_at_160(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 160, 50);
    shot.model.mode = VIEW_FULL;
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│ MBW: ██ 7%                   @ 6800MHz │\n"));
    assert_cell(&shot, 15, 118, "╧");
    static const char *const marks[] = { "╴120s├", "╴60s├", "╴30s├" };
    char line[4096];
    scene_line(shot.text, 21, line, sizeof(line));
    char *half = strstr(line, "┼");
    assert_non_null(half);
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        assert_non_null(strstr(half, marks[i]));
        assert_true(strstr(line, marks[i]) < half);
    }
    assert_cell(&shot, 21, 78 - 15, "├"); /* 30 s at 2 s a column */
    assert_cell(&shot, 21, 159 - 60, "├");
    assert_int_equal(attributes_at(&shot, 21, 78 - 17), ATTR_DIM);
    shot_done(&shot);
}

static void acceptance_27_the_selected_device_stands_out(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 79, 24);
    scene_select(&shot.model, 0);
    shoot(&shot);
    assert_int_equal(attributes_at(&shot, 6, 3), ATTR_BOLD);
    assert_int_equal(attributes_at(&shot, 8, 3), ATTR_DIM);
    assert_int_equal(attributes_at(&shot, 10, 70), ATTR_DIM);
    assert_int_equal(attributes_at(&shot, 6, 0), 0); /* borders are nobody's */
    assert_int_equal(attributes_at(&shot, 6, 32), 0);
    shot_done(&shot);
}

static void acceptance_29_the_graphs_follow_the_selection(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 160, 50);
    shot.model.mode = VIEW_FULL;
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│ AVG GPU MEM: 76.7% "));
    assert_non_null(strstr(shot.text, "│ AVG GPU UTL: 39.0% "));
    scene_select(&shot.model, 0);
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│ GPU 0 MEM: 9.4% "));
    assert_non_null(strstr(shot.text, "│ GPU 0 UTL: 17.0% "));
    shot_done(&shot);
}

static void of_a_mig_device_the_graphs_say_so(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_m(), 160, 50);
    shot.model.mode = VIEW_FULL;
    scene_select(&shot.model, 1);
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│ GPU 0:1 MEM: 45.1% "));
    assert_non_null(strstr(shot.text, "│ GPU 0:1 UTL: N/A "));
    shot_done(&shot);
}

static void a_lone_gpu_is_no_average(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_b(), 120, 60);
    scene_select(&shot.model, 3);
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│ GPU MEM: 54.5% "));
    shot_done(&shot);
}

static void acceptance_35_the_whole_page_scrolls(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_b(), 79, 12);
    shot.model.scroll_rows = -4;
    shoot(&shot);
    assert_starts(&shot, 0, "│ GPU Fan Temp Perf");
    shot_done(&shot);
}

static void acceptance_36_too_narrow_is_said(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 60, 20);
    shoot(&shot);
    assert_starts(&shot, 7, "   ╒═");
    assert_starts(&shot, 9, "   │ nvitop needs at least a width of 79 to render, the │");
    assert_starts(&shot, 10, "   │ current width is 60.                               │");
    assert_starts(&shot, 12, "   ╘═");
    shot.model.columns = 30;
    shot.model.rows = 12;
    shoot(&shot);
    assert_starts(&shot, 2, "   ╒═");
    assert_starts(&shot, 4, "   │ nvitop needs at      │");
    assert_starts(&shot, 5, "   │ least a width of 79  │");
    assert_starts(&shot, 6, "   │ to render, the       │");
    assert_starts(&shot, 7, "   │ current width is 30. │");
    assert_true(layout_of(&shot.model).is_too_narrow);
    shot_done(&shot);
}

static void acceptance_37_mig_devices_compact_at_130(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_m(), 130, 30);
    shot.model.mode = VIEW_COMPACT;
    scene_select(&shot.model, 0); /* on 0:0 */
    shoot(&shot);
    assert_starts(&shot, 8, "│ 0:0       1g.5gb @ GI/CI: 7/0 │   3000MiB /  4864MiB │ BAR1: ");
    assert_cell(&shot, 7, 103, "┴");
    assert_cell(&shot, 10, 103, "┬");
    assert_int_equal(attributes_at(&shot, 8, 3), ATTR_BOLD);
    assert_int_equal(attributes_at(&shot, 8, 82), ATTR_BOLD); /* its bar */
    assert_int_equal(attributes_at(&shot, 9, 3), ATTR_DIM);   /* its sibling */
    assert_int_equal(attributes_at(&shot, 6, 3), 0);          /* its GPU */
    assert_int_equal(attributes_at(&shot, 11, 3), ATTR_DIM);
    shot_done(&shot);
}

/* ---- the layout ---- */

static void rows_and_entries_are_each_others_inverse(void **state)
{
    (void)state;
    static const int heights[] = { 24, 60 };
    struct snapshot *snapshot = scene_server(4, 30);
    for (size_t i = 0; i < ARRAY_LEN(heights); i++) {
        struct model model = scene_model(snapshot, heights[i], 100);
        struct process_list list;
        struct main_layout layout;
        process_list_make(&model, &list);
        main_layout_make(&model, &list, &layout);
        assert_int_equal(layout.is_process_separated, i == 1);
        for (size_t at = 0; at < list.count; at++) {
            int row = main_layout_row_of(&layout, &model, &list, at);
            assert_int_equal(main_layout_entry_at(&layout, &model, &list, row), at);
            if (at > 0 && row - main_layout_row_of(&layout, &model, &list, at - 1) == 2)
                assert_int_equal(main_layout_entry_at(&layout, &model, &list, row - 1), at);
        }
        assert_int_equal(main_layout_row_of(&layout, &model, &list, list.count), -1);
        int last = main_layout_row_of(&layout, &model, &list, list.count - 1);
        assert_int_equal(last, layout.height - 2);
        assert_int_equal(main_layout_entry_at(&layout, &model, &list, last + 1), -1);
        assert_int_equal(main_layout_entry_at(&layout, &model, &list, layout.first_process - 1),
                         -1);
        process_list_done(&list);
    }
    snapshot_unref(snapshot);
}

static void the_layout_is_what_is_drawn(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_server(8, 40), 120, 24);
    for (shot.model.mode = VIEW_AUTO; shot.model.mode < VIEW_MODE_COUNT; shot.model.mode++) {
        shot.model.rows = 24;
        shot.model.rows = layout_of(&shot.model).height + 10; /* all of it, and blank rows */
        struct main_layout layout = layout_of(&shot.model);
        shoot(&shot);
        assert_starts(&shot, 0, "Mon Nov 23");
        assert_starts(&shot, layout.device_top, "╒═");
        assert_starts(&shot, layout.host_top,
                      layout.host == PANEL_FULL ? "│ Load Average" : "[ CPU");
        assert_starts(&shot, layout.process_top, " !CAUTION");
        assert_starts(&shot, layout.first_process, "│   0   20000");
        assert_starts(&shot, layout.height - 1, "╘═");
        assert_starts(&shot, layout.height, "");
    }
    shot_done(&shot);
}

static void other_orders_and_modes_draw_no_lines_between_processes(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct model model = scene_model(snapshot, 100, 100);
    int height = layout_of(&model).height;
    assert_true(layout_of(&model).is_process_separated);
    model.order.is_descending = true;
    assert_true(layout_of(&model).is_process_separated);
    model.order.key = ORDER_PID;
    assert_false(layout_of(&model).is_process_separated);
    assert_int_equal(layout_of(&model).height, height - 1);
    model.order.key = ORDER_NATURAL;
    model.mode = VIEW_COMPACT;
    assert_false(layout_of(&model).is_process_separated);
    snapshot_unref(snapshot);
}

static void ascii_and_a_hidden_host_have_fewer_rows(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct model model = scene_model(snapshot, 100, 100);
    int height = layout_of(&model).height;
    model.is_ascii = true;
    assert_int_equal(layout_of(&model).height, height - 10);
    model.is_ascii = false;
    model.is_host_hidden = true;
    assert_int_equal(layout_of(&model).height, height - 12);
    assert_int_equal(layout_of(&model).host_top, layout_of(&model).process_top);
    snapshot_unref(snapshot);
}

static void the_dense_view_comes_by_itself_for_many_gpus_only(void **state)
{
    (void)state;
    static const struct {
        size_t gpus;
        int rows;
        bool is_dense;
    } cases[] = {
        { 7, 20, false },  { 8, 30, true },  { 8, 31, false },  { 16, 46, true },
        { 16, 47, false }, { 64, 24, true }, { 64, 142, true }, { 64, 143, false },
    };
    /* 8 GPUs: 22 rows, 2 of the host, 7 of processes */
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct snapshot *snapshot = scene_server(cases[i].gpus, 20);
        struct model model = scene_model(snapshot, cases[i].rows, 100);
        assert_int_equal(layout_of(&model).is_dense, cases[i].is_dense);
        model.scroll_rows = -20;
        assert_int_equal(layout_of(&model).is_dense, cases[i].is_dense);
        model.mode = VIEW_COMPACT;
        assert_false(layout_of(&model).is_dense);
        model.mode = VIEW_DENSE;
        assert_true(layout_of(&model).is_dense);
        snapshot_unref(snapshot);
    }
}

/* The first column from `from` on where the row has this text; -1: nowhere. */
static int column_of(const struct frame *frame, int row, int from, const char *text)
{
    int len = (int)strlen(text);
    for (int column = from; column + len <= frame_columns(frame); column++) {
        int same = 0;
        while (same < len && frame_cell(frame, row, column + same)->text[0] == text[same])
            same++;
        if (same == len)
            return column;
    }
    return -1;
}

static void every_bar_of_the_dense_view_has_15_columns(void **state)
{
    static const char *const titles[] = { "MEM ", "UTL ", "MBW ", "PWR " };
    (void)state;
    struct shot shot = shot_new(scene_a(), 79, 24);
    shot.model.mode = VIEW_DENSE;
    for (int columns = 79; columns <= 200; columns++) {
        int start = 1, bars = 0;
        shot.model.columns = columns;
        shoot(&shot);
        for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
            int next = column_of(shot.frame, 3, start, titles[i]);
            if (next < 0)
                continue;
            assert_true(bars == 0 || next - 2 - start >= 15);
            start = next;
            bars++;
        }
        assert_true(columns - 2 - start >= 15);
        assert_int_equal(bars, columns < 176 ? 2 : 4);
    }
    shot_done(&shot);
}

/* ---- what is said in place ---- */

static void a_pause_is_said_beside_the_date(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 79, 24);
    shot.model.is_paused = true;
    shoot(&shot);
    assert_starts(
        &shot, 0,
        "Mon Nov 23 10:23:09 2026  [PAUSED]              (Press h for help or q to quit)");
    assert_int_equal(attributes_at(&shot, 0, 55), ATTR_BOLD | ATTR_ITALIC);
    assert_int_equal(attributes_at(&shot, 0, 69), ATTR_BOLD | ATTR_ITALIC);
    assert_int_equal(attributes_at(&shot, 0, 56), 0);
    shot_done(&shot);
}

static void before_the_first_snapshot_there_is_the_date(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 79, 24);
    shot.model.snapshot = NULL;
    struct frame *frame = frame_new(24, 79);
    page_main_draw(&shot.model, frame);
    assert_string_equal(frame_cell(frame, 0, 0)->text, "M");
    assert_string_equal(frame_cell(frame, 1, 0)->text, " ");
    frame_free(frame);
    shot_done(&shot);
}

/* Trap 12. */
static void trap_12_a_driver_that_does_not_come_is_waited_for(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_z(), 120, 40);
    shot.snapshot->driver_state = DRIVER_WAITING;
    shot.snapshot->driver_since_us = shot.snapshot->epoch_us - 3 * 1000000;
    shot.model.epoch_us += 9 * 1000000; /* the clock goes on, though no snapshot comes */
    shoot(&shot);
    assert_starts(&shot, 4, "│  Waiting for the driver: 12 s  ");
    shot.model.epoch_us = 0;
    shoot(&shot);
    assert_starts(&shot, 4, "│  Waiting for the driver: 0 s  ");
    shot_done(&shot);
}

/* Trap 40. */
static void trap_40_a_driver_that_fails_later_is_said_in_place(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 120, 40);
    shot.snapshot->driver_state = DRIVER_FAILED;
    shot.snapshot->driver_text = "NVML ERROR: RM has detected an NVML/RM version mismatch.";
    shoot(&shot);
    assert_starts(&shot, 4,
                  "│  NVML ERROR: RM has detected an NVML/RM version mismatch.; trying again");
    assert_int_equal(frame_cell(shot.frame, 4, 5)->style.fg, COLOUR_RED);
    assert_starts(&shot, 5, "╞══");
    assert_starts(&shot, 6, "│ Load Average");
    shot_done(&shot);
}

/* Trap 11. */
static void trap_11_a_gpu_that_is_silent_says_since_when(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 120, 40);
    struct snapshot_device *device = &shot.snapshot->devices[1];
    device->condition = DEVICE_NOT_RESPONDING;
    device->silent_since_us = shot.snapshot->epoch_us - 65 * 1000000;
    shoot(&shot);
    assert_starts(&shot, 10, "│   1  no answer since 10:22:04 │ 00000000:15:00.0 Off │");
    shot.model.mode = VIEW_COMPACT;
    shoot(&shot);
    assert_starts(&shot, 8, "│   1  no answer since 10:22:04 │  77.15GiB / 80.00GiB │");
    shot.model.mode = VIEW_DENSE;
    shoot(&shot);
    assert_starts(&shot, 6, "│   1  no answer since 10:22:04  ");
    device->condition = DEVICE_WAITING;
    shot.model.mode = VIEW_FULL;
    shoot(&shot);
    assert_starts(&shot, 10, "│   1  waiting for the driver   │");
    assert_int_equal(attributes_at(&shot, 10, 8), ATTR_DIM);
    device->condition = DEVICE_SUSPENDED;
    shot.model.mode = VIEW_COMPACT;
    shoot(&shot);
    assert_starts(&shot, 8, "│   1  suspended                │");
    device->condition = DEVICE_LOST; /* as people know it */
    shoot(&shot);
    assert_starts(&shot, 8, "│   1 N/A  33C  P0  401W / 400W │");
    shot_done(&shot);
}

static void what_is_too_old_is_dim(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 120, 40);
    shot.snapshot->devices[1].is_stale = true;
    for (shot.model.mode = VIEW_FULL; shot.model.mode < VIEW_MODE_COUNT; shot.model.mode++) {
        int row = shot.model.mode == VIEW_FULL ? 10 : shot.model.mode == VIEW_COMPACT ? 8 : 6;
        shoot(&shot);
        assert_starts(&shot, row, "│   1");
        assert_int_equal(attributes_at(&shot, row, 4), ATTR_DIM);
        assert_int_equal(attributes_at(&shot, row, 90), ATTR_DIM);
        assert_int_equal(attributes_at(&shot, row - 1, 4), 0);
    }
    shot_done(&shot);
}

static void why_a_gpu_is_slowed_stands_below_it(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_m(), 130, 50);
    scene_set(shot.snapshot, 0, NVITOP_DEV_EVENT_REASONS, value_int(0x48));
    scene_set(shot.snapshot, 3, NVITOP_DEV_EVENT_REASONS, value_int(0x4 | 0x1));
    shot.model.mode = VIEW_FULL;
    shoot(&shot);
    assert_starts(&shot, 9, "├─ GPU 0 slowed: HW thermal ────┼");
    assert_starts(&shot, 15, "╞═ GPU 1 slowed: power cap ═════╧");
    shot.model.is_host_hidden = true;
    shoot(&shot);
    assert_starts(&shot, 15, "╘═ GPU 1 slowed: power cap ═════╧");
    shot.model.mode = VIEW_COMPACT;
    shoot(&shot);
    assert_starts(&shot, 7, "├─ GPU 0 slowed: HW thermal ────┼");
    assert_starts(&shot, 12, "╘═ GPU 1 slowed: power cap ═════╧");
    /* idle, and clocks that somebody chose, are no trouble */
    scene_set(shot.snapshot, 0, NVITOP_DEV_EVENT_REASONS, value_int(0x3));
    scene_set(shot.snapshot, 3, NVITOP_DEV_EVENT_REASONS, value_na(NVITOP_WHY_NO_SYMBOL));
    shoot(&shot);
    assert_null(strstr(shot.text, "slowed"));
    shot_done(&shot);
}

static void every_reason_has_words(void **state)
{
    (void)state;
    static const struct {
        int64_t bits;
        const char *words;
    } cases[] = {
        { 0x4, "power cap" },    { 0x8, "HW slowdown" },     { 0x10, "sync boost" },
        { 0x20, "SW thermal" },  { 0x40, "HW thermal" },     { 0x80, "power brake" },
        { 0x88, "power brake" }, { 0x100, "display clock" }, { 0x24, "SW thermal, power cap" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct shot shot = shot_new(scene_b(), 100, 30);
        char expected[80];
        scene_set(shot.snapshot, 0, NVITOP_DEV_EVENT_REASONS, value_int(cases[i].bits));
        shot.model.mode = VIEW_COMPACT;
        shoot(&shot);
        snprintf(expected, sizeof(expected), "╘═ GPU 0 slowed: %s ═", cases[i].words);
        assert_starts(&shot, 7, expected);
        shot_done(&shot);
    }
}

static void pcie_bars_stand_in_place_of_two_others(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 160, 50);
    scene_set(shot.snapshot, 0, NVITOP_DEV_PCIE_RX, value_int(1258291));
    scene_set(shot.snapshot, 0, NVITOP_DEV_PCIE_TX, value_int(51200));
    scene_set(shot.snapshot, 0, NVITOP_DEV_PCIE_GENERATION_MAX, value_int(3));
    scene_set(shot.snapshot, 0, NVITOP_DEV_PCIE_WIDTH_MAX, value_int(16));
    scene_set(shot.snapshot, 1, NVITOP_DEV_PCIE_RX, value_int(300));
    shot.model.mode = VIEW_FULL;
    shot.model.has_pcie_bars = true;
    shoot(&shot);
    assert_non_null(strstr(shot.text, "│  RX: ██▍ 1.2GiB/s                 8.2% │\n"));
    assert_non_null(strstr(shot.text, "│  TX: ▏ 50MiB/s                    0.3% │\n"));
    assert_non_null(strstr(shot.text, "░ 300KiB/s │\n")); /* of a link nobody knows */
    assert_null(strstr(shot.text, "MBW:"));
    assert_null(strstr(shot.text, "PWR:"));
    shot_done(&shot);
}

/* ---- what is asked for ---- */

static struct metric_wanted wanted_of(const struct model *model)
{
    struct metric_wanted wanted;
    page_main_metrics(model, &wanted);
    return wanted;
}

static void nothing_is_asked_for_that_is_not_shown(void **state)
{
    (void)state;
    static const struct {
        int id, columns;
        enum view_mode mode;
        bool has_pcie_bars, is_wanted;
    } cases[] = {
        { NVITOP_DEV_NAME, 160, VIEW_FULL, false, true },
        { NVITOP_DEV_NAME, 160, VIEW_COMPACT, false, false },
        { NVITOP_DEV_ECC_ERRORS, 160, VIEW_COMPACT, false, false },
        { NVITOP_DEV_FAN_SPEED, 79, VIEW_COMPACT, false, true },
        { NVITOP_DEV_CLOCK_SM, 122, VIEW_COMPACT, false, false },
        { NVITOP_DEV_CLOCK_SM, 123, VIEW_COMPACT, false, true },
        { NVITOP_DEV_CLOCK_MEMORY, 122, VIEW_FULL, false, false },
        { NVITOP_DEV_CLOCK_MEMORY, 123, VIEW_FULL, false, true },
        { NVITOP_DEV_CLOCK_MEMORY, 123, VIEW_FULL, true, false },
        { NVITOP_DEV_PCIE_RX, 123, VIEW_FULL, true, true },
        { NVITOP_DEV_PCIE_TX, 123, VIEW_FULL, true, true },
        { NVITOP_DEV_PCIE_RX, 123, VIEW_FULL, false, false },
        { NVITOP_DEV_PCIE_RX, 122, VIEW_FULL, true, false },
        { NVITOP_DEV_PCIE_RX, 160, VIEW_COMPACT, true, false },
        { NVITOP_DEV_EVENT_REASONS, 79, VIEW_FULL, false, true },
        { NVITOP_DEV_EVENT_REASONS, 79, VIEW_COMPACT, false, true },
        { NVITOP_DEV_EVENT_REASONS, 79, VIEW_DENSE, false, true },
        { NVITOP_DEV_MEMORY_PERCENT, 79, VIEW_COMPACT, false, true },
        { NVITOP_DEV_MEMORY_USED, 79, VIEW_DENSE, false, true },
        { NVITOP_DEV_MEMORY_TOTAL, 79, VIEW_DENSE, false, true },
        { NVITOP_DEV_UTIL_GPU, 79, VIEW_DENSE, false, true },
        { NVITOP_DEV_FAN_SPEED, 79, VIEW_DENSE, false, false },
        { NVITOP_DEV_FAN_SPEED, 140, VIEW_DENSE, false, true },
        { NVITOP_DEV_NAME, 109, VIEW_DENSE, false, false },
        { NVITOP_DEV_NAME, 110, VIEW_DENSE, false, true },
        { NVITOP_DEV_POWER_LIMIT, 89, VIEW_DENSE, false, false },
        { NVITOP_DEV_POWER_LIMIT, 90, VIEW_DENSE, false, true },
        { NVITOP_DEV_UTIL_MEMORY, 175, VIEW_DENSE, false, false },
        { NVITOP_DEV_UTIL_MEMORY, 176, VIEW_DENSE, false, true },
        { NVITOP_DEV_CLOCK_SM, 200, VIEW_DENSE, false, false },
        { NVITOP_DEV_CLOCK_SM, 300, VIEW_DENSE, false, true },
        { NVITOP_DEV_PCIE_RX, 200, VIEW_DENSE, true, true },
        { NVITOP_DEV_COMPUTE_MODE, 300, VIEW_DENSE, false, false },
        { NVITOP_DEV_NAME, 78, VIEW_FULL, false, false },
    };
    struct snapshot *snapshot = scene_a();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct model model = scene_model(snapshot, 40, cases[i].columns);
        model.mode = cases[i].mode;
        model.has_pcie_bars = cases[i].has_pcie_bars;
        struct metric_wanted wanted = wanted_of(&model);
        if (metric_set_has(&wanted.gpu, cases[i].id) != cases[i].is_wanted)
            fail_msg("case %zu", i);
    }
    snapshot_unref(snapshot);
}

/* What auto has chosen decides what is asked. */
static void the_automatic_mode_asks_for_what_it_shows(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct model model = scene_model(snapshot, 24, 79);
    struct metric_wanted wanted = wanted_of(&model);
    assert_false(metric_set_has(&wanted.gpu, NVITOP_DEV_NAME));
    model.rows = 60;
    wanted = wanted_of(&model);
    assert_true(metric_set_has(&wanted.gpu, NVITOP_DEV_NAME));
    assert_true(metric_set_has(&wanted.mig, NVITOP_DEV_UUID)); /* whose history it is */
    assert_false(metric_set_has(&wanted.mig, NVITOP_DEV_FAN_SPEED));
    snapshot_unref(snapshot);
}

/* ---- at every size ---- */

/* Trap 28. */
static void trap_28_every_size_is_drawn(void **state)
{
    (void)state;
    struct snapshot *(*const scenes[])(void) = { scene_a, scene_m, scene_z };
    for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
        struct shot shot = shot_new(scenes[i](), 1, 1);
        shot.model.histories = &shot.histories;
        if (shot.snapshot->process_count)
            scene_select(&shot.model, 1);
        for (int rows = 1; rows <= 60; rows++) {
            for (int columns = 1; columns <= 110; columns += columns < 76 ? 7 : 1) {
                struct frame *frame = frame_new(rows, columns);
                shot.model.rows = rows;
                shot.model.columns = columns;
                shot.model.mode = (enum view_mode)((rows + columns) % VIEW_MODE_COUNT);
                shot.model.scroll_rows = -(rows * columns % 9);
                shot.model.is_ascii = columns % 2;
                page_main_draw(&shot.model, frame);
                frame_free(frame);
            }
        }
        shot_done(&shot);
    }
}

/* Trap 27. */
static void trap_27_64_gpus_and_1000_processes(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_server(64, 1000), 80, 24);
    shot.model.scroll_rows = -60;
    shoot(&shot);
    struct main_layout layout = layout_of(&shot.model);
    assert_true(layout.is_dense);
    assert_int_equal(layout.height, 1 + 5 + 64 + 2 + 1 + 4 + 1000 + 1);
    assert_starts(&shot, 0, "│  55");
    assert_starts(&shot, layout.process_top - 60, " !CAUTION");
    assert_starts(&shot, layout.first_process - 60, "│   0   20000");
    shot.model.scroll_rows = 24 - layout.height;
    shoot(&shot);
    assert_starts(&shot, 22, "│  63   20999");
    assert_starts(&shot, 23, "╘═");
    shot_done(&shot);
}

/* Whatever the numbers are, borders stay: each line is as wide as its box. */
static void trap_18_no_value_moves_a_border(void **state)
{
    (void)state;
    struct shot shot = shot_new(scene_a(), 100, 45);
    struct snapshot *snapshot = shot.snapshot;
    for (size_t i = 0; i < 3; i++) {
        scene_set(snapshot, i, NVITOP_DEV_POWER_USAGE, value_int(140000000));
        scene_set(snapshot, i, NVITOP_DEV_TEMPERATURE, value_int(-105));
        scene_set(snapshot, i, NVITOP_DEV_FAN_SPEED, value_int(1030));
        scene_set(snapshot, i, NVITOP_DEV_MEMORY_TOTAL, value_int(INT64_MAX));
        scene_set(snapshot, i, NVITOP_DEV_MEMORY_USED, value_int(INT64_MAX));
        scene_set(snapshot, i, NVITOP_DEV_UTIL_GPU, value_int(123456));
        scene_set(snapshot, i, NVITOP_DEV_EVENT_REASONS, value_int(0x1fc));
        snapshot->devices[i].physical = 9999;
    }
    scene_set_host(snapshot, NVITOP_HOST_MEMORY_USED, value_int(INT64_MAX));
    for (shot.model.mode = VIEW_FULL; shot.model.mode < VIEW_MODE_COUNT; shot.model.mode++) {
        shoot(&shot);
        struct main_layout layout = layout_of(&shot.model);
        int rows[2] = { layout.is_dense                ? 5
                        : shot.model.mode == VIEW_FULL ? 7
                                                       : 6,
                        layout.host_top - 1 };
        for (int row = rows[0]; row < rows[1]; row++) {
            const char *right = frame_cell(shot.frame, row, 99)->text;
            const char *left = frame_cell(shot.frame, row, 0)->text;
            assert_true(strcmp(left, "│") == 0 || strcmp(left, "├") == 0);
            assert_true(strcmp(right, "│") == 0 || strcmp(right, "┤") == 0);
        }
    }
    shot_done(&shot);
}

static void a_filter_changes_no_panel(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_b(); /* thirty processes */
    struct model model = scene_model(snapshot, 40, 120);
    struct main_layout layouts[2];
    for (int i = 0; i < 2; i++) {
        struct process_list list;
        model.search = i ? "no process is called so" : "";
        process_list_make(&model, &list);
        main_layout_make(&model, &list, &layouts[i]);
        process_list_done(&list);
    }
    assert_int_equal(layouts[0].host, PANEL_COMPACT); /* there would be room now */
    assert_int_equal(layouts[1].host, layouts[0].host);
    assert_int_equal(layouts[1].process_top, layouts[0].process_top);
    assert_true(layouts[1].height < layouts[0].height);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_are_the_golden_ones),
        cmocka_unit_test(acceptance_21_all_is_full_at_120x40),
        cmocka_unit_test(acceptance_22_a_row_less_makes_the_devices_compact),
        cmocka_unit_test(acceptance_23_then_the_host),
        cmocka_unit_test(acceptance_24_and_last_the_lines_between_processes),
        cmocka_unit_test(acceptance_25_compact_bars_at_160),
        cmocka_unit_test(acceptance_26_full_bars_and_marks_at_160),
        cmocka_unit_test(acceptance_27_the_selected_device_stands_out),
        cmocka_unit_test(acceptance_29_the_graphs_follow_the_selection),
        cmocka_unit_test(of_a_mig_device_the_graphs_say_so),
        cmocka_unit_test(a_lone_gpu_is_no_average),
        cmocka_unit_test(acceptance_35_the_whole_page_scrolls),
        cmocka_unit_test(acceptance_36_too_narrow_is_said),
        cmocka_unit_test(acceptance_37_mig_devices_compact_at_130),
        cmocka_unit_test(rows_and_entries_are_each_others_inverse),
        cmocka_unit_test(the_layout_is_what_is_drawn),
        cmocka_unit_test(other_orders_and_modes_draw_no_lines_between_processes),
        cmocka_unit_test(ascii_and_a_hidden_host_have_fewer_rows),
        cmocka_unit_test(the_dense_view_comes_by_itself_for_many_gpus_only),
        cmocka_unit_test(every_bar_of_the_dense_view_has_15_columns),
        cmocka_unit_test(a_pause_is_said_beside_the_date),
        cmocka_unit_test(before_the_first_snapshot_there_is_the_date),
        cmocka_unit_test(trap_12_a_driver_that_does_not_come_is_waited_for),
        cmocka_unit_test(trap_40_a_driver_that_fails_later_is_said_in_place),
        cmocka_unit_test(trap_11_a_gpu_that_is_silent_says_since_when),
        cmocka_unit_test(what_is_too_old_is_dim),
        cmocka_unit_test(why_a_gpu_is_slowed_stands_below_it),
        cmocka_unit_test(every_reason_has_words),
        cmocka_unit_test(pcie_bars_stand_in_place_of_two_others),
        cmocka_unit_test(nothing_is_asked_for_that_is_not_shown),
        cmocka_unit_test(the_automatic_mode_asks_for_what_it_shows),
        cmocka_unit_test(trap_28_every_size_is_drawn),
        cmocka_unit_test(trap_27_64_gpus_and_1000_processes),
        cmocka_unit_test(a_filter_changes_no_panel),
        cmocka_unit_test(trap_18_no_value_moves_a_border),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
