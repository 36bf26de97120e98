/* Graphs, cell by cell: tests/cases/view-graph.case follows the rules, not our code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "cases.h"
#include "core/history.h"
#include "view/frame.h"
#include "view/graph.h"
#include "view/theme.h"

/* One value a second, and a second more, so that the last one is complete. */
static void fill(struct history *history, char *series)
{
    uint64_t second = 1;
    for (char *word = strtok(series, " "); word; word = strtok(NULL, " "), second++)
        history_push(history, second * CLOCK_NS_PER_S,
                     strcmp(word, "-") == 0 ? value_na(NVITOP_WHY_NO_SAMPLE)
                                            : value_real(atof(word)));
    history_push(history, second * CLOCK_NS_PER_S, value_na(NVITOP_WHY_NO_SAMPLE));
}

static void append_cells(const struct frame *frame, struct str *out)
{
    for (int row = 0; row < frame_rows(frame); row++) {
        if (row)
            str_append(out, "/");
        for (int column = 0; column < frame_columns(frame); column++) {
            const char *text = frame_cell(frame, row, column)->text;
            str_append(out, strcmp(text, " ") == 0 ? "." : text);
        }
    }
}

/* `DIRECTION ROWS COLUMNS BOUND SERIES` → rows of cells. */
static char *graph_case(const char *input, size_t len)
{
    char direction[8], series[512];
    int rows, columns;
    double bound;
    (void)len;
    assert_int_equal(
        sscanf(input, "%7s %d %d %lf %511[^\n]", direction, &rows, &columns, &bound, series), 5);
    struct history history = { 0 };
    fill(&history, series);
    struct graph graph = { .history = &history,
                           .bound = bound,
                           .is_down = strcmp(direction, "down") == 0 };
    struct frame *frame = frame_new(rows, columns);
    graph_draw(frame, (struct graph_box){ 0, 0, rows, columns }, &graph);
    struct str out = { 0 };
    append_cells(frame, &out);
    frame_free(frame);
    history_done(&history);
    return str_take(&out);
}

static void graphs_follow_the_rules(void **state)
{
    (void)state;
    assert_int_equal(cases_run("view-graph", graph_case), 0);
}

static void the_spectrum_runs_from_the_base_to_the_tip(void **state)
{
    (void)state;
    const struct theme theme = { .is_gradient = true };
    for (int is_down = 0; is_down < 2; is_down++) {
        struct history history = { 0 };
        char series[] = "100 100";
        fill(&history, series);
        struct graph graph = {
            .history = &history, .bound = 100, .is_down = is_down, .spectrum = &theme
        };
        struct frame *frame = frame_new(5, 1);
        graph_draw(frame, (struct graph_box){ 0, 0, 5, 1 }, &graph);
        for (int row = 0; row < 5; row++)
            assert_int_equal(frame_cell(frame, row, 0)->style.rgb,
                             theme_gradient(&theme, (is_down ? row : 4 - row) / 4.0).rgb);
        frame_free(frame);
        history_done(&history);
    }
}

static void without_a_history_nothing_is_drawn(void **state)
{
    (void)state;
    struct frame *frame = frame_new(2, 2);
    struct graph graph = { .bound = 100 };
    struct str out = { 0 };
    graph_draw(frame, (struct graph_box){ 0, 0, 2, 2 }, &graph);
    append_cells(frame, &out);
    assert_string_equal(str_text(&out), "../..");
    str_done(&out);
    frame_free(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graphs_follow_the_rules),
        cmocka_unit_test(the_spectrum_runs_from_the_base_to_the_tip),
        cmocka_unit_test(without_a_history_nothing_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
