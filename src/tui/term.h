/*
 * The terminal: the seam between the monitor and a terminal (POSIX) or a console (Windows). One at
 * a time; used by one thread.
 */
#ifndef NVITOP_TUI_TERM_H
#define NVITOP_TUI_TERM_H

#include <stdbool.h>
#include <stdint.h>

struct frame;
struct term;

enum term_event_kind {
    TERM_KEY,
    TERM_MOUSE,
    TERM_RESIZE, /* ask term_size */
    TERM_END,    /* the terminal is gone (end of file, hang-up): leave */
};

/* Keys that are no character; characters are their Unicode code points (Ctrl-A is 1, Esc 27,
 * Enter 13, Tab 9, Backspace 127). */
enum term_key {
    TERM_KEY_UP = 0x110000,
    TERM_KEY_DOWN,
    TERM_KEY_LEFT,
    TERM_KEY_RIGHT,
    TERM_KEY_HOME,
    TERM_KEY_END,
    TERM_KEY_PAGE_UP,
    TERM_KEY_PAGE_DOWN,
    TERM_KEY_INSERT,
    TERM_KEY_DELETE,
    TERM_KEY_BACK_TAB,
    TERM_KEY_F1, /* + n - 1, up to F12 */
    TERM_KEY_F12 = TERM_KEY_F1 + 11,
    TERM_KEY_UNKNOWN, /* an escape sequence nobody knows: ignored, never taken for its letters */
};

enum term_modifier { TERM_ALT = 1, TERM_SHIFT = 2, TERM_CTRL = 4 };

enum term_button {
    TERM_BUTTON_LEFT,
    TERM_BUTTON_RIGHT,
    TERM_WHEEL_UP,
    TERM_WHEEL_DOWN,
    /* others, and releases, are not told */
};

struct term_event {
    enum term_event_kind kind;
    uint64_t at_ns; /* clock_mono_ns when it was read */
    uint32_t key;   /* TERM_KEY */
    unsigned
        modifiers; /* TERM_KEY: Alt only, of Ctrl and Shift what the terminal tells; TERM_MOUSE */
    enum term_button button;
    int row, column; /* TERM_MOUSE, from 0 */
};

struct term_options {
    bool has_mouse;
    bool has_gradient; /* 24-bit colours are wanted where the terminal has them */
    bool is_ascii;     /* no byte above 0x7f is sent */
};

/* Whether standard input and output are a terminal, so that there is somebody to watch. */
bool term_is_there(void);

/* Whether there is UTF-8, and enough characters (not the Linux console's), unless ASCII is wanted
 * anyway: else the caller draws ASCII and opens with is_ascii. Changes nothing of the process. */
bool term_prepare(const struct term_options *options);

/* Takes the terminal over: alternate screen, no cursor, raw input. NVITOP_OK, or NVITOP_ENOTSUP
 * with *ret_why (static or malloc'd for good) in words that follow "Failed to initialize `curses`".
 */
int term_open(const struct term_options *options, struct term **ret_term, const char **ret_why);

/* Gives it back as it was. NULL is fine. */
void term_close(struct term *term);

void term_size(const struct term *term, int *ret_rows, int *ret_columns); /* at least 1 each */
int term_colours(const struct term *term); /* 0: none, 8, 256, 1 << 24 */

/* Await it for input. */
int term_input_fd(const struct term *term);
/* The next event; false: nothing to read now. Never blocks. To be asked until false after input,
 * after SIGWINCH (it compares the size), and when term_wait_ms is over. TERM_END comes once. */
bool term_next(struct term *term, struct term_event *ret_event);
/* Milliseconds after which term_next must be asked again though nothing came (an Esc that may be
 * the beginning of more, or output that the terminal has not taken), -1: none. */
int term_wait_ms(const struct term *term);

/* Makes the screen look like the frame, sending only what differs from what it shows now. Left
 * out while the terminal has not taken the frame before: paint again when there is news. */
void term_paint(struct term *term, const struct frame *frame);
/* The next paint sends everything: after a resize, a suspension, or on request. */
void term_forget(struct term *term);
void term_beep(struct term *term);

/* Gives the terminal back for a while (job control), and takes it again; also after a stop that
 * gave no time to leave: all that was set is set again. */
void term_leave(struct term *term);
void term_return(struct term *term);

#endif
