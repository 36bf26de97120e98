/* Who looks, and where: `user@host` at the right end of a row within a frame. */
#ifndef NVITOP_VIEW_VIEWER_H
#define NVITOP_VIEW_VIEWER_H

#include "view/frame.h"
#include "view/panel.h"

/* A long one loses its end; ends a blank before the border. */
void viewer_draw(struct frame *frame, int row, const struct panel *panel);

#endif
