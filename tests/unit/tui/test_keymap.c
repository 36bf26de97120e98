/*
 * Keys and what they do: the case file says it by hand for every key in every place, and the table
 * must agree in both directions.
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
#include "base/utf8.h"
#include "cases.h"
#include "tui/keymap.h"
#include "tui/term.h"

static const char *const action_names[ACTION_SORT] = {
    [ACTION_NONE] = "-",
    [ACTION_QUIT] = "quit",
    [ACTION_HELP] = "help",
    [ACTION_MODE_AUTO] = "mode auto",
    [ACTION_MODE_FULL] = "mode full",
    [ACTION_MODE_COMPACT] = "mode compact",
    [ACTION_MODE_DENSE] = "mode dense",
    [ACTION_REFRESH] = "refresh",
    [ACTION_REDRAW] = "redraw",
    [ACTION_UP] = "up",
    [ACTION_DOWN] = "down",
    [ACTION_FIRST] = "first",
    [ACTION_LAST] = "last",
    [ACTION_LEFT] = "left",
    [ACTION_RIGHT] = "right",
    [ACTION_LINE_START] = "line start",
    [ACTION_LINE_END] = "line end",
    [ACTION_PAGE_UP] = "page up",
    [ACTION_PAGE_DOWN] = "page down",
    [ACTION_CLEAR] = "clear",
    [ACTION_TAG] = "tag",
    [ACTION_METRICS] = "metrics",
    [ACTION_INTERRUPT] = "interrupt",
    [ACTION_TERMINATE] = "terminate",
    [ACTION_KILL] = "kill",
    [ACTION_ENVIRON] = "environ",
    [ACTION_TREE] = "tree",
    [ACTION_SORT_PREVIOUS] = "sort previous",
    [ACTION_SORT_NEXT] = "sort next",
    [ACTION_SORT_INVERT] = "sort invert",
    [ACTION_PAUSE] = "pause",
    [ACTION_SEARCH] = "search",
    [ACTION_HOST] = "host",
    [ACTION_SETUP] = "setup",
    [ACTION_PCIE] = "pcie",
    [ACTION_WHY] = "why",
    [ACTION_CANCEL] = "cancel",
    [ACTION_PRESS] = "press",
};

static const char *const order_names[ORDER_KEY_COUNT] = { "natural",    "pid",         "user",
                                                          "gpu memory", "sm",          "gmbw",
                                                          "cpu",        "host memory", "time" };

static const struct {
    const char *name;
    uint32_t key;
} keys[] = {
    { "Up", TERM_KEY_UP },
    { "Down", TERM_KEY_DOWN },
    { "Left", TERM_KEY_LEFT },
    { "Right", TERM_KEY_RIGHT },
    { "Home", TERM_KEY_HOME },
    { "End", TERM_KEY_END },
    { "PageUp", TERM_KEY_PAGE_UP },
    { "PageDown", TERM_KEY_PAGE_DOWN },
    { "S-Tab", TERM_KEY_BACK_TAB },
    { "Tab", 9 },
    { "Enter", 13 },
    { "Esc", 27 },
    { "Space", ' ' },
    { "Backspace", 127 },
    { "Delete", TERM_KEY_DELETE },
};

/* What the terminal reports for a key that is called so. */
static struct term_event event_of(const char *name)
{
    struct term_event event = { .kind = TERM_KEY };
    unsigned number;
    if (str_has_prefix(name, "Alt-")) {
        event.modifiers = TERM_ALT;
        name += strlen("Alt-");
    }
    if (str_has_prefix(name, "Ctrl-")) {
        name += strlen("Ctrl-");
        if (!name[1]) {
            event.key = (uint32_t)(*name - 'A' + 1);
            return event;
        }
        event.modifiers |= TERM_CTRL;
    }
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (strcmp(keys[i].name, name) == 0)
            event.key = keys[i].key;
    if (!event.key && name[1] && sscanf(name, "F%u", &number) == 1)
        event.key = TERM_KEY_F1 + number - 1;
    if (!event.key)
        utf8_decode(name, strlen(name), &event.key);
    return event;
}

static const char *action_text(enum key_action action, char ret_text[32])
{
    if (action < ACTION_SORT)
        return action_names[action];
    bool is_reversed = action >= ACTION_SORT_REVERSED;
    int key = (int)action - (is_reversed ? ACTION_SORT_REVERSED : ACTION_SORT);
    snprintf(ret_text, 32, "%s %s", is_reversed ? "reversed" : "sort", order_names[key]);
    return ret_text;
}

/* Every key in every place that a case names, as "place key" or "place chord". */
static char *named[1024];
static size_t named_count;

static void remember(const char *place, const char *name)
{
    struct str text = { 0 };
    str_printf(&text, "%s %s", place, name);
    assert_true(named_count < ARRAY_LEN(named));
    named[named_count++] = str_take(&text);
}

static bool is_named(const char *place, const char *name)
{
    char text[64];
    snprintf(text, sizeof(text), "%s %s", place, name);
    for (size_t i = 0; i < named_count; i++)
        if (strcmp(named[i], text) == 0)
            return true;
    return false;
}

static void press_all(const char *place, enum key_context context, const char *names,
                      struct str *out)
{
    char line[256], last[32] = "", action[32];
    struct keymap keymap = { 0 };
    snprintf(line, sizeof(line), "%s", names);
    for (char *rest = line, *name; (name = strtok_r(rest, " ", &rest));) {
        struct term_event event = event_of(name);
        str_printf(out, "%s%s", *last ? " " : "",
                   action_text(keymap_action(&keymap, &event, context), action));
        if (strcmp(last, "o") == 0)
            snprintf(last, sizeof(last), "o%.8s", name);
        else
            snprintf(last, sizeof(last), "%s", name);
        remember(place, last);
    }
}

