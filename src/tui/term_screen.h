/*
 * What the terminal shows now, and the bytes that make it show something else. No I/O: bytes are
 * appended to a string.
 */
#ifndef NVITOP_TUI_TERM_SCREEN_H
#define NVITOP_TUI_TERM_SCREEN_H

#include <stdbool.h>

struct frame;
struct str;
struct term_caps;
struct term_screen;

/* `caps` is borrowed. */
struct term_screen *term_screen_new(const struct term_caps *caps, bool is_ascii);
void term_screen_free(struct term_screen *screen); /* NULL is fine */

/* Whatever is shown, the next paint clears it and sends everything. */
void term_screen_forget(struct term_screen *screen);

/* Appends what makes a terminal of that size show the frame: clipped, blank beside it. */
void term_screen_paint(struct term_screen *screen, const struct frame *frame, int rows, int columns,
                       struct str *out);

#endif
