/*
 * Packing is normal: two styles that look the same on this terminal are the same number, so a cell
 * is only sent again for a difference that can be seen.
 */
#include "tui/term_style.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "tui/term_caps.h"
#include "view/frame.h"

enum { CODES_SIZE = 64 };

/* SGR numbers of the attributes; the one that ends it may end another as well. */
static const struct {
    enum attribute attr;
    int on, off;
} attributes[] = {
    { ATTR_BOLD, 1, 22 },      { ATTR_DIM, 2, 22 },   { ATTR_ITALIC, 3, 23 },
    { ATTR_UNDERLINE, 4, 24 }, { ATTR_BLINK, 5, 25 }, { ATTR_REVERSE, 7, 27 },
};

/* Of the eight colours, in the order of enum colour: SGR number less 30, and the looks. */
static const struct {
    int number;
    uint32_t rgb;
} palette[] = {
    [COLOUR_RED] = { 1, 0xcd0000 },     [COLOUR_GREEN] = { 2, 0x00cd00 },
    [COLOUR_YELLOW] = { 3, 0xcdcd00 },  [COLOUR_BLUE] = { 4, 0x0000ee },
    [COLOUR_MAGENTA] = { 5, 0xcd00cd }, [COLOUR_CYAN] = { 6, 0x00cdcd },
    [COLOUR_WHITE] = { 7, 0xe5e5e5 },   [COLOUR_BLACK] = { 0, 0x000000 },
};

static unsigned fg_of(uint64_t packed)
{
    return packed >> TERM_STYLE_FG & 15;
}

static unsigned bg_of(uint64_t packed)
{
    return packed >> TERM_STYLE_BG & 15;
}

static unsigned attrs_of(uint64_t packed)
{
    return packed >> TERM_STYLE_ATTRS & 63;
}

static unsigned rgb_of(uint64_t packed)
{
    return packed >> TERM_STYLE_RGB & 0xffffff;
}

/* ---- nearest colours ---- */

static int part_of(uint32_t rgb, int part)
{
    return (int)(rgb >> (16 - 8 * part) & 255);
}

static int distance(uint32_t a, uint32_t b)
{
    int sum = 0;
    for (int part = 0; part < 3; part++) {
        int difference = part_of(a, part) - part_of(b, part);
        sum += difference * difference;
    }
    return sum;
}

static unsigned nearest_of_8(uint32_t rgb)
{
    unsigned best = COLOUR_RED;
    for (unsigned i = COLOUR_RED; i < ARRAY_LEN(palette); i++)
        if (distance(rgb, palette[i].rgb) < distance(rgb, palette[best].rgb))
            best = i;
    return best;
}

/* 16 … 231 is a cube of six steps a side, 232 … 255 are greys. */
static uint32_t nearest_of_256(uint32_t rgb)
{
    static const int levels[] = { 0, 95, 135, 175, 215, 255 };
    uint32_t number = 0, cube = 0;
    for (int part = 0; part < 3; part++) {
        size_t best = 0;
        for (size_t i = 1; i < ARRAY_LEN(levels); i++)
            if (abs(levels[i] - part_of(rgb, part)) < abs(levels[best] - part_of(rgb, part)))
                best = i;
        number = number * 6 + (uint32_t)best;
        cube = cube << 8 | (uint32_t)levels[best];
    }
    int mean = (part_of(rgb, 0) + part_of(rgb, 1) + part_of(rgb, 2)) / 3;
    int step = MIN_OF(MAX_OF((mean - 3) / 10, 0), 23);
    uint32_t grey = (uint32_t)(8 + 10 * step) * 0x010101u;
    return distance(rgb, grey) < distance(rgb, cube) ? 232u + (uint32_t)step : 16u + number;
}

/* ---- packing ---- */

