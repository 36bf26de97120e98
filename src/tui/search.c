/* Invariant: the text is valid UTF-8 without control characters, and ends within its room. */
#include "tui/search.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "tui/term.h"

enum { CTRL_H = 8, CTRL_U = 21, ENTER = 13, ESCAPE = 27, DELETE = 127, CHARACTER_MAX = 4 };

/* Encodes a code point; 0 for none that may stand in a text. */
static size_t encode(uint32_t code, char ret_bytes[CHARACTER_MAX])
{
    if (code < 0x20 || code == DELETE || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
        return 0;
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        ret_bytes[i] = (char)(0x80 | (code & 0x3f));
    ret_bytes[0] = (char)(first[len] | code);
    return len;
}

static void add(char text[SEARCH_SIZE], uint32_t code)
{
    char bytes[CHARACTER_MAX];
    size_t len = encode(code, bytes), have = strlen(text);
    if (!len || have + len >= SEARCH_SIZE)
        return;
    struct arena scratch = { 0 };
    if (memcmp(utf8_printable(&scratch, bytes, len), bytes, len) == 0) {
        memcpy(text + have, bytes, len);
        text[have + len] = 0;
    }
    arena_done(&scratch);
}

static void take_last(char text[SEARCH_SIZE])
{
    size_t len = strlen(text);
    while (len && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
        len--;
    text[len ? len - 1 : 0] = 0;
}

bool search_key(char text[SEARCH_SIZE], const struct term_event *event)
{
    if (event->modifiers & TERM_ALT)
        return true;
    switch (event->key) {
    case ESCAPE: *text = 0; return false;
    case ENTER: return false;
    case CTRL_H:
    case DELETE: take_last(text); return true;
    case CTRL_U: *text = 0; return true;
    default: add(text, event->key); return true;
    }
}
