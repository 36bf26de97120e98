/* What stands on a screen too narrow for anything else. */
#ifndef NVITOP_VIEW_PAGE_NARROW_H
#define NVITOP_VIEW_PAGE_NARROW_H

struct frame;

/* A box in the middle that says how wide the screen must be. Any size will do, from 1×1 up. */
void page_narrow_draw(struct frame *frame);

#endif
