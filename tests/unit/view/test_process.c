/*
 * The process table of a monitor: what the acceptance cases say of its rows, its heading, its
 * styles and the row above it. Lines that scroll to the side are as 1.7.2 draws them.
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
#include "base/str.h"
#include "cases.h"
#include "scene.h"
#include "view/frame.h"
#include "view/page_main.h"
#include "view/process_list.h"
#include "view/process_table.h"
#include "view/theme.h"

/* Rows of the screen at 79 columns and natural order, all of it compact. */
enum { CAUTION = 14, HEADING = 17, FIRST = 19 };

/* Scene A with start times and the command lines of the scenario. */
static struct snapshot *living(void)
{
    static const char *const commands[] = { "python3 train.py --epochs 90",
                                            "python3 render.py --resolution 3840x2160",
                                            "python3 serve.py",
                                            "python3 render.py --resolution 3840x2160" };
    struct snapshot *snapshot = scene_a();
    for (size_t i = 0; i < snapshot->process_count; i++)
        snapshot->processes[i].start_ticks = snapshot->processes[i].pid * 10;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        scene_set_process(snapshot, i, NVITOP_PROC_COMMAND, value_text(commands[i]));
    return snapshot;
}

static struct frame *drawn(const struct model *model)
{
    struct frame *frame = frame_new(model->rows, model->columns);
    page_main_draw(model, frame);
    return frame;
}

static void assert_line(const struct model *model, int row, const char *expected)
{
    char line[1024];
    char *text = scene_page(model, page_main_draw, false);
    assert_string_equal(scene_line(text, row, line, sizeof(line)), expected);
    free(text);
}

/* Whether all cells of the row from `start` to `end` have exactly that style. */
static bool is_styled(const struct frame *frame, int row, int start, int end, struct style style)
{
    for (int column = start; column <= end; column++) {
        struct style have = frame_cell(frame, row, column)->style;
        if (have.fg != style.fg || have.bg != style.bg || have.attrs != style.attrs)
            return false;
    }
    return true;
}

static const struct style selected = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD | ATTR_REVERSE },
                          tagged = { .fg = COLOUR_YELLOW, .attrs = ATTR_BOLD },
                          tagged_selected = { .fg = COLOUR_YELLOW,
                                              .attrs = ATTR_BOLD | ATTR_REVERSE },
                          none = { 0 };

/* ---- rows ---- */

static void acceptance_27_the_selected_row_and_the_hint(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    scene_select(&model, 0);
    struct frame *frame = drawn(&model);
    assert_true(is_styled(frame, FIRST, 1, 77, selected));
    assert_true(is_styled(frame, FIRST, 0, 0, none));
    assert_true(is_styled(frame, FIRST, 78, 78, none));
    assert_line(&model, CAUTION,
                " !CAUTION: SUPERUSER LOGGED-IN. (Press ^C(INT)/T(TERM)/K(KILL) to send signals)");
    const struct style key = { .fg = COLOUR_MAGENTA, .attrs = ATTR_BOLD | ATTR_ITALIC };
    const struct style name = { .fg = COLOUR_RED, .attrs = ATTR_BOLD };
    assert_true(
        is_styled(frame, CAUTION, 1, 1, (struct style){ .fg = COLOUR_RED, .attrs = ATTR_BLINK }));
    assert_true(is_styled(frame, CAUTION, 2, 30,
                          (struct style){ .fg = COLOUR_YELLOW, .attrs = ATTR_ITALIC }));
    assert_true(is_styled(frame, CAUTION, 39, 40, key));
    assert_true(is_styled(frame, CAUTION, 42, 44, name));
    assert_true(is_styled(frame, CAUTION, 57, 60, name));
    frame_free(frame);
    snapshot_unref(snapshot);
}

static void acceptance_28_the_same_process_on_another_gpu_blinks(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 30, 100);
    scene_select(&model, 1);
    struct frame *frame = drawn(&model);
    int marks = 0, selections = 0;
    for (int row = 0; row < model.rows; row++) {
        bool is_mark = strcmp(frame_cell(frame, row, 1)->text, "=") == 0;
        marks += is_mark;
        if (is_mark)
            assert_true(
                is_styled(frame, row, 1, 1, (struct style){ .attrs = ATTR_BOLD | ATTR_BLINK }));
        selections += is_styled(frame, row, 1, 98, selected);
    }
    assert_int_equal(marks, 1);
    assert_int_equal(selections, 1);
    frame_free(frame);
    snapshot_unref(snapshot);
}

