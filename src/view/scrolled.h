/* Texts that are scrolled sideways under a fixed left edge. */
#ifndef NVITOP_VIEW_SCROLLED_H
#define NVITOP_VIEW_SCROLLED_H

#include "view/frame.h"

/* Where on a row, and how far a text has been scrolled there. */
struct scrolled {
    int column, columns; /* the window */
    int skip;            /* columns of the text to its left */
};

/* Draws the part of a text that the window shows. A wide character that is cut in two leaves a
 * blank. */
void scrolled_text(struct frame *frame, int row, const struct scrolled *window, struct style style,
                   const char *text);

/* Some columns of a text, counted from its beginning. */
struct span {
    int start, columns;
};

/* Restyles a part of such a text, as far as the window shows it. */
void scrolled_restyle(struct frame *frame, int row, const struct scrolled *window, struct span part,
                      struct style style);

#endif
