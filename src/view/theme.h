/* Which colour means what. A style is always asked of a theme, never written down elsewhere. */
#ifndef NVITOP_VIEW_THEME_H
#define NVITOP_VIEW_THEME_H

#include <stdbool.h>

#include "base/value.h"
#include "view/frame.h"

enum theme_kind {
    THEME_DARK,
    THEME_LIGHT, /* reversed coloured text has a black background */
    THEME_NONE,  /* attributes only */
};

enum theme_role {
    ROLE_PLAIN,
    ROLE_LIGHT_LOAD,
    ROLE_MODERATE_LOAD,
    ROLE_HEAVY_LOAD,
    ROLE_TROUBLE, /* a GPU that is lost or does not answer */
    ROLE_CPU,
    ROLE_HOST_MEMORY,
    ROLE_SWAP,
    ROLE_LOAD_AVERAGE,
    ROLE_USER,
    ROLE_SUPERUSER,
    ROLE_AT, /* between user and host name */
    ROLE_HOSTNAME,
    ROLE_ALARM,    /* a mark that must not be overlooked */
    ROLE_WARNING,  /* the sentence beside it */
    ROLE_SIGNAL,   /* a signal, where it is named */
    ROLE_DANGER,   /* a button that sends one */
    ROLE_NOTICE,   /* what the program has to say */
    ROLE_REFUSAL,  /* what it has not done */
    ROLE_EMPHASIS, /* a word in a sentence or a heading */
    ROLE_SORTED,   /* the heading of the column that orders the list */
    ROLE_SELECTED, /* reversed: the row that keys act on */
    ROLE_TAGGED,   /* rows that keys act on together */
    ROLE_TWIN,     /* the selected process on another GPU */
    ROLE_FOREIGN,  /* somebody else's process */
    ROLE_GONE,     /* the process is not there */
    ROLE_CAUTION,  /* the process is there, but */
    ROLE_KEY,      /* a key to press, where it is named */
    ROLE_PAUSED,   /* what is shown is not of now */
    ROLE_FAINT,    /* what explains the rest */
    ROLE_TITLE,    /* headings and cursors of the screens beside the main one */
    ROLE_BRANCH,   /* lines of the tree; reversed, its selected row */
    ROLE_VARIABLE,
    ROLE_EQUALS,     /* between a variable and what it is set to */
    ROLE_LIGHT_WORD, /* the words for the loads, in the help */
    ROLE_MODERATE_WORD,
    ROLE_HEAVY_WORD,
    ROLE_LETTER,      /* the letter of a word that stands for it */
    ROLE_KEY_PROGRAM, /* keys in the help, by what they do */
    ROLE_KEY_ASIDE,
    ROLE_KEY_ORDER,
    ROLE_COUNT
};

struct theme {
    enum theme_kind kind;
    bool is_gradient;      /* bars run through the spectrum */
    int gpu_thresholds[2]; /* ascending percent: moderate from, heavy from */
    int memory_thresholds[2];
};

struct style theme_style(const struct theme *theme, enum theme_role role);

/* The same in reverse video. */
struct style theme_reverse(const struct theme *theme, struct style style);

/* The same on the button that is the current one: its colour goes behind the letters. */
struct style theme_pressed(struct style style);

/* The same on the letter of a word that is its key. */
struct style theme_letter(struct style style);

/* The spectrum at x in 0 … 1, green over red to purple. */
struct style theme_gradient(const struct theme *theme, double x);

/* How hard something is used: a percentage against two thresholds. Not available is moderate. */
enum theme_role theme_load(struct value percent, const int thresholds[2]);

#endif