/* A pid that was used again is another process. */
static void a_later_process_of_the_same_pid_is_not_the_selected_one(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    scene_select(&model, 1);
    model.selection.process.start_ticks++;
    char *text = scene_page(&model, page_main_draw, true);
    assert_null(strstr(text, "="));
    assert_null(strstr(text, "to send signals"));
    free(text);
    snapshot_unref(snapshot);
}

static void tagged_rows_are_yellow_on_every_gpu(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    struct process_id ids[] = { { 16472, 164720 } };
    model.tags = (struct tags){ ids, 1 };
    scene_select(&model, 3);
    struct frame *frame = drawn(&model);
    assert_true(is_styled(frame, FIRST + 1, 6, 76, tagged));
    assert_true(is_styled(frame, FIRST + 1, 2, 4, (struct style){ .fg = COLOUR_YELLOW }));
    assert_true(is_styled(frame, FIRST + 3, 1, 77, tagged_selected));
    assert_true(is_styled(frame, FIRST, 6, 76, none));
    frame_free(frame);
    snapshot_unref(snapshot);
}

static void others_rows_are_dim_and_the_gone_are_red(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    snapshot->is_superuser = false;
    struct frame *frame = drawn(&model);
    const struct style dim = { .attrs = ATTR_DIM }, red = { .fg = COLOUR_RED };
    assert_true(is_styled(frame, FIRST, 6, 76, none));
    assert_true(is_styled(frame, FIRST + 2, 6, 76, dim));
    assert_true(is_styled(frame, FIRST + 2, 2, 4, red)); /* the GPU's own colour */
    assert_true(is_styled(frame, FIRST + 4, 62, 76, red));
    assert_true(is_styled(frame, FIRST + 4, 6, 61, dim));
    frame_free(frame);
    snapshot_unref(snapshot);
}

static void a_light_theme_has_black_behind_a_selection(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    struct theme light = *model.theme;
    light.kind = THEME_LIGHT;
    model.theme = &light;
    scene_select(&model, 0);
    struct frame *frame = drawn(&model);
    struct style style = selected;
    style.bg = COLOUR_BLACK;
    assert_true(is_styled(frame, FIRST, 1, 77, style));
    frame_free(frame);
    snapshot_unref(snapshot);
}

/* ---- order ---- */

static void acceptance_30_to_32_the_heading_says_what_orders(void **state)
{
    (void)state;
    static const struct {
        struct order order;
        int column;
        const char *text;
    } cases[] = {
        { { ORDER_NATURAL, true }, 2, "ID▼" },
        { { ORDER_PID, false }, 9, "PID▲" },
        { { ORDER_PID, true }, 9, "PID▼" },
        { { ORDER_USER, false }, 18, "USER▲" },
        { { ORDER_GPU_MEMORY, true }, 24, "GPU-MEM▼" },
        { { ORDER_UTIL_SM, true }, 33, "SM▼" },
        { { ORDER_UTIL_MEMORY, true }, 37, "GMBW▼" },
        { { ORDER_CPU, true }, 43, "%CPU▼" },
        { { ORDER_HOST_MEMORY, true }, 49, "%MEM▼" },
        { { ORDER_TIME, true }, 55, "TIME▼" },
        { { ORDER_TIME, false }, 55, "TIME▲" },
    };
    struct snapshot *snapshot = living();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct model model = scene_model(snapshot, 24, 79);
        model.order = cases[i].order;
        struct frame *frame = drawn(&model);
        struct str text = { 0 };
        int end = cases[i].column + (int)strlen(cases[i].text) - 3; /* the arrow's three bytes */
        for (int column = cases[i].column; column <= end; column++)
            str_append(&text, frame_cell(frame, HEADING, column)->text);
        assert_string_equal(str_text(&text), cases[i].text);
        assert_true(is_styled(frame, HEADING, cases[i].column, end - 1,
                              (struct style){ .attrs = ATTR_BOLD | ATTR_UNDERLINE }));
        assert_true(is_styled(frame, HEADING, end, end, (struct style){ .attrs = ATTR_BOLD }));
        str_done(&text);
        frame_free(frame);
    }
    snapshot_unref(snapshot);
}

static void in_natural_order_gpu_is_bold(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    struct frame *frame = drawn(&model);
    assert_true(is_styled(frame, HEADING, 2, 4, (struct style){ .attrs = ATTR_BOLD }));
    assert_true(is_styled(frame, HEADING, 5, 77, none));
    frame_free(frame);
    snapshot_unref(snapshot);
}

