/* The command line and the environment of nvitop, from a case file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cases.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "settings_text.h"

enum { WORDS_MAX = 64 };

struct line {
    char *argv[WORDS_MAX];
    const char *environment[WORDS_MAX];
    int argc;
};

/* The next word; single quotes hold one together. NULL at the end. */
static char *next_word(struct arena *arena, const char **text)
{
    *text += strspn(*text, " ");
    if (!**text)
        return NULL;
    struct str word = { 0 };
    bool is_quoted = false;
    for (; **text && (is_quoted || **text != ' '); ++*text) {
        if (**text == '\'')
            is_quoted = !is_quoted;
        else
            str_append_char(&word, **text);
    }
    char *kept = arena_strdup(arena, str_text(&word));
    str_done(&word);
    return kept;
}

static bool is_assignment(const char *word)
{
    size_t len = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    return len && word[len] == '=';
}

/* `NAME=value … WORD …` */
static struct line split(struct arena *arena, const char *text)
{
    struct line line = { .argv = { arena_strdup(arena, "nvitop") }, .argc = 1 };
    size_t variable_count = 0;
    for (char *word; (word = next_word(arena, &text));) {
        assert_true(line.argc < WORDS_MAX - 1);
        if (line.argc == 1 && is_assignment(word))
            line.environment[variable_count++] = word;
        else
            line.argv[line.argc++] = word;
    }
    return line;
}

static void strip_newline(char *text)
{
    size_t len = strlen(text);
    if (len && text[len - 1] == '\n')
        text[len - 1] = 0;
}

static char *result_text(struct options_run *run, enum options_result result,
                         const struct nvitop_settings *settings)
{
    struct str text = { 0 };
    char *last;
    switch (result) {
    case OPTIONS_RUN:
        assert_int_equal(run->out.len + run->err.len, 0);
        settings_text(settings, &text);
        break;
    case OPTIONS_EXIT_OK:
        assert_int_equal(run->err.len, 0);
        str_append_bytes(&text, run->out.data, strcspn(run->out.data, " "));
        break;
    case OPTIONS_EXIT_USAGE:
        assert_int_equal(run->out.len, 0);
        assert_true(str_has_prefix(run->err.data, "usage: nvitop [--help]"));
        strip_newline(run->err.data);
        last = strrchr(run->err.data, '\n') + 1;
        assert_true(str_has_prefix(last, "nvitop: error: "));
        str_append(&text, last + strlen("nvitop: "));
    }
    return str_take(&text);
}

static char *options_case(const char *input, size_t len)
{
    (void)len;
    struct arena arena = { 0 };
    struct line line = split(&arena, input);
    struct options_run run = { .environment = line.environment, .columns = 80 };
    struct nvitop_settings settings;
    enum options_result result = options_nvitop_read(&run, &settings, line.argc, line.argv);
    char *text = result_text(&run, result, &settings);
    options_done(&run);
    arena_done(&arena);
    return text;
}

static void command_lines_mean_what_they_mean_to_the_original(void **state)
{
    (void)state;
    assert_int_equal(cases_run("options", options_case), 0);
}

static void variables_and_own_options(void **state)
{
    (void)state;
    assert_int_equal(cases_run("options-own", options_case), 0);
}

static char *quote_case(const char *input, size_t len)
{
    (void)len;
    struct str text = { 0 };
    option_quote(input, &text);
    return str_take(&text);
}

static void quoted_words_hold_no_control_byte(void **state)
{
    (void)state;
    assert_int_equal(cases_run("quote", quote_case), 0);
}

static enum options_result parse_one(const char *word, int columns, struct str *out,
                                     struct str *err)
{
    struct arena arena = { 0 };
    char *argv[] = { arena_strdup(&arena, "nvitop"), arena_strdup(&arena, word), NULL };
    struct options_run run = { .columns = columns };
    struct nvitop_settings settings;
    enum options_result result = options_nvitop_read(&run, &settings, 2, argv);
    str_append(out, str_text(&run.out));
    str_append(err, str_text(&run.err));
    options_done(&run);
    arena_done(&arena);
    return result;
}

