/*
 * One text in one column. Invariant: nothing is drawn outside the column but for the one blank
 * before it, so neighbours need no room of their own for texts that are too long.
 */
#include "view/column.h"

#include "base/utf8.h"

/* Widths are display columns. The odd blank of a centred text stands at its right. */

static int start_of(const struct column *column, int width)
{
    int slack = column->width - width;
    switch (column->align) {
    case ALIGN_RIGHT: return column->start + slack;
    case ALIGN_CENTRE: return column->start + slack / 2;
    default: return column->start;
    }
}

const char *column_fit(const struct column *column, const char *text, char ret_cut[TEXT_SIZE],
                       int *ret_start)
{
    int width = utf8_width(text);
    bool is_grown = !column->mark && column->align == ALIGN_RIGHT && width == column->width + 1;
    if (width > column->width && !is_grown) {
        const char *mark = column->mark ? column->mark : "+";
        text = column->is_cut_at_start ? text_cut_start(text, column->width, mark, ret_cut)
                                       : text_cut_end(text, column->width, mark, ret_cut);
        width = column->width;
    }
    *ret_start = start_of(column, width);
    return text;
}

void column_draw(struct frame *frame, int row, const struct column *column, const char *text)
{
    char cut[TEXT_SIZE];
    int start;
    text = column_fit(column, text, cut, &start);
    frame_text(frame, row, start, column->width + 1, (struct style){ 0 }, text);
}
