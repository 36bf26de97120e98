/* From what was pressed to what it does: the key table, looked up by place. */
#ifndef NVITOP_TUI_KEYMAP_H
#define NVITOP_TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "view/keytable.h"

struct term_event;

enum { KEY_NAME_SIZE = 16 };

/* What has been typed of a chord. {0} at the start, and whenever the place changes. */
struct keymap {
    bool is_begun; /* the "o" */
};

/* The key's name as in the key table; "" for one that has none. */
void keymap_name(const struct term_event *event, char ret_name[KEY_NAME_SIZE]);

/* Is that name among blank-separated ones? */
bool keymap_lists(const char *keys, const char *name);

/* Digits, unknown keys, the first key of a chord, and one that ends no chord: ACTION_NONE. */
enum key_action keymap_action(struct keymap *keymap, const struct term_event *event,
                              enum key_context context);

#endif
