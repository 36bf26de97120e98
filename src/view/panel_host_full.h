/* The host with its last minutes: processor, memory and swap, and beside them the GPUs. */
#ifndef NVITOP_VIEW_PANEL_HOST_FULL_H
#define NVITOP_VIEW_PANEL_HOST_FULL_H

#include "view/frame.h"
#include "view/panel.h"

enum { PANEL_HOST_FULL_LINES = 12 };

/* Returns the row after it. The line above it, where the device box ends, becomes its top border.
 * Needs panel->model. */
int panel_host_full_draw(struct frame *frame, int top, const struct panel *panel);

#endif
