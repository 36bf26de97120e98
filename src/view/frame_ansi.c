/*
 * A frame as text. Invariant: each run of equally styled cells is one group of sequences
 * (attributes in table order, then colours), its text and one reset; unstyled cells carry none,
 * so box characters between coloured cells stay plain.
 */
#include "view/frame.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

static const struct {
    enum attribute bit;
    const char *sequence;
} attributes[] = {
    { ATTR_BOLD, "\x1b[1m" },      { ATTR_DIM, "\x1b[2m" },   { ATTR_ITALIC, "\x1b[3m" },
    { ATTR_UNDERLINE, "\x1b[4m" }, { ATTR_BLINK, "\x1b[5m" }, { ATTR_REVERSE, "\x1b[7m" },
};

/* The last digit of SGR 30–37 and 40–47. */
static const int colour_codes[] = {
    [COLOUR_RED] = 1,     [COLOUR_GREEN] = 2, [COLOUR_YELLOW] = 3, [COLOUR_BLUE] = 4,
    [COLOUR_MAGENTA] = 5, [COLOUR_CYAN] = 6,  [COLOUR_WHITE] = 7,  [COLOUR_BLACK] = 0,
};

static bool is_plain(struct style style)
{
    return !style.attrs && style.fg == COLOUR_DEFAULT && style.bg == COLOUR_DEFAULT;
}

static bool is_same(struct style a, struct style b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attrs == b.attrs &&
           (a.fg != COLOUR_RGB || a.rgb == b.rgb);
}

/* Three bytes of red, green and blue need a terminal of 24-bit colour: only gradients have them. */
static void start_style(struct style style, struct str *out)
{
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        if (style.attrs & attributes[i].bit)
            str_append(out, attributes[i].sequence);
    }
    if (style.fg == COLOUR_RGB)
        str_printf(out, "\x1b[38;2;%u;%u;%um", (unsigned)(style.rgb >> 16 & 0xff),
                   (unsigned)(style.rgb >> 8 & 0xff), (unsigned)(style.rgb & 0xff));
    else if (style.fg != COLOUR_DEFAULT)
        str_printf(out, "\x1b[3%dm", colour_codes[style.fg]);
    if (style.bg != COLOUR_DEFAULT)
        str_printf(out, "\x1b[4%dm", colour_codes[style.bg]);
}

/* Blanks at the end of a row are left out, unless one has a style that would be seen. */
static int row_end(const struct frame *frame, int row, enum frame_colours colours)
{
    int end = frame_columns(frame);
    while (end > 0) {
        const struct cell *cell = frame_cell(frame, row, end - 1);
        if (strcmp(cell->text, " ") != 0 || (colours == FRAME_ANSI && !is_plain(cell->style)))
            break;
        end--;
    }
    return end;
}

static void write_row(const struct frame *frame, int row, enum frame_colours colours,
                      struct str *out)
{
    struct style now = { 0 };
    int end = row_end(frame, row, colours);
    for (int column = 0; column < end; column++) {
        const struct cell *cell = frame_cell(frame, row, column);
        if (colours == FRAME_ANSI && !is_same(cell->style, now)) {
            if (!is_plain(now))
                str_append(out, "\x1b[0m");
            now = cell->style;
            start_style(now, out);
        }
        if (cell->text[0] && !cell->text[1]) /* most cells are one byte */
            str_append_char(out, cell->text[0]);
        else
            str_append(out, cell->text);
    }
    if (!is_plain(now))
        str_append(out, "\x1b[0m");
    str_append_char(out, '\n');
}

void frame_write(const struct frame *frame, enum frame_colours colours, struct str *out)
{
    for (int row = 0; row < frame_rows(frame); row++)
        write_row(frame, row, colours, out);
}
