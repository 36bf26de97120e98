/* The help page: colours and keys, printed from the key table. */
#ifndef NVITOP_VIEW_PAGE_HELP_H
#define NVITOP_VIEW_PAGE_HELP_H

#include <stdbool.h>

#include "view/frame.h"

struct model;

/* Rows of the whole page. */
int page_help_height(void);

/* The greatest `scroll` of a screen of that height: 0 if the page fits. */
int page_help_scroll_max(int rows);

/* From row `scroll` of the page on; where it does not fit, the screen's last row says how to see
 * the rest. */
void page_help_draw(const struct model *model, int scroll, struct frame *frame);

#endif
