/* Columns: where a text stands in a row, how it is aligned, and what is left of one too long. */
#ifndef NVITOP_VIEW_COLUMN_H
#define NVITOP_VIEW_COLUMN_H

#include <stdbool.h>

#include "view/frame.h"
#include "view/text.h"

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

struct column {
    int start, width;
    enum align align;
    const char *mark; /* ends a text that is cut; NULL: numbers, see column_draw */
    bool is_cut_at_start;
};

/*
 * Draws a text into its column, never beyond it: too long a text is cut and marked. A column
 * without a mark holds numbers: one that is one digit too long takes the blank before the column
 * rather than lose a digit.
 */
void column_draw(struct frame *frame, int row, const struct column *column, const char *text);

/* What column_draw would draw, and where: returns the text or its cut copy in ret_cut. */
const char *column_fit(const struct column *column, const char *text, char ret_cut[TEXT_SIZE],
                       int *ret_start);

#endif
