/* A bar: `MEM: ████▉ 1041MiB   9.4%` in a fixed width. */
#ifndef NVITOP_VIEW_BAR_H
#define NVITOP_VIEW_BAR_H

#include <stdbool.h>

#include "base/value.h"
#include "view/frame.h"

struct str;
struct theme;

struct bar {
    const char *prefix;   /* three letters; NULL: the bar begins at once */
    struct value percent; /* REAL shows one decimal where it fits, INT none; N/A is a grey bar */
    const char *extra;    /* a second text, shown where it fits; NULL or one with "N/A": none */
    bool is_extra_first;  /* next to the bar (and instead of the percentage if only one fits) */
    bool is_value_last;   /* at the right edge, unless an extra text is there */
    struct style style;
    const struct theme *spectrum; /* a gradient theme colours block by block; NULL: style alone */
};

/* Appends the bar, exactly `width` columns; returns how many of them are blocks. */
int bar_text(const struct bar *bar, int width, struct str *out);

void bar_draw(struct frame *frame, int row, int column, int width, const struct bar *bar);

#endif
