/*
 * A sentence in a box, its words wrapped to what the screen has. Where a box would leave too little
 * for them they stand alone, in the corner. Invariant: whatever the size, each line fits between
 * the borders.
 */
#include "view/page_narrow.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "view/frame.h"
#include "view/layout.h"
#include "view/text.h"

enum {
    WIDEST = 60,     /* a wider box would be harder to read */
    SURROUND = 10,   /* margin, border and blank on both sides */
    BORDERS = 4,     /* of these, border and blank */
    BOX_FROM = 20,   /* columns from which on there is a box */
    LINES_MAX = 128, /* one letter each, at worst */
};

static const struct style plain = { 0 };

/* Lines of a text as places in it. */
struct lines {
    const char *starts[LINES_MAX];
    int lengths[LINES_MAX];
    int count, widest;
};

/* As many whole words as fit, or a part of one that is longer than the line. ASCII only. */
static int line_length(const char *text, int width)
{
    int len = (int)strlen(text);
    if (len <= width)
        return len;
    int at = width;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : width;
}

static struct lines wrap(const char *text, int width)
{
    struct lines lines = { 0 };
    while (*text && lines.count < LINES_MAX) {
        int len = line_length(text, width);
        lines.starts[lines.count] = text;
        lines.lengths[lines.count++] = len;
        lines.widest = MAX_OF(lines.widest, len);
        text += len;
        text += strspn(text, " ");
    }
    return lines;
}

static void draw_lines(struct frame *frame, int row, int column, const struct lines *lines)
{
    for (int i = 0; i < lines->count; i++)
        frame_text(frame, row + i, column, lines->lengths[i], plain, lines->starts[i]);
}

static void draw_rule(struct frame *frame, int row, int column, int width,
                      const char *const ends[2])
{
    frame_fill(frame, row, column, 1, ends[0]);
    frame_fill(frame, row, column + 1, width - 2, "═");
    frame_fill(frame, row, column + width - 1, 1, ends[1]);
}

static void draw_box(struct frame *frame, const struct lines *lines)
{
    static const char *const top[] = { "╒", "╕" }, *const bottom[] = { "╘", "╛" };
    int width = lines->widest + BORDERS,
        height = lines->count + 4; /* an empty line on both sides */
    int row = MAX_OF(0, (frame_rows(frame) - height) / 2);
    int column = MAX_OF(0, (frame_columns(frame) - width) / 2);
    draw_rule(frame, row, column, width, top);
    for (int i = 1; i < height - 1; i++) {
        frame_fill(frame, row + i, column, 1, "│");
        frame_fill(frame, row + i, column + width - 1, 1, "│");
    }
    draw_rule(frame, row + height - 1, column, width, bottom);
    draw_lines(frame, row + 2, column + 2, lines);
}

void page_narrow_draw(struct frame *frame)
{
    char text[TEXT_SIZE];
    int columns = frame_columns(frame);
    snprintf(text, sizeof(text),
             "nvitop needs at least a width of %d to render, the current width is %d.", LAYOUT_BOX,
             columns);
    bool is_boxed = columns >= BOX_FROM;
    struct lines lines =
        wrap(text, is_boxed ? MIN_OF(columns, WIDEST) - SURROUND : MAX_OF(columns, 1));
    if (is_boxed)
        draw_box(frame, &lines);
    else
        draw_lines(frame, 0, 0, &lines);
}
