/*
 * What an option is: one row of a table. The parser, --help, the man page, the completions and
 * the configuration file all walk the same rows; a program is its rows and its variables.
 */
#ifndef NVITOP_CMD_OPTION_TABLE_H
#define NVITOP_CMD_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct option_row;
struct str;

/* How many values follow an option. Lists are greedy: they end at the next option. */
enum option_arity {
    ARITY_NONE,
    ARITY_OPTIONAL, /* none or one */
    ARITY_ATTACHED, /* none, or one behind `=`: what follows as a word of its own is another's */
    ARITY_ONE,
    ARITY_EXACT, /* option_row.exact of them */
    ARITY_SOME,  /* one or more */
    ARITY_ANY,   /* none or more */
};

enum option_action { OPTION_SET, OPTION_HELP, OPTION_VERSION };

/* Where an option comes from: orders the usage line. A prefix that fits an option of a lower rank
 * than ours never means one of ours. */
enum option_rank { RANK_README, RANK_LATER, RANK_OURS };

/* What a shell offers as the option's value. */
enum option_complete {
    COMPLETE_NONE,
    COMPLETE_CHOICES,
    COMPLETE_FILE,
    COMPLETE_DIRECTORY,
    COMPLETE_USER,
    COMPLETE_PID,
    COMPLETE_DEMO, /* scenario names and files */
};

/* One use of an option: its values in, the settings changed or `err` filled. */
struct option_call {
    const struct option_row *row;
    void *settings;
    struct arena *arena; /* what the settings point to lives here */
    const char *const *values;
    size_t count;
    bool is_default; /* from the configuration file, not from the command line */
    struct str *err;
};

struct option_row {
    const char *names[4];       /* in the order in which they are shown */
    const char *metavar;        /* "SEC"; one word per value for ARITY_EXACT; NULL: the choices */
    const char *const *choices; /* NULL-terminated */
    void (*offers)(struct str *out);   /* words, blanks between them, that a shell offers; NULL */
    bool (*set)(struct option_call *); /* false: *err says why and nothing was changed */
    size_t offset;                     /* of the member that the generic setters write */
    const char *group, *help;
    void (*help_list)(struct str *out); /* what the help ends with, before its full stop; NULL */
    const char *key;                    /* in the configuration file; NULL: not there */
    enum option_arity arity;
    unsigned exact;
    enum option_action action;
    enum option_rank rank;
    enum option_complete complete;
    int exclusive;  /* rows with the same number, not 0, can't be given together */
    bool is_joined; /* shown in one pair of brackets with the row before: [--sep SEP | --null] */
    bool has_load_words; /* light, moderate and heavy in its help are coloured */
};

struct option_variable {
    const char *name, *values, *otherwise, *help; /* the last three are for the man page */
    void (*apply)(void *settings, struct arena *arena, const char *value);
};

/* Rows of one group stand together; in a group lower ranks come first. */
struct option_program {
    const char *name, *version, *description, *epilogue;
    const struct option_row *rows;
    size_t row_count;
    const struct option_variable *variables;
    size_t variable_count;
    bool (*check)(const void *settings, struct str *err); /* after the command line; NULL: none */
};

/* ---- names ---- */

const struct option_row *option_by_name(const struct option_program *program, const char *name);
const struct option_row *option_by_key(const struct option_program *program, const char *key);
void option_names(const struct option_row *row, const char *between, struct str *out);
const char *option_long_name(const struct option_row *row); /* the first that begins with -- */
void option_metavar(const struct option_row *row, struct str *out);   /* one value: `SEC` */
void option_arguments(const struct option_row *row, struct str *out); /* ` idx [idx ...]` */

/* The next row of this one's pair of brackets in the usage line; NULL after the last. */
const struct option_row *option_joined(const struct option_program *program,
                                       const struct option_row *row);

void option_offers(const struct option_row *row, struct str *out); /* or its choices */

void option_help(const struct option_row *row, struct str *out); /* sentences, with full stops */

/* ---- values; all leave *ret alone on failure and say why in call->err ---- */

bool option_set_flag(struct option_call *call); /* bool at row->offset; no value means true */
bool option_set_text(struct option_call *call); /* const char * at row->offset; not empty */
bool option_choice(struct option_call *call, const char *value, int *ret_index);
bool option_positive(struct option_call *call, const char *value, double *ret_number);
bool option_seconds(struct option_call *call, const char *value,
                    double *ret_seconds); /* 0 or more */
/* A list, sorted and unique. A number past 63 bits is an error unless it may be huge; then it is
 * the greatest or least there is. */
bool option_integers(struct option_call *call, bool may_be_huge, int64_t **ret_list,
                     size_t *ret_count);
bool option_percents(struct option_call *call, int ret_pair[2]); /* two of 1..99, ascending */

/* A whole number as people type it: blanks around, a sign, digits, underscores between
 * digits. False if it is none or does not fit. */
bool option_parse_integer(const char *text, int64_t *ret_value);

/* 'text', quoted so that no control byte or invalid UTF-8 is left in it. */
void option_quote(const char *text, struct str *out);

#endif
