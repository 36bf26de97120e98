/* What one word of a command line is, before any option takes its values. */
#ifndef NVITOP_CMD_OPTION_MATCH_H
#define NVITOP_CMD_OPTION_MATCH_H

#include <stdbool.h>

struct option_program;
struct option_row;
struct str;

enum token_kind { TOKEN_VALUE, TOKEN_OPTION, TOKEN_SEPARATOR };

struct token {
    enum token_kind kind;
    const struct option_row *row; /* TOKEN_OPTION: NULL if there is no such option */
    const char *word;             /* as typed */
    const char *attached;         /* the value in the same word, NULL if none */
    bool is_short;                /* typed with one dash: a tail may be more options */
};

/* False if the word fits several options; *err says which. The separator `--` is the caller's. */
bool option_match(const struct option_program *program, const char *word, struct token *ret_token,
                  struct str *err);

#endif
