/*
 * Keys and mouse out of what a Windows console tells, record by record. No I/O and no clock:
 * whoever reads the console says what time it is.
 */
#ifndef NVITOP_TUI_TERM_CONSOLE_H
#define NVITOP_TUI_TERM_CONSOLE_H

#include <stdbool.h>
#include <windows.h>

#include "tui/term.h"

/* Its fields are term_console.c's own; {0} is a fresh one. */
struct term_console {
    INPUT_RECORD record;
    unsigned repeats_left; /* of the record's key */
    wchar_t high;          /* the first half of a character; else 0 */
    DWORD buttons;         /* that are down */
};

/* Takes the next record; only when term_console_next found nothing. */
void term_console_add(struct term_console *console, const INPUT_RECORD *record);

/* The next event of it, all but its time; false: there is none. `left` and `top` are where the
 * window is in the console's buffer. */
bool term_console_next(struct term_console *console, int left, int top,
                       struct term_event *ret_event);

#endif
