/* Completions for zsh: one specification of _arguments per option. */
#include "cmd/gen_docs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_table.h"

static const char *const actions[] = {
    [COMPLETE_NONE] = " ",      [COMPLETE_CHOICES] = NULL,
    [COMPLETE_FILE] = "_files", [COMPLETE_DIRECTORY] = "_files -/",
    [COMPLETE_USER] = "_users", [COMPLETE_PID] = "_pids",
    [COMPLETE_DEMO] = NULL,
};

/* Inside single quotes and, for `in_brackets`, inside [ ]. */
static void put_quoted(const char *text, bool in_brackets, struct str *out)
{
    for (; *text; text++) {
        if (*text == '\'')
            str_append(out, "'\\''");
        else if (in_brackets && strchr("[]\\", *text))
            str_printf(out, "\\%c", *text);
        else
            str_append_char(out, *text);
    }
}

static void put_action(const struct option_program *program, const struct option_row *row,
                       struct str *out)
{
    if (row->complete != COMPLETE_CHOICES) {
        if (row->complete == COMPLETE_DEMO)
            str_printf(out, "_%s_scenarios", program->name);
        else
            str_append(out, actions[row->complete]);
        return;
    }
    str_append_char(out, '(');
    option_offers(row, out);
    str_append_char(out, ')');
}

/* What a value is called: its word of the metavar, or the option's name for a list of choices. */
static void put_value_name(const struct option_row *row, unsigned index, struct str *out)
{
    const char *word = row->metavar ? row->metavar : option_long_name(row) + 2;
    while (index--)
        word += strcspn(word, " ") + 1;
    str_append_bytes(out, word, strcspn(word, " "));
}

static void put_values(const struct option_program *program, const struct option_row *row,
                       struct str *out)
{
    static const char *const starts[] = {
        [ARITY_NONE] = NULL, [ARITY_OPTIONAL] = "::", [ARITY_ATTACHED] = "::", [ARITY_ONE] = ":",
        [ARITY_EXACT] = ":", [ARITY_SOME] = ":*-*:",  [ARITY_ANY] = ":*-*:",
    };
    for (unsigned i = 0; starts[row->arity] && i < MAX_OF(row->exact, 1u); i++) {
        str_append(out, starts[row->arity]);
        put_value_name(row, i, out);
        str_append_char(out, ':');
        put_action(program, row, out);
    }
}

/* Names that can't be given any more after this one: its own, and those it excludes. */
static void put_exclusions(const struct option_program *program, const struct option_row *row,
                           struct str *out)
{
    str_append_char(out, '(');
    option_names(row, " ", out);
    for (size_t i = 0; row->exclusive && i < program->row_count; i++) {
        const struct option_row *other = &program->rows[i];
        if (other == row || other->exclusive != row->exclusive)
            continue;
        str_append_char(out, ' ');
        option_names(other, " ", out);
    }
    str_append_char(out, ')');
}

static void put_row(const struct option_program *program, const struct option_row *row,
                    struct str *out)
{
    struct str summary = { 0 };
    gen_summary(row, &summary);
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        str_append(out, " \\\n        '");
        put_exclusions(program, row, out);
        str_printf(out, "%s%s[", row->names[k], row->arity == ARITY_ATTACHED ? "=-" : "");
        put_quoted(str_text(&summary), true, out);
        str_append_char(out, ']');
        put_values(program, row, out);
        str_append_char(out, '\'');
    }
    str_done(&summary);
}

void gen_zsh(const struct option_program *program, struct str *out)
{
    str_printf(out,
               "#compdef %s\n"
               "# zsh completion for %s, generated from its table of options\n"
               "\n"
               "_%s_scenarios() {\n"
               "    local -a names\n"
               "    names=(list ${${(f)\"$(_call_program scenarios $words[1] --demo list "
               "2>/dev/null)\"}%%%%[[:space:]]*})\n"
               "    compadd -a names\n"
               "    _files -g '*.ini'\n"
               "}\n"
               "\n"
               "_%s() {\n"
               "    _arguments",
               program->name, program->name, program->name, program->name);
    for (size_t i = 0; i < program->row_count; i++)
        put_row(program, &program->rows[i], out);
    str_printf(out, "\n}\n\n_%s \"$@\"\n", program->name);
}
