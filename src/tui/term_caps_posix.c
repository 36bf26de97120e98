/*
 * terminfo says what a terminal has; how it is said is ECMA-48, which every terminal of the last
 * forty years speaks: one that does not is refused here. A TERM that the database does not know,
 * or none, is taken for a terminal of today (`modern`), so no entry is ever missing.
 * The environment is only read.
 */
#include "tui/term_caps.h"

#include <string.h>

#include "base/environment.h"
#include "base/mem.h"

#include <curses.h>
#include <term.h> /* last: its macros are plain words */

static const struct term_caps modern = {
    .colours = 256,
    .attrs = ATTR_BOLD | ATTR_DIM | ATTR_ITALIC | ATTR_UNDERLINE | ATTR_BLINK | ATTR_REVERSE,
    .colour_attrs = ATTR_BOLD | ATTR_DIM | ATTR_ITALIC | ATTR_UNDERLINE | ATTR_BLINK | ATTR_REVERSE,
    .has_off_codes = true,
    .has_screen = true,
};

/* Attribute, the capability that switches it on, its bit in no_color_video (0: has none). */
static const struct {
    enum attribute attr;
    const char *name;
    unsigned no_colour;
} attributes[] = {
    { ATTR_BOLD, "bold", 32 },     { ATTR_DIM, "dim", 16 },    { ATTR_ITALIC, "sitm", 0 },
    { ATTR_UNDERLINE, "smul", 2 }, { ATTR_BLINK, "blink", 8 }, { ATTR_REVERSE, "rev", 4 },
};

/* The value of a capability, "" if the entry has none. */
static const char *text_of(const char *name)
{
    const char *text = tigetstr(name);
    return text && text != (char *)-1 ? text : "";
}

/* Of the current entry; NULL or why not. */
static const char *read_entry(struct term_caps *ret_caps)
{
    if (!strstr(text_of("cup"), "\033[%i%p1%d;%p2%dH"))
        return "the terminal cannot be addressed by row and column, see TERM";
    int colours = tigetnum("colors"), no_colour = tigetnum("ncv");
    bool is_ansi_colour = strstr(text_of("setaf"), "[") && strstr(text_of("setaf"), "3");
    struct term_caps caps = {
        .colours = !is_ansi_colour || colours < 8 ? 0
                   : colours < 256                ? 8
                                                  : 256,
        .has_off_codes = strstr(text_of("rmso"), "[27m") != NULL,
        .has_screen = *text_of("smcup") != 0,
    };
    if (is_ansi_colour &&
        (colours >= TERM_COLOURS_DIRECT || tigetflag("RGB") > 0 || tigetflag("Tc") > 0))
        caps.colours = TERM_COLOURS_DIRECT;
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        if (!strchr(text_of(attributes[i].name), '['))
            continue;
        caps.attrs |= attributes[i].attr;
        if (no_colour < 0 || !((unsigned)no_colour & attributes[i].no_colour))
            caps.colour_attrs |= attributes[i].attr;
    }
    *ret_caps = caps;
    return NULL;
}

/* A variable that GNU screen, which has no 24-bit colours, does not take away. */
static bool is_direct_told(const char *term)
{
    const char *told = environment_get("COLORTERM");
    bool is_screen =
        environment_get("STY") || (strncmp(term, "screen", 6) == 0 && !environment_get("TMUX"));
    return told && !is_screen && (strcmp(told, "truecolor") == 0 || strcmp(told, "24bit") == 0);
}

const char *term_caps_read(bool is_direct_wanted, struct term_caps *ret_caps)
{
    const char *name = environment_get("TERM");
    struct term_caps caps = modern;
    const char *why = NULL;
    int found;
    if (name && strcmp(name, "dumb") == 0)
        return "a dumb terminal has no screen, see TERM";
    if (name && *name && setupterm(name, 1, &found) == OK) {
        why = read_entry(&caps);
        del_curterm(cur_term);
    }
    if (why)
        return why;
    if (caps.colours >= 8 && is_direct_told(name ? name : ""))
        caps.colours = TERM_COLOURS_DIRECT;
    if (!is_direct_wanted)
        caps.colours = MIN_OF(caps.colours, 256);
    *ret_caps = caps;
    return NULL;
}
