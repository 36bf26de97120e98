/* The date as the first line of the report and of the monitor has it. */
#ifndef NVITOP_VIEW_DATE_LINE_H
#define NVITOP_VIEW_DATE_LINE_H

#include <stdint.h>

struct frame;

/* `Sun Nov 22 14:23:46 2026`, local time. Returns the column after it. */
int date_line_draw(struct frame *frame, int row, uint64_t epoch_us);

/* `14:23:46`, local time. */
enum { CLOCK_TEXT_SIZE = 16 };
void date_line_clock(uint64_t epoch_us, char ret_text[CLOCK_TEXT_SIZE]);

#endif
