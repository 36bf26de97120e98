/* The host: processor, load, memory and swap in two lines. */
#ifndef NVITOP_VIEW_PANEL_HOST_H
#define NVITOP_VIEW_PANEL_HOST_H

#include "view/frame.h"
#include "view/panel.h"
#include "view/text.h"

struct snapshot;

enum { PANEL_HOST_LINES = 2 };

/* Returns the row after it. */
int panel_host_draw(struct frame *frame, int top, const struct panel *panel);

/* `Load Average:  0.73  0.69  0.35` */
void panel_host_load_text(const struct snapshot *snapshot, char ret_text[TEXT_SIZE]);

#endif
