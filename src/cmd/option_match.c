/*
 * Which option a word means. In this order: the name itself, the name before `=`, a short option
 * with its value or its cluster attached, the beginning of exactly one name. Beginnings are looked
 * up among the original's options first, so new options never make an old habit ambiguous.
 * Negative numbers are values only while no option looks like one.
 */
#include "cmd/option_match.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/option_table.h"

struct search {
    const char *word;
    size_t prefix_len; /* up to `=` for a long name */
    bool is_ours;      /* look among our own options, else among the others */
    size_t found;
    struct token *token;
    struct str names; /* of all that fit */
};

static bool fits(struct search *search, const char *name, const char **ret_attached)
{
    const char *word = search->word;
    bool is_long = word[1] == '-';
    *ret_attached = is_long && word[search->prefix_len] ? word + search->prefix_len + 1 : NULL;
    if (!is_long && name[0] == '-' && name[1] == word[1] && !name[2]) {
        *ret_attached = word + 2;
        return true;
    }
    return strncmp(name, word, search->prefix_len) == 0;
}

static void search_row(struct search *search, const struct option_row *row)
{
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        const char *attached;
        if (!fits(search, row->names[k], &attached))
            continue;
        if (search->found++)
            str_append(&search->names, ", ");
        str_append(&search->names, row->names[k]);
        search->token->row = row;
        search->token->attached = attached;
    }
}

static void search_rows(struct search *search, const struct option_program *program)
{
    for (size_t i = 0; i < program->row_count; i++)
        if ((program->rows[i].rank == RANK_OURS) == search->is_ours)
            search_row(search, &program->rows[i]);
}

static void say_ambiguous(const struct search *search, struct str *err)
{
    struct arena arena = { 0 };
    str_printf(err, "ambiguous option: %s could match %s",
               utf8_printable(&arena, search->word, strlen(search->word)),
               str_text(&search->names));
    arena_done(&arena);
}

/* -5, -.5 and -1.5 */
static bool is_negative_number(const char *word)
{
    const char *at = word + 1;
    size_t whole = strspn(at, "0123456789");
    if (whole && !at[whole])
        return true;
    at += whole;
    if (*at++ != '.')
        return false;
    size_t part = strspn(at, "0123456789");
    return part && !at[part];
}

static bool has_number_option(const struct option_program *program)
{
    for (size_t i = 0; i < program->row_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(program->rows[i].names); k++)
            if (program->rows[i].names[k] && is_negative_number(program->rows[i].names[k]))
                return true;
    return false;
}

/* The name itself, or the name before `=`. */
static bool match_exactly(const struct option_program *program, struct token *token)
{
    if ((token->row = option_by_name(program, token->word)))
        return true;
    const char *equals = strchr(token->word, '=');
    if (!equals)
        return false;
    struct arena arena = { 0 };
    token->row =
        option_by_name(program, arena_strndup(&arena, token->word, (size_t)(equals - token->word)));
    arena_done(&arena);
    token->attached = token->row ? equals + 1 : NULL;
    return token->row != NULL;
}

static bool match_beginning(const struct option_program *program, struct token *token,
                            struct str *err)
{
    const char *word = token->word;
    size_t len = word[1] == '-' ? strcspn(word, "=") : strlen(word);
    struct search search = { .word = word, .prefix_len = len, .token = token };
    search_rows(&search, program);
    if (!search.found) {
        search.is_ours = true;
        search_rows(&search, program);
    }
    if (search.found > 1)
        say_ambiguous(&search, err);
    str_done(&search.names);
    return search.found <= 1;
}

bool option_match(const struct option_program *program, const char *word, struct token *ret_token,
                  struct str *err)
{
    *ret_token = (struct token){ .kind = TOKEN_VALUE, .word = word };
    if (word[0] != '-' || !word[1])
        return true;
    ret_token->is_short = word[1] != '-';
    if (!match_exactly(program, ret_token) && !match_beginning(program, ret_token, err))
        return false;
    bool is_number = is_negative_number(word) && !has_number_option(program);
    if (ret_token->row || (!is_number && !strchr(word, ' ')))
        ret_token->kind = TOKEN_OPTION;
    return true;
}
