/*
 * What is sent for a frame: nothing for what is shown already, and few bytes for a small change.
 * Whether a terminal then shows the frame is asked of one, in tests/tty. Prints what a frame costs.
 */
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
#include "tui/term_caps.h"
#include "tui/term_screen.h"
#include "tui/term_style.h"
#include "view/frame.h"

enum { ROWS = 50, COLUMNS = 140, ALL_ATTRS = 63 };

static const struct term_caps full = {
    .colours = 256,
    .attrs = ALL_ATTRS,
    .colour_attrs = ALL_ATTRS,
    .has_off_codes = true,
};

struct fixture {
    struct term_screen *screen;
    struct frame *frame;
    struct str out;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    fixture->screen = term_screen_new(&full, false);
    fixture->frame = frame_new(ROWS, COLUMNS);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    term_screen_free(fixture->screen);
    frame_free(fixture->frame);
    str_done(&fixture->out);
    free(fixture);
    return 0;
}

static const char *paint(struct fixture *fixture)
{
    str_clear(&fixture->out);
    term_screen_paint(fixture->screen, fixture->frame, ROWS, COLUMNS, &fixture->out);
    return str_text(&fixture->out);
}

static void text(struct fixture *fixture, int row, int column, struct style style,
                 const char *words)
{
    frame_text(fixture->frame, row, column, COLUMNS, style, words);
}

static const struct style plain, green = { .fg = COLOUR_GREEN }, bold = { .attrs = ATTR_BOLD };

static void test_what_is_shown_is_not_sent(void **state)
{
    struct fixture *fixture = *state;
    text(fixture, 3, 4, green, "GPU 中 e\xcc\x81 😀 ⣿█│");
    assert_memory_equal(paint(fixture), "\033[0m\033[H\033[2J", 11);
    assert_string_equal(paint(fixture), "");
    term_screen_forget(fixture->screen);
    assert_memory_equal(paint(fixture), "\033[0m\033[H\033[2J", 11);
    assert_string_equal(paint(fixture), "");
}

static void test_only_what_changed_is_sent(void **state)
{
    struct fixture *fixture = *state;
    text(fixture, 3, 4, green, "temperature 56C");
    paint(fixture);
    text(fixture, 3, 4, green, "temperature 57C");
    assert_string_equal(paint(fixture), "\b\b7");
    text(fixture, 3, 4, green, "temperature 67C");
    assert_string_equal(paint(fixture), "\b\b6");
    text(fixture, 3, 4, plain, "temperature 67C");
    assert_string_equal(paint(fixture), "\033[13D\033[mtemperature 67C");
}

static void test_short_ways(void **state)
{
    struct fixture *fixture = *state;
    text(fixture, 3, 4, plain, "abcdefghijklmnopqrstuvwxyz");
    paint(fixture);
    text(fixture, 3, 4, plain, "ABcDe");
    assert_string_equal(paint(fixture), "\033[26DABcD");
    text(fixture, 4, 8, plain, "x");
    text(fixture, 5, 9, plain, "y");
    text(fixture, 6, 0, plain, "z");
    assert_string_equal(paint(fixture), "\nx\ny\r\nz");
}

static void test_blanks_at_the_end(void **state)
{
    struct fixture *fixture = *state;
    text(fixture, 3, 0, bold, "a long command that ends");
    paint(fixture);
    frame_fill(fixture->frame, 3, 0, COLUMNS, " ");
    text(fixture, 3, 0, bold, "a");
    assert_string_equal(paint(fixture), "\033[22D\033[K");
}

static void test_styles_that_nobody_sees(void **state)
{
    struct fixture *fixture = *state;
    text(fixture, 3, 0, plain, "a b");
    paint(fixture);
    frame_restyle(fixture->frame, 3, 1, 1, (struct style){ .fg = COLOUR_RED, .attrs = ATTR_BOLD });
    assert_string_equal(paint(fixture), "");
    frame_restyle(fixture->frame, 3, 1, 1, (struct style){ .attrs = ATTR_REVERSE });
    assert_string_equal(paint(fixture), "\b\b\033[7m ");
}

