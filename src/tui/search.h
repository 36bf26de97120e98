/* Typing the text filter. */
#ifndef NVITOP_TUI_SEARCH_H
#define NVITOP_TUI_SEARCH_H

#include <stdbool.h>

struct term_event;

enum { SEARCH_SIZE = 128 };

/* Enter keeps the text, Esc clears it, Backspace takes its last character away, Ctrl-U all; any
 * other character is added, and no other key does anything. Returns whether typing goes on. */
bool search_key(char text[SEARCH_SIZE], const struct term_event *event);

#endif
