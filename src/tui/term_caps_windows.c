/*
 * The console of Windows 10 and later: there is one kind, and no variable that names it. It has
 * 24-bit colours; what it lacks of attributes (dim, italics or blinking in older ones) it passes
 * over without harm.
 */
#include "tui/term_caps.h"

static const struct term_caps console = {
    .colours = 256,
    .attrs = ATTR_BOLD | ATTR_DIM | ATTR_ITALIC | ATTR_UNDERLINE | ATTR_BLINK | ATTR_REVERSE,
    .colour_attrs = ATTR_BOLD | ATTR_DIM | ATTR_ITALIC | ATTR_UNDERLINE | ATTR_BLINK | ATTR_REVERSE,
    .has_off_codes = true,
    .has_screen = true,
};

const char *term_caps_read(bool is_direct_wanted, struct term_caps *ret_caps)
{
    *ret_caps = console;
    if (is_direct_wanted)
        ret_caps->colours = TERM_COLOURS_DIRECT;
    return NULL;
}
