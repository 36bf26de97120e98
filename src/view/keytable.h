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
    ON_LISTS = ON_MAIN | ON_TREE,
    ON_ANY = 127,
};

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
    ACTION_SORT,                                          /* + enum order_key */
    ACTION_SORT_REVERSED = ACTION_SORT + ORDER_KEY_COUNT, /* + enum order_key */
    ACTION_COUNT = ACTION_SORT_REVERSED + ORDER_KEY_COUNT,
};

/* Names of keys: a character as it is typed ("q", "^", "["), "Up" "Down" "Left" "Right" "Home"
 * "End" "PageUp" "PageDown" "Tab" "S-Tab" "Enter" "Esc" "Space" "Backspace" "Delete" "F1"…"F12",
 * "Ctrl-x", "Alt-x". A chord is "o" and one more character ("on"). Blank-separated. */
struct key_binding {
    const char *keys;
    unsigned contexts; /* of enum key_context */
    enum key_action action;
    const char *help; /* a few words; NULL: not on the help page */
};

extern const struct key_binding keytable[];
extern const size_t keytable_count;

#endif
