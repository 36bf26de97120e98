/* The heading and the rows of the process table, between the borders of its box. */
#ifndef NVITOP_VIEW_PROCESS_TABLE_H
#define NVITOP_VIEW_PROCESS_TABLE_H

#include "view/column.h"
#include "view/process_columns.h"

struct frame;
struct model;
struct panel;
struct process_list;

struct process_table {
    struct frame *frame;
    const struct panel *panel;
    struct column places[COLUMN_COUNT];
    int block;  /* where the part begins that can be scrolled to the side: %CPU … COMMAND */
    int offset; /* how far it is: SCROLL_START, or >= 0 */
};

void process_table_init(struct process_table *table, struct frame *frame, const struct panel *panel,
                        const struct process_list *list);

void process_table_heading(const struct process_table *table, int row);
void process_table_row(const struct process_table *table, int row,
                       const struct process_row *process);

/* The greatest offset: the longest row ends at the border. SCROLL_START if all of them fit. */
int process_table_scroll_max(const struct model *model, const struct process_list *list);

#endif
