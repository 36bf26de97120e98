/* A reader of case files; see cases.h for the format. */
#include "cases.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 8192 };

static char *trim(char *text)
{
    while (*text == ' ')
        text++;
    size_t len = strlen(text);
    while (len && (text[len - 1] == ' ' || text[len - 1] == '\n'))
        text[--len] = 0;
    return strcmp(text, "\"\"") == 0 ? text + 2 : text;
}

/* Replaces escapes in place; returns the length. */
static size_t unescape(char *text)
{
    static const char from[] = "ent\\|", to[] = "\033\n\t\\|";
    char *put = text;
    for (char *at = text; *at; at++) {
        const char *known;
        if (*at != '\\' || !at[1]) {
            *put++ = *at;
        } else if (at[1] == 'x' && isxdigit((unsigned char)at[2]) &&
                   isxdigit((unsigned char)at[3])) {
            char hex[3] = { at[2], at[3], 0 };
            *put++ = (char)strtol(hex, NULL, 16);
            at += 3;
        } else if ((known = strchr(from, at[1]))) {
            *put++ = to[known - from];
            at++;
        } else {
            *put++ = *at;
        }
    }
    *put = 0;
    return (size_t)(put - text);
}

/* The bar between the parts: the first " | " that no backslash stands before. */
static char *find_bar(char *line)
{
    char *bar = strstr(line, " | ");
    return bar ? bar : strstr(line, " |\n");
}

static int run_line(const char *path, int number, char *line, cases_fn *fn)
{
    char *bar = find_bar(line);
    if (!bar) {
        fprintf(stderr, "%s:%d: no ` | ` in this case\n", path, number);
        return 1;
    }
    *bar = 0;
    char *input = trim(line), *expected = trim(bar + 2);
    size_t len = unescape(input);
    unescape(expected);
    char *got = fn(input, len);
    int is_wrong = strcmp(got, expected) != 0;
    if (is_wrong)
        fprintf(stderr, "%s:%d: expected `%s`, got `%s`\n", path, number, expected, got);
    free(got);
    return is_wrong;
}

int cases_run(const char *name, cases_fn *fn)
{
    const char *folder = getenv("NVITOP_CASES");
    char path[4096], line[LINE_SIZE];
    int failures = 0, cases = 0, number = 0;
    snprintf(path, sizeof(path), "%s/%s.case", folder ? folder : "tests/cases", name);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return 1;
    }
    while (fgets(line, sizeof(line), file)) {
        number++;
        if (*line == '#' || *line == '\n')
            continue;
        cases++;
        failures += run_line(path, number, line, fn);
    }
    fclose(file);
    return failures + !cases;
}
