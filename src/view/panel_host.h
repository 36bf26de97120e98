/* The host: processor, load, memory and swap in two lines. */
#ifndef NVITOP_VIEW_PANEL_HOST_H
#define NVITOP_VIEW_PANEL_HOST_H

#include "view/frame.h"
#include "view/panel.h"

enum { PANEL_HOST_LINES = 2 };

/* Returns the row after it. */
int panel_host_draw(struct frame *frame, int top, const struct panel *panel);

#endif