static void acceptance_30_by_memory_the_unknown_come_first(void **state)
{
    (void)state;
    static const char *const memories[] = { "     N/A", "68.36GiB", " 9000MiB", " 1031MiB",
                                            "      0B" };
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    model.order = order_default(ORDER_GPU_MEMORY);
    struct frame *frame = drawn(&model);
    for (int row = 0; row < 5; row++) {
        struct str text = { 0 };
        for (int column = 24; column <= 31; column++)
            str_append(&text, frame_cell(frame, FIRST + row, column)->text);
        assert_string_equal(str_text(&text), memories[row]);
        str_done(&text);
    }
    frame_free(frame);
    snapshot_unref(snapshot);
}

static void acceptance_31_reversed_the_order_is_that_of_the_screen_upside_down(void **state)
{
    (void)state;
    static const uint32_t pids[] = { 999999, 16480, 16472, 16472, 16471 };
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    model.order = (struct order){ ORDER_NATURAL, true };
    struct process_list list;
    process_list_make(&model, &list);
    assert_int_equal(list.count, ARRAY_LEN(pids));
    uint32_t seen[5];
    for (size_t i = 0; i < list.count; i++)
        seen[i] = snapshot->processes[list.rows[i]].pid;
    struct model natural = scene_model(snapshot, 24, 79);
    struct process_list forward;
    process_list_make(&natural, &forward);
    for (size_t i = 0; i < list.count; i++)
        assert_int_equal(forward.rows[i], list.rows[list.count - 1 - i]);
    assert_int_equal(seen[0], pids[0]);
    process_list_done(&forward);
    process_list_done(&list);
    snapshot_unref(snapshot);
}

/* ---- sideways ---- */

static void acceptance_33_the_block_moves_behind_its_window(void **state)
{
    (void)state;
    static const struct {
        int offset;
        const char *heading, *first, *gone;
    } cases[] = {
        { SCROLL_START,
          "│ GPU     PID      USER  GPU-MEM %SM %GMBW  %CPU  %MEM  TIME  COMMAND         │",
          "│   0   16471 C    root  1031MiB   5     3   0.0   0.0  1:10  python3 train.. │",
          "│   1  999999 G     N/A      N/A   0     0   N/A   N/A   N/A  No Such Process │" },
        { 1, "│ GPU     PID      USER  GPU-MEM %SM %GMBW  CPU  %MEM  TIME  COMMAND          │",
          "│   0   16471 C    root  1031MiB   5     3  0.0   0.0  1:10  python3 train.py │",
          "│   1  999999 G     N/A      N/A   0     0  N/A   N/A   N/A  No Such Process  │" },
        { 3, "│ GPU     PID      USER  GPU-MEM %SM %GMBW  U  %MEM  TIME  COMMAND            │",
          "│   0   16471 C    root  1031MiB   5     3  0   0.0  1:10  python3 train.py - │",
          "│   1  999999 G     N/A      N/A   0     0  A   N/A   N/A  No Such Process    │" },
        { 11, "│ GPU     PID      USER  GPU-MEM %SM %GMBW   TIME  COMMAND                    │",
          "│   0   16471 C    root  1031MiB   5     3   1:10  python3 train.py --epochs  │",
          "│   1  999999 G     N/A      N/A   0     0    N/A  No Such Process            │" },
        { 25, "│ GPU     PID      USER  GPU-MEM %SM %GMBW  COMMAND                           │",
          "│   0   16471 C    root  1031MiB   5     3   train.py --epochs 90             │",
          "│   1  999999 G     N/A      N/A   0     0  No Such Process                   │" },
        { 99, "│ GPU     PID      USER  GPU-MEM %SM %GMBW  COMMAND                           │",
          "│   0   16471 C    root  1031MiB   5     3   train.py --epochs 90             │",
          "│   1  999999 G     N/A      N/A   0     0  No Such Process                   │" },
    };
    struct snapshot *snapshot = living();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct model model = scene_model(snapshot, 24, 79);
        model.scroll_columns = cases[i].offset;
        assert_line(&model, HEADING, cases[i].heading);
        assert_line(&model, FIRST, cases[i].first);
        assert_line(&model, FIRST + 4, cases[i].gone);
    }
    snapshot_unref(snapshot);
}

