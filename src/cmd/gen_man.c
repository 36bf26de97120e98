/* The manual page, in man(7) macros. Text is escaped at one place; options are bold, metavars
 * italic, and what stands between backquotes in a help text is bold too. */
#include "cmd/gen_docs.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/man_text.h"
#include "cmd/option_table.h"
#include "exporter/answer.h"
#include "view/keytable.h"

/* Brackets, braces, commas, dots and `=` stay upright; the words between them are italic. */
static void put_arguments(const struct option_row *row, struct str *out)
{
    struct str arguments = { 0 };
    option_arguments(row, &arguments);
    for (const char *at = str_text(&arguments); *at;) {
        size_t upright = strspn(at, " []{},.=");
        while (upright--)
            man_char(*at++, out);
        size_t word = strcspn(at, " []{},.=");
        if (word)
            str_printf(out, "\\fI%.*s\\fR", (int)word, at);
        at += word;
    }
    str_done(&arguments);
}

static void put_name(const char *name, struct str *out)
{
    str_append(out, "\\fB");
    man_text(name, out);
    str_append(out, "\\fR");
}

static void print_synopsis(const void *arg, struct str *out)
{
    const struct option_program *program = arg;
    put_name(program->name, out);
    str_append_char(out, '\n');
    for (int rank = RANK_README; rank <= RANK_OURS; rank++)
        for (size_t i = 0; i < program->row_count; i++) {
            const struct option_row *row = &program->rows[i];
            if ((int)row->rank != rank || row->is_joined)
                continue;
            for (const char *before = "["; row; row = option_joined(program, row), before = " | ") {
                str_append(out, before);
                put_name(row->names[0], out);
                put_arguments(row, out);
            }
            str_append(out, "]\\&\n"); /* no sentence ends here */
        }
}

static void print_row(const struct option_row *row, struct str *out)
{
    str_append(out, ".TP\n");
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        if (k)
            str_append(out, ", ");
        put_name(row->names[k], out);
        put_arguments(row, out);
    }
    str_append_char(out, '\n');
    struct str help = { 0 };
    option_help(row, &help);
    man_prose(str_text(&help), out);
    str_done(&help);
}

static void print_options(const void *arg, struct str *out)
{
    const struct option_program *program = arg;
    const char *group = "";
    for (size_t i = 0; i < program->row_count; i++) {
        if (strcmp(group, program->rows[i].group) != 0) {
            group = program->rows[i].group;
            str_append(out, ".SS ");
            man_text(group, out);
            str_append_char(out, '\n');
        }
        print_row(&program->rows[i], out);
    }
}

static void print_environment(const void *arg, struct str *out)
{
    const struct option_program *program = arg;
    for (size_t i = 0; i < program->variable_count; i++) {
        const struct option_variable *variable = &program->variables[i];
        str_append(out, ".TP\n");
        put_name(variable->name, out);
        str_append_char(out, '\n');
        man_prose(variable->help, out);
        str_append(out, "Values: ");
        man_text(variable->values, out);
        str_append(out, " (default: ");
        man_text(variable->otherwise, out);
        str_append(out, ").\n");
    }
}

/* `key = values`: a flag wants yes or no, an optional value is a must. */
static void put_setting(const struct option_row *row, struct str *out)
{
    struct option_row shown = *row;
    if (row->arity == ARITY_OPTIONAL || row->arity == ARITY_ATTACHED)
        shown.arity = ARITY_ONE;
    str_append(out, ".TP\n");
    put_name(row->key, out);
    str_append(out, " =");
    if (row->arity == ARITY_NONE)
        str_append(out, " \\fIyes\\fR or \\fIno\\fR");
    else
        put_arguments(&shown, out);
    str_append_char(out, '\n');
}

static void put_option(const struct option_row *row, const char *before, struct str *out)
{
    str_append(out, before);
    put_name(option_long_name(row), out);
    str_append(out, ".\n");
}

static void print_keys(const void *arg, struct str *out)
{
    const struct option_program *program = arg;
    for (size_t i = 0; i < program->row_count; i++)
        if (program->rows[i].key) {
            put_setting(&program->rows[i], out);
            put_option(&program->rows[i], "As ", out);
        }
}

