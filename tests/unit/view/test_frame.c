/* The grid: clipping, wide characters, marks, and both ways out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "view/frame.h"

static const struct style plain = { 0 };
static const struct style red = { .fg = COLOUR_RED };
static const struct style bold_cyan = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD };

static void assert_written(const struct frame *frame, enum frame_colours colours,
                           const char *expected)
{
    struct str text = { 0 };
    frame_write(frame, colours, &text);
    assert_string_equal(str_text(&text), expected);
    str_done(&text);
}

/* One row, drawn by one call, as plain text. */
static void assert_row(int columns, int at, int room, const char *text, const char *expected)
{
    struct frame *frame = frame_new(1, columns);
    frame_text(frame, 0, at, room, plain, text);
    assert_written(frame, FRAME_PLAIN, expected);
    frame_free(frame);
}

static void text_is_clipped_to_its_room_and_to_the_frame(void **state)
{
    (void)state;
    assert_row(10, 2, 3, "abcdef", "  abc\n");
    assert_row(4, 2, 30, "abcdef", "  ab\n");
    assert_row(4, -2, 30, "abcdef", "cdef\n");
    assert_row(4, 9, 30, "abc", "\n");
    assert_row(4, 0, 0, "abc", "\n");
    assert_row(4, 0, -1, "abc", "\n");
}

static void rows_outside_are_ignored(void **state)
{
    (void)state;
    struct frame *frame = frame_new(1, 3);
    frame_text(frame, -1, 0, 3, plain, "abc");
    frame_text(frame, 1, 0, 3, plain, "abc");
    frame_restyle(frame, 7, -3, 30, red);
    assert_written(frame, FRAME_ANSI, "\n");
    assert_null(frame_cell(frame, 1, 0));
    assert_null(frame_cell(frame, 0, 3));
    frame_free(frame);
}

static void a_wide_character_that_would_be_split_leaves_a_blank(void **state)
{
    (void)state;
    assert_row(20, 0, 3, "十百", "十\n");
    assert_row(20, 0, 4, "十百", "十百\n");
    assert_row(3, 0, 9, "十百", "十\n");
    assert_row(9, -1, 9, "十百千", " 百千\n");
    struct frame *frame = frame_new(1, 5);
    assert_int_equal(frame_text(frame, 0, 0, 3, plain, "十百"), 3);
    frame_text(frame, 0, 3, 2, plain, "..");
    assert_written(frame, FRAME_PLAIN, "十 ..\n");
    frame_free(frame);
}

static void overwriting_half_a_wide_character_blanks_the_other_half(void **state)
{
    (void)state;
    struct frame *frame = frame_new(1, 6);
    frame_text(frame, 0, 0, 6, plain, "十百千");
    frame_text(frame, 0, 1, 2, plain, "ab");
    assert_written(frame, FRAME_PLAIN, " ab 千\n");
    frame_text(frame, 0, 3, 2, plain, "万");
    assert_written(frame, FRAME_PLAIN, " ab万\n");
    frame_free(frame);
}

static void marks_join_their_base_and_joiners_vanish(void **state)
{
    (void)state;
    struct frame *frame = frame_new(1, 8);
    int end = frame_text(frame, 0, 0, 2, plain,
                         "\xcc\x81"
                         "ae\xcc\x81z");
    assert_int_equal(end, 2);
    assert_string_equal(frame_cell(frame, 0, 0)->text, "a");
    assert_string_equal(frame_cell(frame, 0, 1)->text, "e\xcc\x81");
    end = frame_text(frame, 0, 2, 6, plain,
                     "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb\xef\xb8\x8f\xe2\x80\x8b|");
    assert_int_equal(end, 7);
    assert_written(frame, FRAME_PLAIN, "ae\xcc\x81\xf0\x9f\x91\xa9\xf0\x9f\x92\xbb|\n");
    frame_free(frame);
}

