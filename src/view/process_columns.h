/* The columns of the process table. */
#ifndef NVITOP_VIEW_PROCESS_COLUMNS_H
#define NVITOP_VIEW_PROCESS_COLUMNS_H

#include <stddef.h>

#include "view/column.h"
#include "view/text.h"

struct snapshot;
struct snapshot_process;

extern const struct column process_columns[];
extern const size_t process_column_count;

enum { PROCESS_TIME_COLUMN = 56, PROCESS_TIME_WIDTH = 4 };

/* What stands in a cell. */
void process_column_text(const struct column *column, const struct snapshot *snapshot,
                         const struct snapshot_process *process, char ret_text[TEXT_SIZE]);

/* The widest running time, at least PROCESS_TIME_WIDTH: TIME grows, and COMMAND moves with it. */
int process_time_width(const struct snapshot *snapshot);

/* The last cell. `ret_scratch` holds the words where there is no command line; the text returned
 * is either that or the snapshot's own. *ret_is_note tells that it says why there is none. */
const char *process_command(const struct snapshot_process *process, char ret_scratch[TEXT_SIZE],
                            bool *ret_is_note);

#endif
