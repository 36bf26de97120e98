/* The process table. */
#ifndef NVITOP_VIEW_PANEL_PROCESS_H
#define NVITOP_VIEW_PANEL_PROCESS_H

#include "view/frame.h"
#include "view/panel.h"

struct snapshot;

/* The box of a report. PANEL_FULL draws a line between the processes of different GPUs,
 * PANEL_COMPACT does not. */
int panel_process_height(const struct snapshot *snapshot, enum panel_mode mode);

/* Columns that the widest row would need, its command uncut; LAYOUT_BOX without processes. */
int panel_process_widest(const struct snapshot *snapshot);

/* A monitor has the caution row above the box, and draws model's list. Returns the row after it. */
int panel_process_draw(struct frame *frame, int top, const struct panel *panel);

#endif
