/* Names of options, as typed and as shown. */
#include "cmd/option_table.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

const struct option_row *option_by_name(const struct option_program *program, const char *name)
{
    for (size_t i = 0; i < program->row_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(program->rows[i].names); k++)
            if (program->rows[i].names[k] && strcmp(program->rows[i].names[k], name) == 0)
                return &program->rows[i];
    return NULL;
}

const struct option_row *option_by_key(const struct option_program *program, const char *key)
{
    for (size_t i = 0; i < program->row_count; i++)
        if (program->rows[i].key && strcmp(program->rows[i].key, key) == 0)
            return &program->rows[i];
    return NULL;
}

void option_names(const struct option_row *row, const char *between, struct str *out)
{
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        if (k)
            str_append(out, between);
        str_append(out, row->names[k]);
    }
}

const char *option_long_name(const struct option_row *row)
{
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++)
        if (str_has_prefix(row->names[k], "--"))
            return row->names[k];
    return row->names[0];
}

const struct option_row *option_joined(const struct option_program *program,
                                       const struct option_row *row)
{
    const struct option_row *next = row + 1;
    return next < program->rows + program->row_count && next->is_joined ? next : NULL;
}

void option_help(const struct option_row *row, struct str *out)
{
    str_append(out, row->help);
    if (row->help_list) {
        row->help_list(out);
        str_append_char(out, '.');
    }
}

void option_metavar(const struct option_row *row, struct str *out)
{
    if (row->metavar || !row->choices) {
        str_append(out, row->metavar ? row->metavar : "VALUE");
        return;
    }
    for (size_t i = 0; row->choices[i]; i++) {
        str_append_char(out, i ? ',' : '{');
        str_append(out, row->choices[i]);
    }
    str_append_char(out, '}');
}

void option_offers(const struct option_row *row, struct str *out)
{
    if (row->offers)
        row->offers(out);
    for (size_t i = 0; !row->offers && row->choices && row->choices[i]; i++)
        str_printf(out, "%s%s", i ? " " : "", row->choices[i]);
}

void option_arguments(const struct option_row *row, struct str *out)
{
    static const struct {
        const char *before, *between, *after;
    } forms[] = {
        [ARITY_NONE] = { "", NULL, "" },        [ARITY_OPTIONAL] = { " [", NULL, "]" },
        [ARITY_ATTACHED] = { "[=", NULL, "]" }, [ARITY_ONE] = { " ", NULL, "" },
        [ARITY_EXACT] = { " ", NULL, "" },      [ARITY_SOME] = { " ", " [", " ...]" },
        [ARITY_ANY] = { " [", NULL, " ...]" },
    };
    if (row->arity == ARITY_NONE)
        return;
    str_append(out, forms[row->arity].before);
    option_metavar(row, out);
    if (forms[row->arity].between) {
        str_append(out, forms[row->arity].between);
        option_metavar(row, out);
    }
    str_append(out, forms[row->arity].after);
}
