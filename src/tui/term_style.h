/* Styles as they are sent: packed, and only with what the terminal has. */
#ifndef NVITOP_TUI_TERM_STYLE_H
#define NVITOP_TUI_TERM_STYLE_H

#include <stdint.h>

struct str;
struct style;
struct term_caps;

/* Bits of a packed style: foreground, background (enum colour), attributes, and what a foreground
 * of COLOUR_RGB is (0xRRGGBB, or a number of the palette of 256). 0 is the default style. */
enum {
    TERM_STYLE_FG = 0,
    TERM_STYLE_BG = 4,
    TERM_STYLE_ATTRS = 8,
    TERM_STYLE_RGB = 14,
    TERM_STYLE_BITS = 38,
};

uint64_t term_style_pack(const struct term_caps *caps, struct style style);

/* The same for a cell that shows a blank: what nobody can see is left out. */
uint64_t term_style_of_blank(uint64_t packed);

/* The shortest change from one style to another. */
void term_style_change(const struct term_caps *caps, uint64_t from, uint64_t to, struct str *out);

#endif
