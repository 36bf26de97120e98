/* What a terminal has: from its terminfo entry, or from an entry of our own where there is none. */
#ifndef NVITOP_TUI_TERM_CAPS_H
#define NVITOP_TUI_TERM_CAPS_H

#include <stdbool.h>

#include "view/frame.h"

enum { TERM_COLOURS_DIRECT = 1 << 24 };

struct term_caps {
    int colours;           /* 0: none, 8, 256, TERM_COLOURS_DIRECT */
    unsigned attrs;        /* of enum attribute, what it has */
    unsigned colour_attrs; /* of these, what it has together with a colour */
    bool has_off_codes;    /* attributes can be switched off one by one */
    bool has_screen;       /* an alternate one, that leaves the shell's alone */
};

/* Reads TERM, COLORTERM and STY; 24-bit colours only where they are wanted. NULL, or in words why
 * the terminal cannot be used (static). */
const char *term_caps_read(bool is_direct_wanted, struct term_caps *ret_caps);

#endif
