/*
 * A program of the build, not installed:
 *   gen-docs PROGRAM man TEMPLATE | bash | zsh | fish | powershell
 *   gen-docs schema
 * prints the manual page or a shell's completions for the program, or the schema of the JSON, to
 * stdout.
 */
#include "cmd/gen_docs.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/gen_read.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/options_exporter.h"
#include "cmd/options_nvisel.h"
#include "report/schema.h"

enum { EXIT_GOOD = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2 };

static const struct option_program *const programs[] = { &options_nvitop, &options_nvisel,
                                                         &options_exporter };

static const struct {
    const char *name;
    void (*print)(const struct option_program *program, struct str *out);
} shells[] = {
    { "bash", gen_bash }, { "zsh", gen_zsh }, { "fish", gen_fish }, { "powershell", gen_powershell }
};

void gen_summary(const struct option_row *row, struct str *out)
{
    struct str text = { 0 };
    option_help(row, &text);
    for (const char *at = str_text(&text); *at && !(at[0] == '.' && (at[1] == ' ' || !at[1])); at++)
        if (*at != '`')
            str_append_char(out, *at);
    str_done(&text);
}

static int print_man(const struct option_program *program, const char *path, struct str *out)
{
    struct str template = { 0 };
    const char *unknown = NULL;
    int status = EXIT_TROUBLE;
    if (!gen_read("gen-docs", path, &template))
        status = EXIT_TROUBLE;
    else if ((unknown = gen_man(program, str_text(&template), out)))
        fprintf(stderr, "gen-docs: %s: unknown part %.*s\n", path, (int)strcspn(unknown, "\n"),
                unknown);
    else
        status = EXIT_GOOD;
    str_done(&template);
    return status;
}

static const struct option_program *find_program(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        if (strcmp(programs[i]->name, name) == 0)
            return programs[i];
    return NULL;
}

static int print_shell(const struct option_program *program, const char *shell, struct str *out)
{
    for (size_t i = 0; i < ARRAY_LEN(shells); i++)
        if (strcmp(shell, shells[i].name) == 0) {
            shells[i].print(program, out);
            return EXIT_GOOD;
        }
    return EXIT_USAGE;
}

int main(int argc, char *argv[])
{
    struct str out = { 0 };
    int status = EXIT_USAGE;
    const struct option_program *program = argc > 1 ? find_program(argv[1]) : NULL;
    if (argc == 2 && strcmp(argv[1], "schema") == 0) {
        schema_write(&out);
        status = EXIT_GOOD;
    } else if (program && argc == 4 && strcmp(argv[2], "man") == 0) {
        status = print_man(program, argv[3], &out);
    } else if (program && argc == 3) {
        status = print_shell(program, argv[2], &out);
    }
    if (status == EXIT_USAGE)
        fprintf(stderr, "usage: gen-docs PROGRAM man TEMPLATE | bash | zsh | fish | powershell\n"
                        "       gen-docs schema\n");
    else if (status == EXIT_GOOD && (fputs(str_text(&out), stdout) < 0 || fflush(stdout) != 0))
        status = EXIT_TROUBLE;
    str_done(&out);
    return status;
}
