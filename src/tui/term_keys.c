/*
 * Keys of xterm, VT220, rxvt, the Linux console and their many kin, in normal and in application
 * mode. They do not contradict each other, so nobody has to know which terminal it is.
 */
#include "tui/term_keys.h"

#include <stddef.h>

#include "base/mem.h"
#include "tui/term.h"

static const struct term_key_row csi_keys[] = {
    { 'A', TERM_KEY_UP, 0 },
    { 'B', TERM_KEY_DOWN, 0 },
    { 'C', TERM_KEY_RIGHT, 0 },
    { 'D', TERM_KEY_LEFT, 0 },
    { 'F', TERM_KEY_END, 0 },
    { 'H', TERM_KEY_HOME, 0 },
    { 'P', TERM_KEY_F1, 0 },
    { 'Q', TERM_KEY_F1 + 1, 0 },
    { 'R', TERM_KEY_F1 + 2, 0 },
    { 'S', TERM_KEY_F1 + 3, 0 },
    { 'Z', TERM_KEY_BACK_TAB, 0 },
    { 'a', TERM_KEY_UP, TERM_SHIFT }, /* rxvt */
    { 'b', TERM_KEY_DOWN, TERM_SHIFT },
    { 'c', TERM_KEY_RIGHT, TERM_SHIFT },
    { 'd', TERM_KEY_LEFT, TERM_SHIFT },
};

static const struct term_key_row ss3_keys[] = {
    { 'A', TERM_KEY_UP, 0 },
    { 'B', TERM_KEY_DOWN, 0 },
    { 'C', TERM_KEY_RIGHT, 0 },
    { 'D', TERM_KEY_LEFT, 0 },
    { 'F', TERM_KEY_END, 0 },
    { 'H', TERM_KEY_HOME, 0 },
    { 'M', 13, 0 },
    { 'P', TERM_KEY_F1, 0 },
    { 'Q', TERM_KEY_F1 + 1, 0 },
    { 'R', TERM_KEY_F1 + 2, 0 },
    { 'S', TERM_KEY_F1 + 3, 0 },
    { 'a', TERM_KEY_UP, TERM_CTRL }, /* rxvt */
    { 'b', TERM_KEY_DOWN, TERM_CTRL },
    { 'c', TERM_KEY_RIGHT, TERM_CTRL },
    { 'd', TERM_KEY_LEFT, TERM_CTRL },
};

static const struct term_key_row console_keys[] = {
    { 'A', TERM_KEY_F1, 0 },     { 'B', TERM_KEY_F1 + 1, 0 }, { 'C', TERM_KEY_F1 + 2, 0 },
    { 'D', TERM_KEY_F1 + 3, 0 }, { 'E', TERM_KEY_F1 + 4, 0 },
};

/* Esc [ number ~ */
static const struct term_key_row numbered_keys[] = {
    { 1, TERM_KEY_HOME, 0 },     { 2, TERM_KEY_INSERT, 0 },   { 3, TERM_KEY_DELETE, 0 },
    { 4, TERM_KEY_END, 0 },      { 5, TERM_KEY_PAGE_UP, 0 },  { 6, TERM_KEY_PAGE_DOWN, 0 },
    { 7, TERM_KEY_HOME, 0 },     { 8, TERM_KEY_END, 0 },      { 11, TERM_KEY_F1, 0 },
    { 12, TERM_KEY_F1 + 1, 0 },  { 13, TERM_KEY_F1 + 2, 0 },  { 14, TERM_KEY_F1 + 3, 0 },
    { 15, TERM_KEY_F1 + 4, 0 },  { 17, TERM_KEY_F1 + 5, 0 },  { 18, TERM_KEY_F1 + 6, 0 },
    { 19, TERM_KEY_F1 + 7, 0 },  { 20, TERM_KEY_F1 + 8, 0 },  { 21, TERM_KEY_F1 + 9, 0 },
    { 23, TERM_KEY_F1 + 10, 0 }, { 24, TERM_KEY_F1 + 11, 0 },
};

/* What stands in for ~ in rxvt when keys are held. */
static const struct term_key_row numbered_ends[] = {
    { '~', 0, 0 },
    { '$', 0, TERM_SHIFT },
    { '^', 0, TERM_CTRL },
    { '@', 0, TERM_SHIFT | TERM_CTRL },
};

static const struct {
    const struct term_key_row *rows;
    size_t count;
} families[] = {
    [TERM_KEYS_CSI] = { csi_keys, ARRAY_LEN(csi_keys) },
    [TERM_KEYS_SS3] = { ss3_keys, ARRAY_LEN(ss3_keys) },
    [TERM_KEYS_CONSOLE] = { console_keys, ARRAY_LEN(console_keys) },
    [TERM_KEYS_NUMBERED] = { numbered_keys, ARRAY_LEN(numbered_keys) },
    [TERM_KEYS_ENDS] = { numbered_ends, ARRAY_LEN(numbered_ends) },
};

const struct term_key_row *term_keys_find(enum term_keys keys, int code)
{
    for (size_t i = 0; i < families[keys].count; i++)
        if (families[keys].rows[i].code == code)
            return &families[keys].rows[i];
    return NULL;
}
