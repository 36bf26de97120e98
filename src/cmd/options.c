/*
 * The parser. Every word is first told apart (option, value, separator), so that an ambiguous
 * option is an error wherever it stands; then the options take their values from left to right and
 * act at once: the first thing wrong, or the first --help, ends it. Words nobody takes are
 * collected and reported at the end.
 */
#include "cmd/options.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cmd/help.h"
#include "cmd/option_match.h"
#include "cmd/option_table.h"

struct parse {
    struct options_run *run;
    struct token *tokens;
    size_t token_count;
    const char **values; /* the words of the tokens, so that a list is a slice of it */
    bool *is_seen;       /* per row of the table */
    const char **extras;
    size_t extra_count;
    struct str message; /* what is wrong, without the program's name */
    enum options_result result;
};

const char *options_variable(const struct options_run *run, const char *name)
{
    size_t len = strlen(name);
    for (const char *const *entry = run->environment; entry && *entry; entry++)
        if (strncmp(*entry, name, len) == 0 && (*entry)[len] == '=')
            return *entry + len + 1;
    return NULL;
}

static void apply_variables(struct options_run *run)
{
    const struct option_program *program = run->program;
    for (size_t i = 0; i < program->variable_count; i++) {
        const char *value = options_variable(run, program->variables[i].name);
        if (value && program->variables[i].apply)
            program->variables[i].apply(run->settings, &run->arena, value);
    }
}

static bool complain(struct parse *parse, const struct option_row *row, const char *before,
                     const char *text)
{
    struct str *message = &parse->message;
    str_append(message, "argument ");
    option_names(row, "/", message);
    str_append(message, ": ");
    str_append(message, before);
    if (text)
        option_quote(text, message);
    parse->result = OPTIONS_EXIT_USAGE;
    return false;
}

static bool split(struct parse *parse, int argc, char *const argv[])
{
    struct arena *arena = &parse->run->arena;
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;
    parse->tokens = arena_array(arena, count + 1, sizeof(*parse->tokens));
    parse->values = arena_array(arena, count + 1, sizeof(*parse->values));
    parse->extras = arena_array(arena, count + 1, sizeof(*parse->extras));
    parse->is_seen = arena_array(arena, parse->run->program->row_count + 1, sizeof(bool));
    bool is_past_separator = false;
    for (size_t i = 0; i < count; i++) {
        const char *word = argv[i + 1];
        struct token *token = &parse->tokens[i];
        parse->values[i] = word;
        *token = (struct token){ .kind = TOKEN_VALUE, .word = word };
        if (is_past_separator)
            continue;
        if (strcmp(word, "--") == 0) {
            token->kind = TOKEN_SEPARATOR;
            is_past_separator = true;
        } else if (!option_match(parse->run->program, word, token, &parse->message)) {
            parse->result = OPTIONS_EXIT_USAGE;
            return false;
        }
    }
    parse->token_count = count;
    return true;
}

/* How many of `offered` values the option takes; false with a message if it needs more. */
static bool take_count(struct parse *parse, const struct option_row *row, size_t offered,
                       size_t *ret_count)
{
    switch (row->arity) {
    case ARITY_NONE: *ret_count = 0; return true;
    case ARITY_OPTIONAL:
    case ARITY_ATTACHED: *ret_count = MIN_OF(offered, (size_t)1); return true;
    case ARITY_ANY: *ret_count = offered; return true;
    case ARITY_ONE:
        *ret_count = 1;
        return offered >= 1 || complain(parse, row, "expected one argument", NULL);
    case ARITY_SOME:
        *ret_count = offered;
        return offered >= 1 || complain(parse, row, "expected at least one argument", NULL);
    case ARITY_EXACT: break;
    }
    *ret_count = row->exact;
    if (offered >= row->exact)
        return true;
    complain(parse, row, "expected ", NULL);
    str_printf(&parse->message, "%u argument%s", row->exact, row->exact == 1 ? "" : "s");
    return false;
}

static bool show(struct parse *parse, enum option_action action)
{
    const struct options_run *run = parse->run;
    if (action == OPTION_HELP)
        help_print(run->program, run->columns, run->is_colour, &parse->run->out);
    else
        str_printf(&parse->run->out, "%s %s\n", run->program->name, run->program->version);
    parse->result = OPTIONS_EXIT_OK;
    return false;
}

static bool check_exclusive(struct parse *parse, const struct option_row *row)
{
    const struct option_program *program = parse->run->program;
    parse->is_seen[row - program->rows] = true;
    for (size_t i = 0; row->exclusive && i < program->row_count; i++) {
        const struct option_row *other = &program->rows[i];
        if (other == row || other->exclusive != row->exclusive || !parse->is_seen[i])
            continue;
        complain(parse, row, "not allowed with argument ", NULL);
        option_names(other, "/", &parse->message);
        return false;
    }
    return true;
}