static void the_sort_mark_moves_with_the_block(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    model.order = order_default(ORDER_CPU);
    model.scroll_columns = 1;
    assert_line(&model, HEADING,
                "│ GPU     PID      USER  GPU-MEM %SM %GMBW  PU▼  %MEM  TIME  COMMAND          │");
    model.scroll_columns = 3;
    assert_line(&model, HEADING,
                "│ GPU     PID      USER  GPU-MEM %SM %GMBW  ▼  %MEM  TIME  COMMAND            │");
    snapshot_unref(snapshot);
}

static void it_goes_no_further_than_the_longest_command(void **state)
{
    (void)state;
    static const struct {
        int columns, most;
    } cases[] = { { 79, 25 },           { 80, 24 }, { 103, 1 }, { 104, 0 }, { 105, SCROLL_START },
                  { 200, SCROLL_START } };
    struct snapshot *snapshot = living();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct model model = scene_model(snapshot, 24, cases[i].columns);
        struct process_list list;
        process_list_make(&model, &list);
        assert_int_equal(process_table_scroll_max(&model, &list), cases[i].most);
        process_list_done(&list);
    }
    snapshot_unref(snapshot);
}

/* Wherever it is cut, the box stays a box. */
static void half_a_wide_character_is_a_blank(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    scene_set_process(snapshot, 0, NVITOP_PROC_COMMAND,
                      value_text("日本語モデル 日本語モデル 日本語モデル 日本語モデル"));
    for (int offset = 0; offset < 40; offset++) {
        struct model model = scene_model(snapshot, 24, 79);
        model.scroll_columns = offset;
        struct frame *frame = drawn(&model);
        assert_string_equal(frame_cell(frame, FIRST, 43)->text, " ");
        assert_string_equal(frame_cell(frame, FIRST, 78)->text, "│");
        frame_free(frame);
    }
    struct model model = scene_model(snapshot, 24, 79);
    model.scroll_columns = 19;
    assert_line(&model, FIRST,
                "│   0   16471 C    root  1031MiB   5     3   本語モデル 日本語モデル 日本語モ │");
    model.scroll_columns = 20;
    assert_line(&model, FIRST,
                "│   0   16471 C    root  1031MiB   5     3  本語モデル 日本語モデル 日本語モ  │");
    snapshot_unref(snapshot);
}

/* ---- columns ---- */

static void columns_can_be_hidden_but_not_the_ones_that_name(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    model.hidden_columns = 1u << COLUMN_USER | 1u << COLUMN_UTIL_MEMORY | 1u << COLUMN_CPU;
    assert_line(&model, HEADING,
                "│ GPU     PID    GPU-MEM %SM  %MEM  TIME  COMMAND                             │");
    assert_line(&model, FIRST,
                "│   0   16471 C  1031MiB   5   0.0  1:10  python3 train.py --epochs 90        │");
    model.hidden_columns = UINT32_MAX;
    assert_line(&model, HEADING,
                "│ GPU     PID  COMMAND                                                        │");
    assert_line(&model, FIRST,
                "│   0   16471  python3 train.py --epochs 90                                   │");
    model.order = order_default(ORDER_CPU); /* no mark where no column is */
    assert_line(&model, HEADING,
                "│ GPU     PID  COMMAND                                                        │");
    snapshot_unref(snapshot);
}

static void a_command_not_read_yet_shows_that_it_comes(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    scene_set_process(snapshot, 0, NVITOP_PROC_COMMAND, value_na(NVITOP_WHY_NO_SAMPLE));
    assert_line(&model, FIRST,
                "│   0   16471 C    root  1031MiB   5     3   0.0   0.0  1:10  ...             │");
    snapshot_unref(snapshot);
}

/* Whatever is hidden and however far it is moved: the box stays a box. */
static void no_choice_of_the_viewer_moves_a_border(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    scene_set_process(snapshot, 1, NVITOP_PROC_COMMAND,
                      value_text("モデル é 日本語 --한국어 옵션 🚀"));
    scene_set_process(snapshot, 2, NVITOP_PROC_RUNNING_TIME, value_real(123456789));
    for (int columns = 79; columns < 130; columns += 5)
        for (uint32_t hidden = 0; hidden < 1u << COLUMN_COUNT; hidden += 37)
            for (int offset = SCROLL_START; offset < 50; offset += 7) {
                struct model model = scene_model(snapshot, 24, columns);
                model.mode = VIEW_COMPACT;
                model.hidden_columns = hidden;
                model.scroll_columns = offset;
                model.order = order_default((enum order_key)(hidden % ORDER_KEY_COUNT));
                struct frame *frame = drawn(&model);
                for (int row = FIRST; row < FIRST + 5; row++) {
                    assert_string_equal(frame_cell(frame, row, 0)->text, "│");
                    assert_string_equal(frame_cell(frame, row, columns - 1)->text, "│");
                    assert_string_equal(frame_cell(frame, row, columns - 2)->text, " ");
                }
                frame_free(frame);
            }
    snapshot_unref(snapshot);
}

