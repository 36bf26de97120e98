/*
 * The decoder of what terminals send: the case file in one piece and byte by byte, the time an Esc
 * has, and settings. The clock is a number here.
 */
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "cases.h"
#include "tui/term.h"
#include "tui/term_input.h"

enum { ESC_MS = 25 };

static const char *const key_names[] = {
    "Up",     "Down",   "Left",  "Right", "Home", "End", "PageUp", "PageDown",
    "Insert", "Delete", "S-Tab", "F1",    "F2",   "F3",  "F4",     "F5",
    "F6",     "F7",     "F8",    "F9",    "F10",  "F11", "F12",    "unknown",
};
static_assert(ARRAY_LEN(key_names) == TERM_KEY_UNKNOWN - TERM_KEY_UP + 1, "one name per key");

static const char *const button_names[] = { "left", "right", "wheel-up", "wheel-down" };

static void append_code(struct str *out, uint32_t code)
{
    if (code < 0x800) {
        str_append_char(out, (char)(0xc0 | code >> 6));
    } else {
        if (code < 0x10000) {
            str_append_char(out, (char)(0xe0 | code >> 12));
        } else {
            str_append_char(out, (char)(0xf0 | code >> 18));
            str_append_char(out, (char)(0x80 | (code >> 12 & 63)));
        }
        str_append_char(out, (char)(0x80 | (code >> 6 & 63)));
    }
    str_append_char(out, (char)(0x80 | (code & 63)));
}

static void append_key(struct str *out, uint32_t key)
{
    static const struct {
        uint32_t key;
        const char *name;
    } named[] = {
        { 9, "Tab" }, { 13, "Enter" }, { 27, "Esc" }, { 32, "Space" }, { 127, "Backspace" }
    };
    for (size_t i = 0; i < ARRAY_LEN(named); i++) {
        if (named[i].key == key) {
            str_append(out, named[i].name);
            return;
        }
    }
    if (key >= TERM_KEY_UP)
        str_append(out, key <= TERM_KEY_UNKNOWN ? key_names[key - TERM_KEY_UP] : "out of range");
    else if (key < 32)
        str_printf(out, "Ctrl-%c", (int)key + '@');
    else if (key < 127)
        str_append_char(out, (char)key);
    else
        append_code(out, key);
}

static void append_event(struct str *out, const struct term_event *event)
{
    str_append(out, out->len ? " " : "");
    str_append(out, event->modifiers & TERM_CTRL ? "Ctrl-" : "");
    str_append(out, event->modifiers & TERM_ALT ? "Alt-" : "");
    str_append(out, event->modifiers & TERM_SHIFT ? "Shift-" : "");
    if (event->kind == TERM_MOUSE)
        str_printf(out, "%s %d,%d", button_names[event->button], event->row, event->column);
    else
        append_key(out, event->key);
}

static void add(struct term_input *input, const void *bytes, size_t len, uint64_t now_ns)
{
    size_t room;
    unsigned char *where = term_input_room(input, &room);
    assert_true(len <= room);
    memcpy(where, bytes, len);
    term_input_added(input, len, now_ns);
}

static void take(struct term_input *input, struct str *out)
{
    struct term_event event;
    while (term_input_next(input, &event))
        append_event(out, &event);
}

/* Lets the time go on until nothing is begun any more. */
static void wait_end(struct term_input *input, uint64_t now_ns, struct str *out)
{
    struct term_event event;
    int wait_ms = term_input_wait_ms(input, now_ns);
    if (wait_ms >= 0)
        str_append(out, out->len ? " ..." : "...");
    for (; wait_ms >= 0; wait_ms = term_input_wait_ms(input, now_ns)) {
        now_ns += (uint64_t)wait_ms * CLOCK_NS_PER_MS;
        assert_true(term_input_late(input, now_ns, &event));
        append_event(out, &event);
    }
    assert_false(term_input_next(input, &event));
    assert_false(term_input_late(input, now_ns + CLOCK_NS_PER_S, &event));
}

static char *decode(const char *bytes, size_t len)
{
    struct str whole = { 0 }, split = { 0 };
    struct term_input input = { .esc_ms = ESC_MS };
    add(&input, bytes, len, 1);
    take(&input, &whole);
    wait_end(&input, 1, &whole);
    for (size_t i = 0; i < len; i++) {
        struct term_event event;
        uint64_t now_ns = i * (ESC_MS - 1) * CLOCK_NS_PER_MS;
        assert_false(term_input_late(&input, now_ns, &event));
        add(&input, bytes + i, 1, now_ns);
        take(&input, &split);
    }
    wait_end(&input, len * CLOCK_NS_PER_S, &split);
    if (strcmp(str_text(&whole), str_text(&split)) != 0)
        str_printf(&whole, " (but byte by byte: %s)", str_text(&split));
    str_done(&split);
    return str_take(&whole);
}

