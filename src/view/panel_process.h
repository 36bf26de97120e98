/* The process table. */
#ifndef NVITOP_VIEW_PANEL_PROCESS_H
#define NVITOP_VIEW_PANEL_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/frame.h"
#include "view/panel.h"

struct process_list;
struct snapshot;

/* Rows of the box: of its heading, and of all of it where no process is listed. */
enum { PANEL_PROCESS_HEADING = 4, PANEL_PROCESS_EMPTY = PANEL_PROCESS_HEADING + 2 };

/* Where processes are set apart, does a line stand above this one of the list? By physical GPU: the
 * MIG devices of one are not set apart. */
bool panel_process_has_line(const struct snapshot *snapshot, const struct process_list *list,
                            size_t at);

/* The box of a report. PANEL_FULL draws a line between the processes of different GPUs,
 * PANEL_COMPACT does not. */
int panel_process_height(const struct snapshot *snapshot, enum panel_mode mode);

/* Columns that the widest row would need, its command uncut; LAYOUT_BOX without processes. */
int panel_process_widest(const struct snapshot *snapshot, uint32_t hidden);

/* A monitor has the caution row above the box, and draws model's list. Returns the row after it. */
int panel_process_draw(struct frame *frame, int top, const struct panel *panel);

#endif