/* More different clusters than are kept, twice: everything is sent again, and nothing else. */
static void test_many_clusters(void **state)
{
    struct fixture *fixture = *state;
    char cluster[16];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 20 * COLUMNS; i++) {
            int mark = 0x300 + i % 64, other = 0x340 + i / 64 % 32;
            snprintf(cluster, sizeof(cluster), "%c%c%c%c%c", 'a' + i % 26, 0xc0 | mark >> 6,
                     0x80 | (mark & 63), 0xc0 | other >> 6, 0x80 | (other & 63));
            frame_text(fixture->frame, i / COLUMNS, i % COLUMNS, 1, plain, cluster);
        }
        assert_memory_equal(paint(fixture), "\033[0m\033[H\033[2J", 11);
    }
    frame_fill(fixture->frame, 0, 0, COLUMNS * 1, " ");
    for (int row = 0; row < ROWS; row++)
        frame_fill(fixture->frame, row, 0, COLUMNS, " ");
    text(fixture, 3, 4, plain, "e\xcc\x81");
    paint(fixture);
    assert_string_equal(paint(fixture), "");
}

static void assert_change(const struct term_caps *caps, struct style from, struct style to,
                          const char *expected)
{
    struct str out = { 0 };
    term_style_change(caps, term_style_pack(caps, from), term_style_pack(caps, to), &out);
    assert_string_equal(str_text(&out), expected);
    str_done(&out);
}

static void test_changes_of_style(void **state)
{
    (void)state;
    struct style marked = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD | ATTR_REVERSE };
    struct style rgb = { .fg = COLOUR_RGB, .rgb = 0x12ab34 }, dim = { .attrs = ATTR_DIM };
    struct style lit = { .attrs = ATTR_BOLD | ATTR_DIM };
    struct style on_black = { .fg = COLOUR_GREEN, .bg = COLOUR_BLACK };
    struct term_caps direct = full, eight = full, vt100 = full, old = full;
    direct.colours = TERM_COLOURS_DIRECT;
    eight.colours = 8;
    vt100.colours = 0;
    old.has_off_codes = false;
    eight.colour_attrs = ALL_ATTRS & ~(unsigned)ATTR_DIM;
    assert_change(&full, plain, plain, "");
    assert_change(&full, plain, marked, "\033[1;7;36m");
    assert_change(&full, marked, plain, "\033[m");
    assert_change(&full, marked, green, "\033[0;32m");
    assert_change(&full, green, bold, "\033[0;1m");
    assert_change(&full, lit, dim, "\033[0;2m");
    assert_change(&full, plain, on_black, "\033[32;40m");
    assert_change(&full, on_black, green, "\033[49m");
    assert_change(&full, plain, rgb, "\033[38;5;35m");
    assert_change(&direct, plain, rgb, "\033[38;2;18;171;52m");
    assert_change(&eight, plain, rgb, "\033[32m");
    assert_change(&vt100, bold, marked, "\033[7m");
    assert_change(&old, marked, (struct style){ .fg = COLOUR_CYAN, .attrs = ATTR_BOLD },
                  "\033[0;1;36m");
    assert_change(&full, marked, (struct style){ .fg = COLOUR_CYAN, .attrs = ATTR_BOLD },
                  "\033[27m");
    assert_change(&eight, plain, (struct style){ .fg = COLOUR_RED, .attrs = ATTR_DIM }, "\033[31m");
}

static void test_what_a_frame_costs(void **state)
{
    enum { FRAMES = 200, CHANGES = 40 };
    struct fixture *fixture = *state;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column += 7)
            text(fixture, row, column, column % 2 ? green : plain, "│ 12% █");
    size_t first = strlen(paint(fixture)), bytes = 0;
    uint64_t spent_ns = 0;
    for (int i = 0; i < FRAMES; i++) {
        char number[8];
        for (int change = 0; change < CHANGES; change++) {
            snprintf(number, sizeof(number), "%03d", i * change % 1000);
            text(fixture, change * 7 % ROWS, change % 20 * 7 + 2, green, number);
        }
        uint64_t start_ns = clock_mono_ns();
        bytes += strlen(paint(fixture));
        spent_ns += clock_mono_ns() - start_ns;
    }
    print_message("%dx%d: %zu bytes at first, then %zu bytes and %.0f us for %d changed numbers\n",
                  ROWS, COLUMNS, first, bytes / FRAMES, (double)spent_ns / FRAMES / 1e3, CHANGES);
    assert_true(bytes / FRAMES < CHANGES * 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_shown_is_not_sent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_only_what_changed_is_sent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_short_ways, setup, teardown),
        cmocka_unit_test_setup_teardown(test_blanks_at_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_styles_that_nobody_sees, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_clusters, setup, teardown),
        cmocka_unit_test(test_changes_of_style),
        cmocka_unit_test_setup_teardown(test_what_a_frame_costs, setup, teardown),
    };
    return cmocka_run_group_tests_name("term_screen", tests, NULL, NULL);
}