/* The same with what the option does, for the page of the file. */
static void print_settings(const void *arg, struct str *out)
{
    const struct option_program *program = arg;
    for (size_t i = 0; i < program->row_count; i++) {
        const struct option_row *row = &program->rows[i];
        struct str help = { 0 };
        if (!row->key)
            continue;
        put_setting(row, out);
        option_help(row, &help);
        man_prose(str_text(&help), out);
        put_option(row, "On the command line: ", out);
        str_done(&help);
    }
}

/* ---- keys of the monitor ---- */

/* The names of a row of the key table, blank-separated there. */
static void put_key_names(const char *keys, bool is_first, struct str *out)
{
    for (; *keys; keys += strspn(keys, " ")) {
        char name[32];
        size_t len = strcspn(keys, " ");
        snprintf(name, sizeof(name), "%.*s", (int)len, keys);
        str_append(out, is_first ? "" : ", ");
        put_name(name, out);
        is_first = false;
        keys += len;
    }
}

static void put_places(unsigned contexts, struct str *out)
{
    const char *comma = ".br\nScreens: ";
    for (size_t i = 0; i < key_context_count; i++)
        if (contexts & (unsigned)key_contexts[i].context) {
            str_printf(out, "%s%s", comma, key_contexts[i].name);
            comma = ", ";
        }
    str_append(out, ".\n");
}

/* A row without words goes on with the row above. */
static void print_monitor_keys(const void *arg, struct str *out)
{
    (void)arg;
    for (size_t i = 0; i < keytable_count; i++) {
        const struct key_binding *row = &keytable[i];
        unsigned contexts = row->contexts;
        if (!row->help || !*row->help)
            continue;
        str_append(out, ".TP\n");
        put_key_names(*row->keys ? row->keys : row->label, true, out);
        for (size_t j = i + 1; j < keytable_count && !keytable[j].help; j++) {
            put_key_names(keytable[j].keys, false, out);
            contexts |= keytable[j].contexts;
        }
        str_append_char(out, '\n');
        man_text(row->help, out);
        str_append(out, ".\n");
        if (contexts != ON_MAIN)
            put_places(contexts, out);
    }
}

static void print_version(const void *arg, struct str *out)
{
    const struct option_program *program = arg;
    man_text(program->version, out);
}

/* ---- families of the exporter ---- */

#define HELP "# HELP "

/* A help text is one line of the exposition, without what is escaped there but quotes. */
static void print_metric(const char *line, size_t len, struct str *out)
{
    struct str text = { 0 };
    size_t name_len = strcspn(line, " ");
    str_append(out, ".TP\n.B ");
    str_append_bytes(out, line, name_len);
    str_append_char(out, '\n');
    for (size_t i = name_len + 1; i < len; i++)
        if (line[i] != '\\')
            str_append_char(&text, line[i]);
    man_prose(str_text(&text), out);
    str_done(&text);
}

static void print_metrics(const void *arg, struct str *out)
{
    struct str told = { 0 };
    (void)arg;
    answer_catalogue(&told);
    for (const char *line = str_text(&told); *line; line += strspn(line, "\n")) {
        size_t len = strcspn(line, "\n");
        if (str_has_prefix(line, HELP))
            print_metric(line + strlen(HELP), len - strlen(HELP), out);
        line += len;
    }
    str_done(&told);
}

static const struct man_part parts[] = {
    { "@SYNOPSIS@\n", print_synopsis },         { "@OPTIONS@\n", print_options },
    { "@ENVIRONMENT@\n", print_environment },   { "@KEYS@\n", print_keys },
    { "@MONITOR_KEYS@\n", print_monitor_keys }, { "@VERSION@", print_version },
    { "@METRICS@\n", print_metrics },           { "@SETTINGS@\n", print_settings },
};

const char *gen_man(const struct option_program *program, const char *template, struct str *out)
{
    return man_fill(template, parts, ARRAY_LEN(parts), program, out);
}