static void the_table_is_the_golden_one(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    struct process_id tag = { 16472, 164720 };
    snapshot->is_superuser = false;
    model.tags = (struct tags){ &tag, 1 };
    model.order = order_default(ORDER_GPU_MEMORY);
    scene_select(&model, 1);
    scene_assert_frame("process-79x24.ansi", scene_page(&model, page_main_draw, true));
    model.scroll_columns = 9;
    model.hidden_columns = 1u << COLUMN_USER;
    scene_assert_frame("process-79x24-right.ansi", scene_page(&model, page_main_draw, true));
    snapshot_unref(snapshot);
}

/* ---- without rows ---- */

static void an_empty_table_says_why(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    model.search = "nothing has this";
    assert_line(&model, FIRST,
                "│  No process matches the filter                                              │");
    model.search = "";
    snapshot->process_count = 0;
    assert_line(&model, FIRST,
                "│  No running processes found                                                 │");
    snapshot->is_wsl = snapshot->is_wddm = true;
    assert_line(&model, FIRST,
                "│  No running processes found (in WSL)                                        │");
    snapshot->is_gathering = true;
    assert_line(&model, FIRST,
                "│  Gathering process status...                                                │");
    snapshot_unref(snapshot);
}

/* ---- the row above ---- */

static bool is_hinted(const struct model *model)
{
    char *text = scene_page(model, page_main_draw, false);
    bool has_hint = strstr(text, "to send signals)") != NULL;
    free(text);
    return has_hint;
}

static void only_where_a_signal_could_go_keys_for_it_are_shown(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    struct process_id tag = { 16480, 164800 };
    assert_false(is_hinted(&model));
    scene_select(&model, 0);
    assert_true(is_hinted(&model));
    model.is_readonly = true;
    assert_false(is_hinted(&model));
    model.is_readonly = false;
    model.is_searching = true;
    assert_false(is_hinted(&model));
    model.is_searching = false;
    model.rows = FIRST; /* the row is below the screen */
    assert_false(is_hinted(&model));
    model.rows = 24;
    snapshot->is_superuser = false;
    assert_true(is_hinted(&model));
    scene_select(&model, 2); /* nobody's */
    assert_false(is_hinted(&model));
    model.tags = (struct tags){ &tag, 1 };
    assert_false(is_hinted(&model));
    snapshot->is_superuser = true;
    assert_true(is_hinted(&model));
    model.tags.count = 0;
    scene_select(&model, 4); /* gone */
    assert_false(is_hinted(&model));
    scene_select(&model, 0);
    snapshot->processes[0].presence = PROCESS_HOST_PID;
    assert_false(is_hinted(&model));
    snapshot->processes[0].presence = PROCESS_PRESENT;
    snapshot->processes[0].start_ticks = 0;
    scene_select(&model, 0);
    assert_false(is_hinted(&model));
    snapshot_unref(snapshot);
}

static void what_is_said_has_precedence(void **state)
{
    (void)state;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    scene_select(&model, 0);
    model.search = "python";
    assert_line(&model, CAUTION,
                " Filter: python (\\ Esc ends it) (Press ^C(INT)/T(TERM)/K(KILL) to send signals)");
    model.search = "python3";
    assert_line(&model, CAUTION, " Filter: python3 (\\ Esc ends it)");
    model.search = "python";
    model.columns = 130;
    assert_line(&model, CAUTION,
                " !CAUTION: SUPERUSER LOGGED-IN.  Filter: python (\\ Esc ends it)                  "
                "  (Press ^C(INT)/T(TERM)/K(KILL) to send signals)");
    model.columns = 79;
    model.notice = (struct notice){ "No signal: process 1(root) belongs to another user", true };
    assert_line(&model, CAUTION, " No signal: process 1(root) belongs to another user");
    model.notice = (struct notice){ 0 };
    model.is_searching = true;
    assert_line(&model, CAUTION, " !CAUTION: SUPERUSER LOGGED-IN.  Filter: python_");
    model.search = "";
    assert_line(&model, CAUTION, " !CAUTION: SUPERUSER LOGGED-IN.  Filter: _");
    snapshot->is_superuser = false;
    assert_line(&model, CAUTION, " Filter: _");
    snapshot_unref(snapshot);
}