static char *keymap_case(const char *input, size_t len)
{
    struct str all = { 0 };
    (void)len;
    const char *names = strchr(input, ' ');
    assert_non_null(names);
    for (size_t i = 0; i < key_context_count; i++) {
        char list[128], word[32];
        snprintf(list, sizeof(list), ",%.*s,", (int)(names - input), input);
        snprintf(word, sizeof(word), ",%s,", key_contexts[i].name);
        if (!strstr(list, word))
            continue;
        struct str one = { 0 };
        press_all(key_contexts[i].name, key_contexts[i].context, names + 1, &one);
        if (all.len && strcmp(str_text(&all), str_text(&one)) != 0)
            str_printf(&all, "; on %s %s", key_contexts[i].name, str_text(&one));
        else if (!all.len)
            str_append(&all, str_text(&one));
        str_done(&one);
    }
    return str_take(&all);
}

static void keys_do_what_the_cases_say(void **state)
{
    (void)state;
    assert_int_equal(cases_run("keymap", keymap_case), 0);
}

/* A key of the table that no case names is a key nobody thought about. */
static void every_key_of_the_table_has_a_case(void **state)
{
    (void)state;
    int missing = 0;
    for (size_t i = 0; i < keytable_count; i++)
        for (size_t p = 0; p < key_context_count; p++) {
            char line[64], *rest = line, *name;
            if (!(keytable[i].contexts & (unsigned)key_contexts[p].context))
                continue;
            snprintf(line, sizeof(line), "%s", keytable[i].keys);
            while ((name = strtok_r(rest, " ", &rest)))
                if (!is_named(key_contexts[p].name, name)) {
                    fprintf(stderr, "no case for %s on %s\n", name, key_contexts[p].name);
                    missing++;
                }
        }
    assert_int_equal(missing, 0);
}

/* Each has its one bit and its own name, and can be left. */
static void every_place_is_named_and_can_be_left(void **state)
{
    (void)state;
    for (size_t p = 0; p < key_context_count; p++) {
        size_t i = 0;
        assert_int_equal(key_contexts[p].context, 1 << p);
        for (size_t q = 0; q < p; q++)
            assert_string_not_equal(key_contexts[p].name, key_contexts[q].name);
        while (i < keytable_count && !(keytable[i].action == ACTION_QUIT && *keytable[i].keys &&
                                       keytable[i].contexts & 1u << p))
            i++;
        assert_true(i < keytable_count);
    }
}

static void a_key_does_one_thing_in_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < keytable_count; i++)
        for (size_t j = i + 1; j < keytable_count; j++) {
            char line[64], padded[64], word[32], *rest = line, *name;
            if (!(keytable[i].contexts & keytable[j].contexts))
                continue;
            snprintf(line, sizeof(line), "%s", keytable[i].keys);
            snprintf(padded, sizeof(padded), " %s ", keytable[j].keys);
            while ((name = strtok_r(rest, " ", &rest))) {
                snprintf(word, sizeof(word), " %s ", name);
                assert_null(strstr(padded, word));
            }
        }
}

/* Ours; those that stood alone in the original stay. */
static void no_letter_of_a_chord_became_a_key(void **state)
{
    (void)state;
    for (const char *letter = "nupgsbm"; *letter; letter++) {
        struct keymap keymap = { 0 };
        struct term_event event = { .kind = TERM_KEY, .key = (uint32_t)*letter };
        assert_int_equal(keymap_action(&keymap, &event, ON_MAIN), ACTION_NONE);
    }
}

static void every_action_has_a_key(void **state)
{
    (void)state;
    for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        size_t i = 0;
        assert_true(action >= ACTION_SORT || action_names[action]);
        while (i < keytable_count && (int)keytable[i].action != action)
            i++;
        assert_true(i < keytable_count);
    }
}

static void unknown_sequences_and_shift_tab(void **state)
{
    (void)state;
    char name[KEY_NAME_SIZE];
    struct term_event unknown = { .kind = TERM_KEY, .key = TERM_KEY_UNKNOWN };
    keymap_name(&unknown, name);
    assert_string_equal(name, "");
    struct term_event tab = { .kind = TERM_KEY, .key = 9, .modifiers = TERM_SHIFT };
    keymap_name(&tab, name);
    assert_string_equal(name, "S-Tab");
    struct term_event ctrl = { .kind = TERM_KEY, .key = 'c', .modifiers = TERM_CTRL };
    keymap_name(&ctrl, name);
    assert_string_equal(name, "Ctrl-C");
    struct term_event newline = { .kind = TERM_KEY, .key = 10 };
    keymap_name(&newline, name);
    assert_string_equal(name, "Enter");
}

static int forget(void **state)
{
    (void)state;
    while (named_count)
        free(named[--named_count]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_do_what_the_cases_say),
        cmocka_unit_test(every_key_of_the_table_has_a_case),
        cmocka_unit_test(every_place_is_named_and_can_be_left),
        cmocka_unit_test(a_key_does_one_thing_in_a_place),
        cmocka_unit_test(no_letter_of_a_chord_became_a_key),
        cmocka_unit_test(every_action_has_a_key),
        cmocka_unit_test(unknown_sequences_and_shift_tab),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
