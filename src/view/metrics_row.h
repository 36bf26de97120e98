/* The row of values above the graphs of a process. */
#ifndef NVITOP_VIEW_METRICS_ROW_H
#define NVITOP_VIEW_METRICS_ROW_H

#include <stdbool.h>

struct frame;
struct model;
struct process_row;

/* Titles in `row`, values two rows below; columns that do not fit are left out from the right. */
void metrics_row_draw(const struct model *model, const struct process_row *process, bool is_gone,
                      struct frame *frame, int row);

#endif
