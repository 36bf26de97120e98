/* Which processes are told where not all are: those with the most GPU memory. */
#ifndef NVITOP_REPORT_LARGEST_H
#define NVITOP_REPORT_LARGEST_H

#include <stddef.h>

struct snapshot_process;

/* Most GPU memory first; those of which it is not known last; else as they are listed. The rows are
 * of one snapshot. */
void largest_first(const struct snapshot_process **rows, size_t count);

#endif
