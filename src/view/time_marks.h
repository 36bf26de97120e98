/* How long ago: `╴30s├` on the line under or above a graph of two seconds a column. */
#ifndef NVITOP_VIEW_TIME_MARKS_H
#define NVITOP_VIEW_TIME_MARKS_H

#include "view/frame.h"

struct theme;

/* On that row, for a graph of `width` columns whose right border stands at `border`. */
struct time_axis {
    int row, border, width;
};

/* As many marks as fit. */
void time_marks_draw(struct frame *frame, const struct time_axis *axis, const struct theme *theme);

#endif