static bool act(struct parse *parse, const struct option_row *row, const char *const *values,
                size_t count)
{
    if (row->action != OPTION_SET)
        return show(parse, row->action);
    struct str why = { 0 };
    struct option_call call = { .row = row,
                                .settings = parse->run->settings,
                                .arena = &parse->run->arena,
                                .values = values,
                                .count = count,
                                .err = &why };
    bool is_set = row->set(&call);
    if (!is_set)
        complain(parse, row, str_text(&why), NULL);
    str_done(&why);
    return is_set && check_exclusive(parse, row);
}

/* One option as it stands in the line, with the flags clustered before it. */
struct taking {
    const struct option_row **flags;
    size_t flag_count;
    const struct option_row *row;
    const char *attached; /* what follows the letter or `=` in the same word */
    const char *const *values;
    size_t count;
};

/* Tells the flags of a word like -1co5 apart; what is left of it is `attached`. */
static bool walk_cluster(struct parse *parse, struct taking *taking)
{
    while (taking->attached && *taking->attached && taking->row->arity == ARITY_NONE) {
        const char name[] = { '-', *taking->attached, 0 };
        const struct option_row *next = option_by_name(parse->run->program, name);
        if (!next)
            return complain(parse, taking->row, "ignored explicit argument ", taking->attached);
        taking->flags[taking->flag_count++] = taking->row;
        taking->row = next;
        taking->attached = taking->attached[1] ? taking->attached + 1 : NULL;
    }
    return true;
}

static size_t count_values(const struct parse *parse, size_t from)
{
    size_t count = 0;
    while (from + count < parse->token_count && parse->tokens[from + count].kind == TOKEN_VALUE)
        count++;
    return count;
}

static bool find_values(struct parse *parse, size_t at, struct taking *taking)
{
    bool is_attached = taking->attached != NULL;
    bool is_alone = !is_attached && taking->row->arity == ARITY_ATTACHED;
    size_t offered = is_attached ? 1 : is_alone ? 0 : count_values(parse, at + 1);
    taking->values = is_attached ? &taking->attached : &parse->values[at + 1];
    if (!take_count(parse, taking->row, offered, &taking->count))
        return false;
    if (is_attached && taking->count != 1)
        return complain(parse, taking->row, "ignored explicit argument ", taking->attached);
    return true;
}

/* The option at *at with its values; *at moves behind them. A word acts only if all of it makes
 * sense. */
static bool take_option(struct parse *parse, size_t *at)
{
    const struct token *token = &parse->tokens[*at];
    struct taking taking = { .row = token->row, .attached = token->attached };
    taking.flags =
        arena_array(&parse->run->arena, strlen(token->word), sizeof(const struct option_row *));
    if (token->is_short && !walk_cluster(parse, &taking))
        return false;
    if (!find_values(parse, *at, &taking))
        return false;
    for (size_t i = 0; i < taking.flag_count; i++)
        if (!act(parse, taking.flags[i], NULL, 0))
            return false;
    *at += 1 + (taking.attached ? 0 : taking.count);
    return act(parse, taking.row, taking.values, taking.count);
}

static bool take_all(struct parse *parse)
{
    for (size_t at = 0; at < parse->token_count;) {
        const struct token *token = &parse->tokens[at];
        if (token->kind == TOKEN_OPTION && token->row) {
            if (!take_option(parse, &at))
                return false;
        } else {
            parse->extras[parse->extra_count++] = token->word;
            at++;
        }
    }
    return true;
}

static bool check_rest(struct parse *parse)
{
    struct options_run *run = parse->run;
    if (parse->extra_count)
        str_append(&parse->message, "unrecognized arguments:");
    for (size_t i = 0; i < parse->extra_count; i++) {
        const char *word = parse->extras[i];
        str_printf(&parse->message, " %s", utf8_printable(&run->arena, word, strlen(word)));
    }
    bool is_good = !parse->extra_count &&
                   (!run->program->check || run->program->check(run->settings, &parse->message));
    if (!is_good)
        parse->result = OPTIONS_EXIT_USAGE;
    return is_good;
}

enum options_result options_parse(struct options_run *run, int argc, char *const argv[])
{
    struct parse parse = { .run = run, .result = OPTIONS_RUN };
    apply_variables(run);
    if (split(&parse, argc, argv) && take_all(&parse))
        check_rest(&parse);
    if (parse.result == OPTIONS_EXIT_USAGE) {
        str_clear(&run->out);
        help_usage(run->program, run->columns, &run->err);
        str_printf(&run->err, "%s: error: %s\n", run->program->name, str_text(&parse.message));
    }
    str_done(&parse.message);
    return parse.result;
}

void options_done(struct options_run *run)
{
    arena_done(&run->arena);
    str_done(&run->out);
    str_done(&run->err);
    str_done(&run->warnings);
}
