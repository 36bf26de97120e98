/* Columns of fixed place and width: the one row of a table that says what stands where. Heading,
 * cells and the question "which metrics does this screen need" all read that row. */
#ifndef NVITOP_VIEW_COLUMN_H
#define NVITOP_VIEW_COLUMN_H

#include <stddef.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/text.h"

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

/* What a cell shows that is no metric. */
enum column_fact {
    COLUMN_NOTHING,
    COLUMN_DEVICE_INDEX, /* "3" or "0:1" */
    COLUMN_PHYSICAL_INDEX,
    COLUMN_MIG_INDEX,
    COLUMN_PID,
    COLUMN_TYPE,       /* C, G, X */
    COLUMN_GPU_MEMORY, /* of a process, with its word for "not available" under WSL */
    COLUMN_COMMAND,
    COLUMN_FACT_END
};

struct column {
    const char *title; /* process table only; device headings are two words a cell */
    int start, width;
    enum align align;
    int sources[2]; /* metric ids or enum column_fact */
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    const char *mark; /* ends a text that is cut; NULL: numbers, see column_draw */
    bool is_cut_at_start;
};

/*
 * Draws a text into its column, never beyond it: too long a text is cut and marked. A column
 * without a mark holds numbers: one that is one digit too long takes the blank before the column
 * rather than lose a digit.
 */
void column_draw(struct frame *frame, int row, const struct column *column, const char *text);

/* Adds the device metrics among the columns' sources. */
void column_metrics(const struct column *columns, size_t count, struct metric_set *set);

#endif
