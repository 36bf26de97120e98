/*
 * Graphs of braille dots: a cell is two values wide and four dots high. Invariants: a second
 * without a value has no dots, and one with a value, however small, has at least one.
 */
#include "view/graph.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/history.h"
#include "view/theme.h"

enum { DOTS = 4 };

/* The least height, in rows: it rounds to one dot. */
static const double least = 0.2;

/* Bits of U+2800 for 0 to 4 dots from the base, in the older and in the newer half. */
static const unsigned char up[2][DOTS + 1] = {
    { 0, 0x40, 0x44, 0x46, 0x47 },
    { 0, 0x80, 0xa0, 0xb0, 0xb8 },
};
static const unsigned char down[2][DOTS + 1] = {
    { 0, 0x01, 0x03, 0x07, 0x47 },
    { 0, 0x08, 0x18, 0x38, 0xb8 },
};

/* How high the value of that second stands, in rows of the graph; 0: a gap. */
static double height_of(const struct graph *graph, int rows, int back)
{
    double value;
    if (!history_get(graph->history, (size_t)back, &value))
        return 0;
    return fmax(rows * fmin(value / graph->bound, 1), least);
}

/* Dots of a row, counted from the base. There are five steps and four dots, so the last step of a
 * row and the first of the next look alike. */
static int dots_of(double height, int row)
{
    return (int)fmax(0, fmin(nearbyint((DOTS + 1) * (height - row)), DOTS));
}

static void draw_cell(struct frame *frame, int row, int column, struct style style, unsigned bits)
{
    const char text[] = { (char)0xe2, (char)(0xa0 | bits >> 6), (char)(0x80 | (bits & 0x3f)), 0 };
    frame_text(frame, row, column, 1, style, text);
}

/* The spectrum runs along the rows, from the base to the tip. */
static struct style style_of(const struct graph *graph, int row, int rows)
{
    if (!graph->spectrum || !graph->spectrum->is_gradient)
        return graph->style;
    double end = graph->spectrum_end > 0 ? graph->spectrum_end : 1;
    return theme_gradient(graph->spectrum, rows > 1 ? end * row / (rows - 1) : 0);
}

void graph_draw(struct frame *frame, struct graph_box box, const struct graph *graph)
{
    const unsigned char(*bits)[DOTS + 1] = graph->is_down ? down : up;
    int rows = MAX_OF(box.rows, 0);
    struct style *styles = xcalloc((size_t)rows + 1, sizeof(*styles));
    for (int row = 0; row < rows; row++)
        styles[row] = style_of(graph, row, rows);
    for (int i = 0; graph->history && i < box.columns; i++) {
        double newer = height_of(graph, rows, 2 * i), older = height_of(graph, rows, 2 * i + 1);
        for (int row = 0; row < rows; row++) {
            unsigned dots = bits[0][older > 0 ? dots_of(older, row) : 0] |
                            bits[1][newer > 0 ? dots_of(newer, row) : 0];
            if (!dots)
                break; /* none above it either */
            draw_cell(frame, graph->is_down ? box.row + row : box.row + rows - 1 - row,
                      box.column + box.columns - 1 - i, styles[row], dots);
        }
    }
    free(styles);
}
