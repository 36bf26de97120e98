/* The row above the process table: that one is root, what the filter is, what keys send signals,
 * and whatever the program has to say. */
#ifndef NVITOP_VIEW_CAUTION_ROW_H
#define NVITOP_VIEW_CAUTION_ROW_H

#include <stdbool.h>

#include "view/frame.h"

struct model;
struct panel;

/* Of a monitor: panel->model is set. */
void caution_row_draw(struct frame *frame, int row, const struct panel *panel,
                      bool is_selection_visible);

/* Whether a signal key would have somebody to act on: a tagged process, or the selected one. */
bool caution_row_has_target(const struct model *model, bool is_selection_visible);

#endif
