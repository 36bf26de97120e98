/*
 * A program of the build, not installed:
 *   gen-docs man TEMPLATE | bash | zsh | fish
 * prints the manual page or a shell's completions for nvitop to stdout.
 */
#include "cmd/gen_docs.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_table.h"
#include "cmd/options.h"

enum { EXIT_GOOD = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2 };

static const struct {
    const char *name;
    void (*print)(const struct option_program *program, struct str *out);
} shells[] = { { "bash", gen_bash }, { "zsh", gen_zsh }, { "fish", gen_fish } };

void gen_summary(const struct option_row *row, struct str *out)
{
    struct str text = { 0 };
    option_help(row, &text);
    for (const char *at = str_text(&text); *at && !(at[0] == '.' && (at[1] == ' ' || !at[1])); at++)
        if (*at != '`')
            str_append_char(out, *at);
    str_done(&text);
}

static int read_file(const char *path, struct str *text)
{
    char chunk[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        str_append_bytes(text, chunk, got);
    int is_bad = ferror(file);
    fclose(file);
    return is_bad ? -1 : 0;
}

static int print_man(const char *path, struct str *out)
{
    struct str template = { 0 };
    const char *unknown = NULL;
    int status = EXIT_TROUBLE;
    if (read_file(path, &template) < 0)
        fprintf(stderr, "gen-docs: cannot read %s\n", path);
    else if ((unknown = gen_man(&options_nvitop, str_text(&template), out)))
        fprintf(stderr, "gen-docs: %s: unknown part %.*s\n", path, (int)strcspn(unknown, "\n"),
                unknown);
    else
        status = EXIT_GOOD;
    str_done(&template);
    return status;
}

int main(int argc, char *argv[])
{
    struct str out = { 0 };
    int status = EXIT_USAGE;
    if (argc == 3 && strcmp(argv[1], "man") == 0)
        status = print_man(argv[2], &out);
    for (size_t i = 0; argc == 2 && i < ARRAY_LEN(shells); i++)
        if (strcmp(argv[1], shells[i].name) == 0) {
            shells[i].print(&options_nvitop, &out);
            status = EXIT_GOOD;
        }
    if (status == EXIT_USAGE)
        fprintf(stderr, "usage: gen-docs man TEMPLATE | bash | zsh | fish\n");
    else if (status == EXIT_GOOD && (fputs(str_text(&out), stdout) < 0 || fflush(stdout) != 0))
        status = EXIT_TROUBLE;
    str_done(&out);
    return status;
}
