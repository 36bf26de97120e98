/* A history as a picture of dots: two seconds a column, the newest at the right edge. */
#ifndef NVITOP_VIEW_GRAPH_H
#define NVITOP_VIEW_GRAPH_H

#include <stdbool.h>

#include "view/frame.h"

struct history;
struct theme;

struct graph {
    const struct history *history; /* NULL: nothing is drawn */
    double bound;                  /* what fills the graph */
    bool is_down;                  /* grows from the top */
    struct style style;
    const struct theme *spectrum; /* a gradient theme colours row by row; NULL: style alone */
    double spectrum_end;          /* where in the spectrum the tip is; 0: at its end */
};

/* A place for it. */
struct graph_box {
    int row, column, rows, columns;
};

/* Draws the dots alone: where there are none, what is there stays. */
void graph_draw(struct frame *frame, struct graph_box box, const struct graph *graph);

#endif
