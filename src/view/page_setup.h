/* What the viewer can choose and have remembered: display mode, bars, host panel, columns. */
#ifndef NVITOP_VIEW_PAGE_SETUP_H
#define NVITOP_VIEW_PAGE_SETUP_H

#include <stddef.h>
#include <stdint.h>

#include "view/list_view.h"

struct frame;
struct model;

enum setup_kind { SETUP_MODE, SETUP_HOST, SETUP_PCIE, SETUP_COLUMN };

struct setup_item {
    enum setup_kind kind;
    size_t column; /* SETUP_COLUMN: the row of process_columns */
};

enum { PAGE_SETUP_TOP = 2 }; /* the row of the first item */

/* Rows that items stand in, and how many items there are to move in. */
int page_setup_rows(const struct model *model);
int page_setup_count(void);

/* The item on a line of the list, 0 <= at < page_setup_count(). */
struct setup_item page_setup_item(int at);

void page_setup_draw(const struct model *model, const struct list_view *list, struct frame *frame);

#endif
