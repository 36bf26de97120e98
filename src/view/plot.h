/* A graph whose scale follows what it shows, with its ticks: what the page of a process draws. */
#ifndef NVITOP_VIEW_PLOT_H
#define NVITOP_VIEW_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"
#include "view/frame.h"
#include "view/graph.h"

struct history;
struct theme;

/* What a plot's scale may be, in the unit of its values. */
struct plot_scale {
    double first;    /* in the first second, before there is a value */
    double least;    /* never less than this */
    double most;     /* never more */
    double per_cent; /* what a percent of the ticks is, as a part of `most` */
};

/* The greatest value that graph and label show; N/A without one. */
struct value plot_most(const struct history *history, int columns);

/* What fills the graph: a quarter more than its greatest value, within the scale's limits. */
double plot_bound(const struct history *history, int columns, const struct plot_scale *scale);

/* A tick: the row, counted from the base, and its percentage. */
struct plot_tick {
    int row, percent;
};
enum { PLOT_TICKS_MAX = 3 };

/* Round percentages that stand closest to rows of a graph of that height and bound. */
size_t plot_ticks(const struct plot_scale *scale, double bound, int rows,
                  struct plot_tick ret_ticks[PLOT_TICKS_MAX]);

/* `├╴40% ` on the border at the graph's left. */
void plot_ticks_draw(struct frame *frame, struct graph_box box, const struct graph *graph,
                     const struct plot_scale *scale, const struct theme *theme);

#endif
