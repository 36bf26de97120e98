/* Where things stand across the screen: arithmetic on widths only. */
#ifndef NVITOP_VIEW_LAYOUT_H
#define NVITOP_VIEW_LAYOUT_H

#include <stdbool.h>

enum {
    LAYOUT_BOX = 79,         /* the device box, and the narrowest screen */
    LAYOUT_BARS_FROM = 100,  /* from this width on there are bars beside the box */
    LAYOUT_ONCE_FLOOR = 140, /* the report never is narrower than this if the terminal is not */
};

/* Columns of the report. `widest`: the widest process row, LAYOUT_BOX without one. */
int layout_report_width(int terminal, bool has_devices, int widest);

/* The bars beside the device box, for one screen width. */
struct layout_bars {
    int room;        /* columns from the box's right border on; 0: no bars */
    int left, right; /* two bars side by side: their widths; left 0: one bar, `single` wide */
    int single;
};
struct layout_bars layout_bars(int width);

enum { LAYOUT_BAR_COLUMN = LAYOUT_BOX + 1 };

/* Columns of the border between two bars, and of the right one's start. */
static inline int layout_split_column(struct layout_bars bars)
{
    return LAYOUT_BAR_COLUMN + bars.left + 1;
}

#endif
