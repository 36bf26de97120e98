/* Completions for fish: one `complete` line per option, and one more where a value may be left
 * out, because fish takes such values after `=` only. */
#include "cmd/gen_docs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_table.h"

static void put_quoted(const char *text, struct str *out)
{
    str_append_char(out, '\'');
    for (; *text; text++) {
        if (strchr("\\'", *text))
            str_append_char(out, '\\');
        str_append_char(out, *text);
    }
    str_append_char(out, '\'');
}

static void put_values(const struct option_program *program, const struct option_row *row,
                       struct str *out)
{
    switch (row->complete) {
    case COMPLETE_CHOICES:
        str_append(out, " -a '");
        option_offers(row, out);
        str_append_char(out, '\'');
        break;
    case COMPLETE_USER: str_append(out, " -a '(__fish_complete_users)'"); break;
    case COMPLETE_PID: str_append(out, " -a '(__fish_complete_pids)'"); break;
    case COMPLETE_DIRECTORY: str_append(out, " -a '(__fish_complete_directories)'"); break;
    case COMPLETE_DEMO:
        str_printf(
            out, " -F -a 'list (%s --demo list 2>/dev/null | string replace -r \"\\\\s.*\" \"\")'",
            program->name);
        break;
    case COMPLETE_FILE: str_append(out, " -F"); break;
    case COMPLETE_NONE: break;
    }
}

static void put_names(const struct option_row *row, struct str *out)
{
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        const char *name = row->names[k];
        if (name[1] == '-')
            str_printf(out, " -l %s", name + 2);
        else
            str_printf(out, " -%c %s", name[2] ? 'o' : 's', name + 1);
    }
}

/* Right behind the option, though fish does not know that a value may stand there. */
static void put_following(const struct option_program *program, const struct option_row *row,
                          struct str *out)
{
    str_printf(out, "complete -c %s -n 'contains -- (commandline -opc)[-1]", program->name);
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++)
        str_printf(out, " %s", row->names[k]);
    str_append_char(out, '\'');
    put_values(program, row, out);
    str_append_char(out, '\n');
}

static void put_row(const struct option_program *program, const struct option_row *row,
                    struct str *out)
{
    struct str summary = { 0 };
    bool may_be_left_out = row->arity == ARITY_OPTIONAL || row->arity == ARITY_ANY;
    str_printf(out, "complete -c %s", program->name);
    put_names(row, out);
    if (row->arity != ARITY_NONE && row->arity != ARITY_ATTACHED && !may_be_left_out)
        str_append(out, row->complete == COMPLETE_FILE ? " -r" : " -x"); /* -x: no file names */
    put_values(program, row, out);
    gen_summary(row, &summary);
    str_append(out, " -d ");
    put_quoted(str_text(&summary), out);
    str_append_char(out, '\n');
    str_done(&summary);
    if (may_be_left_out)
        put_following(program, row, out);
}

void gen_fish(const struct option_program *program, struct str *out)
{
    str_printf(out,
               "# fish completion for %s, generated from its table of options\n"
               "complete -c %s -f\n",
               program->name, program->name);
    for (size_t i = 0; i < program->row_count; i++)
        put_row(program, &program->rows[i], out);
}
