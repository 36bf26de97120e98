/* The order of the list decides between equals, so that they do not change places between two
 * snapshots. */
#include "report/largest.h"

#include <stdlib.h>

#include "base/value.h"
#include "core/snapshot.h"

static double memory_of(const struct snapshot_process *process)
{
    return value_number(snapshot_process_value(process, NVITOP_PROC_GPU_MEMORY), -1);
}

static int compare(const void *a, const void *b)
{
    const struct snapshot_process *const *left = a, *const *right = b;
    double difference = memory_of(*right) - memory_of(*left);
    if (difference != 0)
        return difference > 0 ? 1 : -1;
    return (*left > *right) - (*left < *right);
}

void largest_first(const struct snapshot_process **rows, size_t count)
{
    qsort(rows, count, sizeof(*rows), compare);
}
