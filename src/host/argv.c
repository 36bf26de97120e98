/*
 * Cutting and joining command lines, for the eye and not for a shell: an argument is quoted where
 * it would otherwise read as two or as something else. What comes out is printable.
 */
#include "argv.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

static void cut_at_blanks(char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] == ' ')
            bytes[i] = 0;
}

size_t argv_split(struct arena *arena, char *bytes, size_t len, const char *const **ret_argv)
{
    if (len == 0)
        return 0;
    bool is_ended = bytes[len - 1] == 0;
    if (is_ended || bytes[len - 1] == ' ')
        bytes[--len] = 0;
    if (!is_ended || !memchr(bytes, 0, len))
        cut_at_blanks(bytes, len);
    while (len > 0 && bytes[len - 1] == 0)
        len--;
    size_t count = 1;
    for (size_t i = 0; i < len; i++)
        count += bytes[i] == 0;
    const char **argv = arena_array(arena, count, sizeof(*argv));
    for (size_t i = 0; i < count; i++) {
        argv[i] = bytes;
        bytes += strlen(bytes) + 1;
    }
    *ret_argv = argv;
    return count;
}

const struct argv_quoting argv_quoting_posix = {
    .special = "$\\\n", .escape = '\\', .escaped = "\\\"$", .has_single = true
};
const struct argv_quoting argv_quoting_windows = {
    .special = "%^\n", .escape = '^', .escaped = "^\"%", .has_single = false
};

/* Inside double quotes. */
static void append_escaped(struct str *line, const char *text, const struct argv_quoting *quoting)
{
    str_append_char(line, '"');
    for (; *text; text++) {
        if (*text == '\n') {
            str_append(line, "\\n");
            continue;
        }
        if (strchr(quoting->escaped, *text))
            str_append_char(line, quoting->escape);
        str_append_char(line, *text);
    }
    str_append_char(line, '"');
}

static void append_between(struct str *line, const char *quote, const char *text)
{
    str_append(line, quote);
    str_append(line, text);
    str_append(line, quote);
}

static void append_argument(struct str *line, const char *text, const struct argv_quoting *quoting)
{
    bool is_plain = !strpbrk(text, quoting->special);
    if (!*text)
        str_append(line, "\"\"");
    else if (is_plain && !strchr(text, ' '))
        str_append(line, text);
    else if (is_plain && !strchr(text, '"'))
        append_between(line, "\"", text);
    else if (quoting->has_single && !strpbrk(text, "'\n"))
        append_between(line, "'", text);
    else
        append_escaped(line, text, quoting);
}

static void append_all(struct str *line, const char *const *argv, size_t argc,
                       const struct argv_quoting *quoting)
{
    for (size_t i = 0; i < argc; i++) {
        if (i > 0)
            str_append_char(line, ' ');
        append_argument(line, argv[i], quoting);
    }
}

char *argv_join(struct arena *arena, const char *const *argv, size_t argc, bool is_absolute_file,
                const struct argv_quoting *quoting)
{
    struct str line = { 0 };
    if (argc == 1 && !is_absolute_file)
        str_append(&line, argv[0]);
    else
        append_all(&line, argv, argc, quoting);
    char *text = utf8_printable(arena, str_text(&line), line.len);
    str_done(&line);
    return text;
}
