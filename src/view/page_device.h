/* Everything that is known of one GPU: a line per metric, with its value or why there is none. */
#ifndef NVITOP_VIEW_PAGE_DEVICE_H
#define NVITOP_VIEW_PAGE_DEVICE_H

#include <stddef.h>

#include "core/metric.h"
#include "view/list_view.h"

struct frame;
struct model;

struct device_page {
    size_t device; /* row of the snapshot; one that is not there: no GPU to show */
    struct list_view list;
};

enum { PAGE_DEVICE_TOP = 2 }; /* the row of the first metric */

/* Rows that metrics stand in, and how many metrics there are to move in. */
int page_device_rows(const struct model *model);
int page_device_count(void);

void page_device_draw(const struct model *model, const struct device_page *page,
                      struct frame *frame);

/* The metrics it shows: all but those that are costly to ask for. */
void page_device_metrics(struct metric_wanted *wanted);

#endif