static void a_pile_of_marks_stays_within_its_cell(void **state)
{
    (void)state;
    struct str text = { 0 };
    str_append(&text, "a");
    str_append_repeat(&text, "\xcc\x81", 1000);
    str_append(&text, "b");
    struct frame *frame = frame_new(1, 2);
    frame_text(frame, 0, 0, 2, plain, str_text(&text));
    assert_int_equal(strlen(frame_cell(frame, 0, 0)->text), CELL_TEXT_SIZE - 1);
    assert_string_equal(frame_cell(frame, 0, 1)->text, "b");
    frame_free(frame);
    str_done(&text);
}

static void equal_styles_share_one_sequence_and_attributes_come_first(void **state)
{
    (void)state;
    struct frame *frame = frame_new(1, 9);
    frame_text(frame, 0, 0, 9, plain, "|ab|cd");
    frame_restyle(frame, 0, 1, 2, red);
    frame_restyle(frame, 0, 4, 3, bold_cyan);
    assert_written(frame, FRAME_ANSI, "|\x1b[31mab\x1b[0m|\x1b[1m\x1b[36mcd \x1b[0m\n");
    assert_written(frame, FRAME_PLAIN, "|ab|cd\n");
    frame_free(frame);
}

static void every_attribute_and_colour_has_its_sequence(void **state)
{
    (void)state;
    struct frame *frame = frame_new(1, 2);
    struct style all = { .fg = COLOUR_RGB, .rgb = 0x0102ff, .bg = COLOUR_BLACK, .attrs = 63 };
    frame_text(frame, 0, 0, 1, all, "x");
    frame_text(frame, 0, 1, 1, (struct style){ .fg = COLOUR_WHITE }, "y");
    assert_written(frame, FRAME_ANSI,
                   "\x1b[1m\x1b[2m\x1b[3m\x1b[4m\x1b[5m\x1b[7m\x1b[38;2;1;2;255m\x1b[40mx\x1b[0m"
                   "\x1b[37my\x1b[0m\n");
    frame_free(frame);
}

static void ascii_keeps_every_column(void **state)
{
    (void)state;
    static const char line[] = "╒═╤╕│─╴├█▏░▲▼⣿e\xcc\x81十\xef\xbf\xbd~";
    struct frame *frame = frame_new(1, 30);
    frame_text(frame, 0, 0, 30, red, line);
    frame_to_ascii(frame);
    assert_written(frame, FRAME_PLAIN, "+=++|--||||^v=e???~\n");
    assert_int_equal(frame_cell(frame, 0, 16)->style.fg, COLOUR_RED);
    frame_free(frame);
}

static void emphasis_adds_to_what_is_there(void **state)
{
    (void)state;
    struct frame *frame = frame_new(1, 4);
    frame_text(frame, 0, 0, 2, red, "ab");
    frame_text(frame, 0, 2, 2, bold_cyan, "cd");
    frame_emphasise(frame, 0, 1, 9, ATTR_DIM);
    frame_emphasise(frame, 1, 0, 4, ATTR_DIM); /* no such row */
    assert_int_equal(frame_cell(frame, 0, 0)->style.attrs, 0);
    assert_int_equal(frame_cell(frame, 0, 1)->style.attrs, ATTR_DIM);
    assert_int_equal(frame_cell(frame, 0, 1)->style.fg, COLOUR_RED);
    assert_int_equal(frame_cell(frame, 0, 3)->style.attrs, ATTR_BOLD | ATTR_DIM);
    frame_free(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emphasis_adds_to_what_is_there),
        cmocka_unit_test(text_is_clipped_to_its_room_and_to_the_frame),
        cmocka_unit_test(rows_outside_are_ignored),
        cmocka_unit_test(a_wide_character_that_would_be_split_leaves_a_blank),
        cmocka_unit_test(overwriting_half_a_wide_character_blanks_the_other_half),
        cmocka_unit_test(marks_join_their_base_and_joiners_vanish),
        cmocka_unit_test(a_pile_of_marks_stays_within_its_cell),
        cmocka_unit_test(equal_styles_share_one_sequence_and_attributes_come_first),
        cmocka_unit_test(every_attribute_and_colour_has_its_sequence),
        cmocka_unit_test(ascii_keeps_every_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