static void an_error_line_holds_no_control_byte(void **state)
{
    static const char *const words[] = { "a\033[31mb\n",     "--on=\033]0;x\a", "-m\x9b\x33\x31m",
                                         "--\xff\xfe",       "-1\033",          "-o\r\n",
                                         "--interval=\b\x7f" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        struct str out = { 0 }, err = { 0 };
        assert_int_equal(parse_one(words[i], 80, &out, &err), OPTIONS_EXIT_USAGE);
        char *line = strstr(str_text(&err), "nvitop: error: ");
        strip_newline(line);
        struct arena arena = { 0 };
        assert_string_equal(line, utf8_printable(&arena, line, strlen(line)));
        arena_done(&arena);
        str_done(&out);
        str_done(&err);
    }
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        widest = MAX_OF(widest, len);
    }
    return widest;
}

static void help_wraps_two_columns_before_the_edge(void **state)
{
    static const int widths[] = { 80, 100, 132, 200 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        struct str out = { 0 }, err = { 0 };
        assert_int_equal(parse_one("-h", widths[i], &out, &err), OPTIONS_EXIT_OK);
        size_t widest = widest_line(str_text(&out));
        assert_true(widest <= (size_t)widths[i] - 2);
        assert_true(widest > (size_t)widths[i] - 14); /* and it does use the room */
        str_done(&out);
        str_done(&err);
    }
}

static void help_of_any_width_ends(void **state)
{
    (void)state;
    for (int columns = -3; columns < 50; columns++) {
        struct str out = { 0 }, err = { 0 };
        assert_int_equal(parse_one("-h", columns, &out, &err), OPTIONS_EXIT_OK);
        assert_non_null(strstr(str_text(&out), "--demo"));
        str_done(&out);
        str_done(&err);
    }
}

static void usage_line_begins_as_in_the_readme(void **state)
{
    static const char expected[] =
        "usage: nvitop [--help] [--version] [--once] [--monitor [{auto,full,compact,dense}]]\n"
        "              [--interval SEC] [--ascii] [--force-color] [--light] "
        "[--gpu-util-thresh th1 th2]\n"
        "              [--mem-util-thresh th1 th2] [--only idx [idx ...]] [--only-visible] "
        "[--compute]\n"
        "              [--graphics] [--user [USERNAME ...]] [--pid PID [PID ...]] [--readonly] ";
    (void)state;
    struct str out = { 0 }, err = { 0 };
    parse_one("-h", 100, &out, &err);
    assert_true(str_has_prefix(str_text(&out), expected));
    str_done(&out);
    str_done(&err);
}

static void help_colours_the_words_for_load(void **state)
{
    (void)state;
    struct nvitop_settings settings;
    char program[] = "nvitop", help[] = "-h", *argv[] = { program, help, NULL };
    struct options_run run = { .columns = 200, .is_colour = true };
    assert_int_equal(options_nvitop_read(&run, &settings, 2, argv), OPTIONS_EXIT_OK);
    assert_non_null(strstr(run.out.data, "\033[32mlight\033[0m"));
    assert_non_null(strstr(run.out.data, "\033[33mmoderate\033[0m"));
    assert_non_null(strstr(run.out.data, "\033[31mheavy\033[0m"));
    options_done(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(command_lines_mean_what_they_mean_to_the_original),
        cmocka_unit_test(variables_and_own_options),
        cmocka_unit_test(quoted_words_hold_no_control_byte),
        cmocka_unit_test(an_error_line_holds_no_control_byte),
        cmocka_unit_test(help_wraps_two_columns_before_the_edge),
        cmocka_unit_test(help_of_any_width_ends),
        cmocka_unit_test(usage_line_begins_as_in_the_readme),
        cmocka_unit_test(help_colours_the_words_for_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