static void test_cases(void **state)
{
    (void)state;
    assert_int_equal(cases_run("term-input", decode), 0);
}

static void test_esc_has_its_time(void **state)
{
    (void)state;
    struct term_input input = { .esc_ms = ESC_MS };
    struct term_event event;
    uint64_t pressed_ns = 7 * CLOCK_NS_PER_MS;
    assert_int_equal(term_input_wait_ms(&input, pressed_ns), -1);
    add(&input, "\033", 1, pressed_ns);
    assert_false(term_input_next(&input, &event));
    assert_int_equal(term_input_wait_ms(&input, pressed_ns), ESC_MS);
    assert_int_equal(term_input_wait_ms(&input, pressed_ns + 20 * CLOCK_NS_PER_MS), ESC_MS - 20);
    assert_false(term_input_late(&input, pressed_ns + ESC_MS * CLOCK_NS_PER_MS - 1, &event));
    assert_true(term_input_late(&input, pressed_ns + ESC_MS * CLOCK_NS_PER_MS, &event));
    assert_int_equal(event.key, 27);
    assert_int_equal(event.at_ns, pressed_ns);
    assert_int_equal(term_input_wait_ms(&input, pressed_ns), -1);
}

/* A slow line may cut a sequence in two: what follows is no key. */
static void test_a_sequence_has_more_time(void **state)
{
    (void)state;
    struct term_input input = { .esc_ms = ESC_MS };
    struct term_event event;
    add(&input, "\033[", 2, 0);
    assert_false(term_input_next(&input, &event));
    assert_false(term_input_late(&input, 10 * ESC_MS * CLOCK_NS_PER_MS, &event));
    add(&input, "A", 1, 10 * ESC_MS * CLOCK_NS_PER_MS);
    assert_true(term_input_next(&input, &event));
    assert_int_equal(event.key, TERM_KEY_UP);
}

/* On a busy machine the rest of a sequence may come after its Esc was given up on. */
static void test_the_rest_of_a_sequence_is_no_text(void **state)
{
    static const struct {
        const char *rest;
        unsigned after_ms;
        uint32_t keys[3];
    } cases[] = {
        { "[A", 40, { TERM_KEY_UP } },    { "OP", 40, { TERM_KEY_F1 } },
        { "[A", 2000, { '[', 'A' } },     { "[", 40, { '[' } },
        { "q[A", 40, { 'q', '[', 'A' } }, { "[6~k", 40, { TERM_KEY_PAGE_DOWN, 'k' } },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct term_input input = { .esc_ms = ESC_MS };
        struct term_event event;
        add(&input, "\033", 1, 5);
        assert_false(term_input_next(&input, &event));
        assert_true(term_input_late(&input, CLOCK_NS_PER_MS * (ESC_MS + 1), &event));
        assert_int_equal(event.key, 27);
        add(&input, cases[i].rest, strlen(cases[i].rest), cases[i].after_ms * CLOCK_NS_PER_MS);
        for (size_t j = 0; j < 3 && cases[i].keys[j]; j++) {
            assert_true(term_input_next(&input, &event));
            assert_int_equal(event.key, cases[i].keys[j]);
            assert_int_equal(event.modifiers, 0);
        }
        assert_false(term_input_next(&input, &event));
        assert_int_equal(term_input_wait_ms(&input, 5), -1);
    }
}

static void test_backspace_of_the_terminal(void **state)
{
    (void)state;
    struct term_input input = { .esc_ms = ESC_MS, .backspace = 8 };
    struct term_event event;
    add(&input, "\b", 1, 0);
    assert_true(term_input_next(&input, &event));
    assert_int_equal(event.key, 127);
}

/* Longer than the buffer, in as large pieces as fit. */
static void test_endless_strings(void **state)
{
    (void)state;
    struct term_input input = { .esc_ms = ESC_MS };
    struct term_event event;
    add(&input, "\033]", 2, 0);
    for (int i = 0; i < 1000; i++) {
        size_t room;
        assert_false(term_input_next(&input, &event));
        memset(term_input_room(&input, &room), 'K', TERM_INPUT_SIZE);
        assert_int_equal(room, TERM_INPUT_SIZE);
        term_input_added(&input, room, 0);
    }
    assert_false(term_input_next(&input, &event));
    add(&input, "\aj", 2, 0);
    assert_true(term_input_next(&input, &event));
    assert_int_equal(event.key, TERM_KEY_UNKNOWN);
    assert_true(term_input_next(&input, &event));
    assert_int_equal(event.key, 'j');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_esc_has_its_time),
        cmocka_unit_test(test_a_sequence_has_more_time),
        cmocka_unit_test(test_the_rest_of_a_sequence_is_no_text),
        cmocka_unit_test(test_backspace_of_the_terminal),
        cmocka_unit_test(test_endless_strings),
    };
    return cmocka_run_group_tests_name("term_input", tests, NULL, NULL);
}
