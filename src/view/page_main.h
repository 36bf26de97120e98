/* The main screen: date, devices, host, processes, stacked and scrolled as one. */
#ifndef NVITOP_VIEW_PAGE_MAIN_H
#define NVITOP_VIEW_PAGE_MAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"

struct model;
struct process_list;

/* Where everything stands. Rows count from the top of the content; the screen's row is that plus
 * model->scroll_rows. */
struct main_layout {
    bool is_too_narrow;           /* only a box that says so; nothing below holds */
    enum panel_mode device, host; /* full or compact */
    bool is_dense;                /* one line a GPU; `device` does not hold then */
    bool is_process_separated;    /* a line between the processes of different GPUs */
    int device_top, host_top;     /* host_top == process_top: the host panel is hidden */
    int process_top;              /* the caution row */
    int first_process;            /* the first row of the table's body */
    int height;                   /* of the content */
};

void main_layout_make(const struct model *model, const struct process_list *list,
                      struct main_layout *ret_layout);

/* The content row of an entry of the list, and the entry at a content row (a separator's is the
 * one below it); -1: none. */
int main_layout_row_of(const struct main_layout *layout, const struct model *model,
                       const struct process_list *list, size_t at);
int main_layout_entry_at(const struct main_layout *layout, const struct model *model,
                         const struct process_list *list, int row);

/* How far the columns %CPU … COMMAND can be scrolled: the greatest offset. */
int page_main_scroll_max(const struct model *model, const struct process_list *list);

/* A frame of model->rows × model->columns; free with frame_free. */
void page_main_draw(const struct model *model, struct frame *frame);

/* The device metrics it shows now. */
void page_main_metrics(const struct model *model, struct metric_wanted *ret_wanted);

#endif
