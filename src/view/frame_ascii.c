/*
 * The shapes that a frame is drawn with, in ASCII. Everything else beyond ASCII becomes one '?' a
 * column, so that a terminal without Unicode gets nothing it cannot show and no column moves.
 */
#include "view/frame.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static const struct {
    const char *from;
    char to;
} shapes[] = {
    { "═", '=' }, { "─╴", '-' }, { "╒╤╕╪╘╧╛┌┬┐┼└┴┘", '+' }, { "│╞╡├┤▏▎▍▌▋▊▉█░", '|' },
    { "▲", '^' }, { "▼", 'v' },
};

enum { BRAILLE_FIRST = 0x2800, BRAILLE_LAST = 0x28ff };

/* Braille cells are the dots of graphs. What has no shape here is text from outside. */
static char ascii_of(const char *text)
{
    uint32_t code;
    size_t used = utf8_decode(text, strlen(text), &code);
    if (code < 0x80)
        return (char)code;
    if (code >= BRAILLE_FIRST && code <= BRAILLE_LAST)
        return '=';
    if (used > 1) {
        for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
            const char *found = strstr(shapes[i].from, text);
            if (found)
                return shapes[i].to;
        }
    }
    return '?';
}

void frame_to_ascii(struct frame *frame)
{
    for (int row = 0; row < frame_rows(frame); row++) {
        for (int column = 0; column < frame_columns(frame);) {
            const struct cell *cell = frame_cell(frame, row, column);
            int width = cell->width;
            struct style style = cell->style;
            if ((unsigned char)cell->text[0] < 0x80 && !cell->text[1]) {
                column++;
                continue;
            }
            /* as many columns as before: a wide character becomes two */
            char text[3] = { ascii_of(cell->text), width == 2 ? '?' : 0, 0 };
            column = frame_text(frame, row, column, width, style, text);
        }
    }
}