uint64_t term_style_pack(const struct term_caps *caps, struct style style)
{
    unsigned fg = style.fg, bg = style.bg, attrs = style.attrs & caps->attrs;
    uint32_t rgb = 0;
    if (!(fg | bg | attrs))
        return 0; /* what most cells are */
    if (fg == COLOUR_RGB && caps->colours == TERM_COLOURS_DIRECT)
        rgb = style.rgb & 0xffffff;
    else if (fg == COLOUR_RGB && caps->colours >= 256)
        rgb = nearest_of_256(style.rgb);
    else if (fg == COLOUR_RGB)
        fg = nearest_of_8(style.rgb);
    if (caps->colours == 0)
        fg = bg = COLOUR_DEFAULT;
    if (fg || bg)
        attrs &= caps->colour_attrs;
    return (uint64_t)fg << TERM_STYLE_FG | (uint64_t)bg << TERM_STYLE_BG |
           (uint64_t)attrs << TERM_STYLE_ATTRS | (uint64_t)rgb << TERM_STYLE_RGB;
}

uint64_t term_style_of_blank(uint64_t packed)
{
    if (attrs_of(packed) & (ATTR_REVERSE | ATTR_UNDERLINE))
        return packed;
    return packed & (UINT64_C(15) << TERM_STYLE_BG);
}

/* ---- changing ---- */

static void add_code(char codes[CODES_SIZE], const char *code)
{
    size_t len = strlen(codes);
    snprintf(codes + len, CODES_SIZE - len, "%s%s", len ? ";" : "", code);
}

static void add_number(char codes[CODES_SIZE], int number)
{
    char text[12];
    snprintf(text, sizeof(text), "%d", number);
    add_code(codes, text);
}

static void add_foreground(const struct term_caps *caps, char codes[CODES_SIZE], uint64_t to)
{
    char text[24];
    unsigned rgb = rgb_of(to);
    if (fg_of(to) != COLOUR_RGB) {
        add_number(codes, fg_of(to) ? 30 + palette[fg_of(to)].number : 39);
        return;
    }
    if (caps->colours == TERM_COLOURS_DIRECT)
        snprintf(text, sizeof(text), "38;2;%u;%u;%u", rgb >> 16, rgb >> 8 & 255, rgb & 255);
    else
        snprintf(text, sizeof(text), "38;5;%u", rgb);
    add_code(codes, text);
}

/* What must be added to a style for another; nothing is taken away. */
static void add_changes(const struct term_caps *caps, uint64_t from, uint64_t to,
                        char codes[CODES_SIZE])
{
    unsigned new_attrs = attrs_of(to) & ~attrs_of(from);
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
        if (new_attrs & attributes[i].attr)
            add_number(codes, attributes[i].on);
    if (fg_of(from) != fg_of(to) || rgb_of(from) != rgb_of(to))
        add_foreground(caps, codes, to);
    if (bg_of(from) != bg_of(to))
        add_number(codes, bg_of(to) ? 40 + palette[bg_of(to)].number : 49);
}

/* Attributes that are no more; *from becomes the style after it. */
static void add_ends(uint64_t *from, uint64_t to, char codes[CODES_SIZE])
{
    unsigned gone = attrs_of(*from) & ~attrs_of(to), ended = 0;
    int last = 0;
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        if (!(gone & attributes[i].attr))
            continue;
        if (attributes[i].off != last)
            add_number(codes, attributes[i].off);
        last = attributes[i].off;
        for (size_t j = 0; j < ARRAY_LEN(attributes); j++)
            if (attributes[j].off == last)
                ended |= attributes[j].attr;
    }
    *from &= ~((uint64_t)ended << TERM_STYLE_ATTRS);
}

void term_style_change(const struct term_caps *caps, uint64_t from, uint64_t to, struct str *out)
{
    char step[CODES_SIZE] = "", fresh[CODES_SIZE] = "";
    if (from == to)
        return;
    bool has_ends = (attrs_of(from) & ~attrs_of(to)) != 0;
    uint64_t between = from;
    add_ends(&between, to, step);
    add_changes(caps, between, to, step);
    if (to)
        add_code(fresh, "0");
    add_changes(caps, 0, to, fresh);
    bool is_fresh = (has_ends && !caps->has_off_codes) || strlen(fresh) < strlen(step);
    str_printf(out, "\033[%sm", is_fresh ? fresh : step);
}