/* ---- the list ---- */

/* `TEXT` → the pids that are found, in the list's order. */
static char *search_case(const char *input, size_t len)
{
    (void)len;
    struct snapshot *snapshot = living();
    struct model model = scene_model(snapshot, 24, 79);
    struct process_list list;
    struct str out = { 0 };
    model.search = input;
    process_list_make(&model, &list);
    for (size_t i = 0; i < list.count; i++)
        str_printf(&out, "%s%u", i ? " " : "", (unsigned)snapshot->processes[list.rows[i]].pid);
    process_list_done(&list);
    snapshot_unref(snapshot);
    return str_take(&out);
}

static void a_filter_finds_what_is_on_the_screen(void **state)
{
    (void)state;
    assert_int_equal(cases_run("search", search_case), 0);
}

static void without_a_snapshot_the_list_is_empty(void **state)
{
    (void)state;
    struct model model = { 0 };
    struct process_list list;
    size_t at;
    process_list_make(&model, &list);
    assert_int_equal(list.count, 0);
    assert_false(process_list_find(&model, &list, &at));
    process_list_done(&list);
}

/* Rows that are not on the screen are not drawn: nobody looks at their commands. */
static void of_many_processes_only_those_on_the_screen_are_drawn(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_b();
    for (size_t i = 0; i < snapshot->process_count; i++)
        snapshot->processes[i].start_ticks = 1;
    struct model model = scene_model(snapshot, 24, 79);
    model.scroll_rows = -10;
    struct process_list list;
    struct main_layout layout;
    process_list_make(&model, &list);
    main_layout_make(&model, &list, &layout);
    for (size_t i = 0; i < list.count; i++) {
        int row = main_layout_row_of(&layout, &model, &list, i) + model.scroll_rows;
        if (row < 0 || row >= model.rows)
            scene_set_process(snapshot, list.rows[i], NVITOP_PROC_COMMAND,
                              (struct value){ .kind = NVITOP_TEXT, .text = NULL });
    }
    char *text = scene_page(&model, page_main_draw, false);
    assert_non_null(strstr(text, "python3 100000"));
    free(text);
    process_list_done(&list);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acceptance_27_the_selected_row_and_the_hint),
        cmocka_unit_test(acceptance_28_the_same_process_on_another_gpu_blinks),
        cmocka_unit_test(a_later_process_of_the_same_pid_is_not_the_selected_one),
        cmocka_unit_test(tagged_rows_are_yellow_on_every_gpu),
        cmocka_unit_test(others_rows_are_dim_and_the_gone_are_red),
        cmocka_unit_test(a_light_theme_has_black_behind_a_selection),
        cmocka_unit_test(acceptance_30_to_32_the_heading_says_what_orders),
        cmocka_unit_test(in_natural_order_gpu_is_bold),
        cmocka_unit_test(acceptance_30_by_memory_the_unknown_come_first),
        cmocka_unit_test(acceptance_31_reversed_the_order_is_that_of_the_screen_upside_down),
        cmocka_unit_test(acceptance_33_the_block_moves_behind_its_window),
        cmocka_unit_test(the_sort_mark_moves_with_the_block),
        cmocka_unit_test(it_goes_no_further_than_the_longest_command),
        cmocka_unit_test(half_a_wide_character_is_a_blank),
        cmocka_unit_test(columns_can_be_hidden_but_not_the_ones_that_name),
        cmocka_unit_test(a_command_not_read_yet_shows_that_it_comes),
        cmocka_unit_test(no_choice_of_the_viewer_moves_a_border),
        cmocka_unit_test(the_table_is_the_golden_one),
        cmocka_unit_test(an_empty_table_says_why),
        cmocka_unit_test(only_where_a_signal_could_go_keys_for_it_are_shown),
        cmocka_unit_test(what_is_said_has_precedence),
        cmocka_unit_test(a_filter_finds_what_is_on_the_screen),
        cmocka_unit_test(without_a_snapshot_the_list_is_empty),
        cmocka_unit_test(of_many_processes_only_those_on_the_screen_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
