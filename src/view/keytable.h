/*
 * The keys, one row each: what is pressed, where it works, what it does, what the help says. The
 * help page and the manual are printed from these rows, and `tui/keymap` looks keys up in them.
 */
#ifndef NVITOP_VIEW_KEYTABLE_H
#define NVITOP_VIEW_KEYTABLE_H

#include <stddef.h>

#include "core/order.h"

enum key_context {
    ON_MAIN = 1,
    ON_TREE = 2,
    ON_ENVIRON = 4,
    ON_METRICS = 8,
    ON_DEVICE = 16, /* why values of a device are not available */
    ON_SETUP = 32,
    ON_HELP = 64,
    ON_BOX = 128, /* the question before a signal */
    ON_END,       /* no context: one more than the last */
    ON_LISTS = ON_MAIN | ON_TREE,
    ON_ANY = 2 * (ON_END - 1) - 1,
};

/* What a context is called in the manual; one row each, ascending. */
struct key_context_name {
    enum key_context context;
    const char *name;
};

extern const struct key_context_name key_contexts[];
extern const size_t key_context_count;

enum key_action {
    ACTION_NONE, /* a row of the help only (wheel, wildcards) */
    ACTION_QUIT, /* or back to the screen before */
    ACTION_HELP,
    ACTION_MODE_AUTO,
    ACTION_MODE_FULL,
    ACTION_MODE_COMPACT,
    ACTION_MODE_DENSE,
    ACTION_REFRESH,
    ACTION_REDRAW,
    ACTION_UP,
    ACTION_DOWN,
    ACTION_FIRST,
    ACTION_LAST,
    ACTION_LEFT,
    ACTION_RIGHT,
    ACTION_LINE_START,
    ACTION_LINE_END,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_CLEAR,
    ACTION_TAG,
    ACTION_METRICS,
    ACTION_INTERRUPT,
    ACTION_TERMINATE,
    ACTION_KILL,
    ACTION_ENVIRON,
    ACTION_TREE,
    ACTION_SORT_PREVIOUS,
    ACTION_SORT_NEXT,
    ACTION_SORT_INVERT,
    ACTION_PAUSE,
    ACTION_SEARCH,
    ACTION_HOST,
    ACTION_SETUP,
    ACTION_PCIE,
    ACTION_WHY,
    ACTION_CANCEL,                                        /* the button that sends nothing */
    ACTION_PRESS,                                         /* the button that is marked */
    ACTION_SORT,                                          /* + enum order_key */
    ACTION_SORT_REVERSED = ACTION_SORT + ORDER_KEY_COUNT, /* + enum order_key */
    ACTION_COUNT = ACTION_SORT_REVERSED + ORDER_KEY_COUNT,
};

/* Where a key stands on the help page: blocks of two columns, each filled from the top. */
enum key_place {
    PLACE_NONE,
    PLACE_PROGRAM_LEFT,
    PLACE_PROGRAM_RIGHT,
    PLACE_LIST_LEFT,
    PLACE_LIST_RIGHT,
    PLACE_WHEEL_LEFT,
    PLACE_WHEEL_RIGHT,
    PLACE_SORT_LEFT,
    PLACE_SORT_RIGHT,
    PLACE_MORE_LEFT,
    PLACE_MORE_RIGHT,
    PLACE_COUNT,
};

/* What kind of thing a key does: its colour there. */
enum key_tone { TONE_PROGRAM, TONE_MOVE, TONE_CHOOSE, TONE_SIGNAL, TONE_ASIDE, TONE_ORDER };

/* Names of keys: a character as it is typed ("q", "^", "["), "Up" "Down" "Left" "Right" "Home"
 * "End" "PageUp" "PageDown" "Tab" "S-Tab" "Enter" "Esc" "Space" "Backspace" "Delete" "F1"…"F12",
 * "Ctrl-X", "Alt-x". A chord is "o" and one more character ("on"). Blank-separated. */
struct key_binding {
    const char *keys;  /* "": a row of the help only */
    unsigned contexts; /* of enum key_context */
    enum key_action action;
    enum key_place place;
    enum key_tone tone;
    const char *label; /* the keys' name on the help page; "" leaves a row empty */
    const char *help;  /* a few words; NULL: the row goes on with what the row above says */
};

extern const struct key_binding keytable[];
extern const size_t keytable_count;

#endif
