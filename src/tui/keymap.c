/*
 * A key is named, and the name is looked up in the table. A key that begins a chord is kept until
 * the next one; a key that ends no chord is used up with it, so a mistyped order starts nothing.
 * Digits are counts in the original and do nothing on the pages: no row has them there.
 */
#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tui/term.h"

static const struct {
    uint32_t key;
    const char *name;
} names[] = {
    { 9, "Tab" },
    { 10, "Enter" },
    { 13, "Enter" },
    { 27, "Esc" },
    { 32, "Space" },
    { 127, "Backspace" },
    { 8, "Backspace" },
    { TERM_KEY_UP, "Up" },
    { TERM_KEY_DOWN, "Down" },
    { TERM_KEY_LEFT, "Left" },
    { TERM_KEY_RIGHT, "Right" },
    { TERM_KEY_HOME, "Home" },
    { TERM_KEY_END, "End" },
    { TERM_KEY_PAGE_UP, "PageUp" },
    { TERM_KEY_PAGE_DOWN, "PageDown" },
    { TERM_KEY_DELETE, "Delete" },
    { TERM_KEY_BACK_TAB, "S-Tab" },
};

static const char *special_name(uint32_t key)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i].key == key)
            return names[i].name;
    return NULL;
}

/* Ctrl with a letter comes as a code below the blank; some terminals tell letter and Ctrl. */
static void character_name(uint32_t key, bool is_ctrl, char ret_name[KEY_NAME_SIZE])
{
    *ret_name = 0;
    if (key >= 1 && key <= 26)
        snprintf(ret_name, KEY_NAME_SIZE, "Ctrl-%c", (char)('A' + key - 1));
    else if (is_ctrl && key >= 'a' && key <= 'z')
        snprintf(ret_name, KEY_NAME_SIZE, "Ctrl-%c", (char)('A' + key - 'a'));
    else if (!is_ctrl && key > 32 && key < 127)
        snprintf(ret_name, KEY_NAME_SIZE, "%c", (char)key);
}

void keymap_name(const struct term_event *event, char ret_name[KEY_NAME_SIZE])
{
    char name[KEY_NAME_SIZE];
    const char *special = special_name(event->key);
    unsigned modifiers = event->modifiers;
    bool is_special = event->key >= TERM_KEY_UP;
    if (event->key == 9 && modifiers & TERM_SHIFT) {
        special = "S-Tab";
        modifiers &= ~(unsigned)TERM_SHIFT;
    }
    if (event->key >= TERM_KEY_F1 && event->key <= TERM_KEY_F12)
        snprintf(name, sizeof(name), "F%u", (unsigned)(event->key - TERM_KEY_F1 + 1));
    else if (special)
        snprintf(name, sizeof(name), "%s", special);
    else
        character_name(event->key, modifiers & TERM_CTRL, name);
    /* With a modifier, an arrow is another key, and none that is known. */
    if (is_special && modifiers)
        *name = 0;
    snprintf(ret_name, KEY_NAME_SIZE, "%s%.*s", modifiers & TERM_ALT && *name ? "Alt-" : "",
             KEY_NAME_SIZE - 5, name);
}

bool keymap_lists(const char *keys, const char *name)
{
    size_t len = strlen(name);
    for (; *keys; keys += strspn(keys, " ")) {
        size_t word = strcspn(keys, " ");
        if (word == len && memcmp(keys, name, len) == 0)
            return true;
        keys += word;
    }
    return false;
}

static enum key_action look_up(const char *name, enum key_context context)
{
    for (size_t i = 0; i < keytable_count; i++)
        if (keytable[i].contexts & (unsigned)context && keymap_lists(keytable[i].keys, name))
            return keytable[i].action;
    return ACTION_NONE;
}

/* All chords begin with "o", where there are any. */
static bool begins_chord(const char *name, enum key_context context)
{
    return strcmp(name, "o") == 0 && look_up("on", context) != ACTION_NONE;
}

enum key_action keymap_action(struct keymap *keymap, const struct term_event *event,
                              enum key_context context)
{
    char name[KEY_NAME_SIZE], chord[KEY_NAME_SIZE + 1];
    keymap_name(event, name);
    if (!*name)
        return ACTION_NONE;
    bool is_second = keymap->is_begun;
    keymap->is_begun = !is_second && begins_chord(name, context);
    snprintf(chord, sizeof(chord), "%s%s", is_second ? "o" : "", name);
    return keymap->is_begun ? ACTION_NONE : look_up(chord, context);
}
