/* The date as the first line of the report and of the monitor has it. */
#ifndef NVITOP_VIEW_DATE_LINE_H
#define NVITOP_VIEW_DATE_LINE_H

#include <stdint.h>

struct frame;

/* `Sun Nov 22 14:23:46 2026`, local time. Returns the column after it. */
int date_line_draw(struct frame *frame, int row, uint64_t epoch_us);

#endif
