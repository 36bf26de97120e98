/*
 * When is a board a unified-memory one? The memory query is not supported, or its total is 0
 * (the driver binding reports that as not supported too), or its total is the host's own. A query
 * that failed for any other reason (lost, no permission, unknown) is N/A and never the host's RAM.
 */
#include "core/uma.h"

#include <math.h>

#include "base/mem.h"
#include "core/derive.h"
#include "core/device.h"

static struct value host_value(const struct value *totals, int id)
{
    return totals[id - NVITOP_HOST_CPU_PERCENT];
}

/* Within a thousandth: firmware may hold a few pages back. */
static bool is_same_size(struct value a, struct value b)
{
    double x = value_number(a, 0), y = value_number(b, 0);
    return x > 0 && y > 0 && fabs(x - y) <= y / 1000;
}

bool uma_is(const struct snapshot_device *row, const struct value *totals)
{
    if (row->mig >= 0 || !row->is_leaf || row->condition != DEVICE_OK)
        return false;
    struct value total = snapshot_device_value(row, NVITOP_DEV_MEMORY_TOTAL);
    if (value_is_na(total))
        return total.why == NVITOP_WHY_NOT_SUPPORTED;
    return is_same_size(total, host_value(totals, NVITOP_HOST_MEMORY_TOTAL));
}

/* No more than there is: single figures come from the driver and may be anything. */
static struct value sum_over_processes(const struct device_reading *reading, struct value total)
{
    uint64_t sum = 0, limit = (uint64_t)total.i;
    for (size_t i = 0; i < reading->process_count; i++) {
        struct value used = reading->processes[i].row.used_memory;
        if (used.kind == NVITOP_INT && used.i > 0)
            sum += MIN_OF((uint64_t)used.i, limit - sum);
    }
    return value_int((int64_t)sum);
}

void uma_apply(struct snapshot_device *row, const struct device_reading *reading,
               const struct value *totals, bool has_processes)
{
    if (!uma_is(row, totals))
        return;
    struct value total = host_value(totals, NVITOP_HOST_MEMORY_TOTAL);
    row->values[NVITOP_DEV_MEMORY_TOTAL - NVITOP_DEV_NAME] = total;
    row->values[NVITOP_DEV_MEMORY_FREE - NVITOP_DEV_NAME] =
        host_value(totals, NVITOP_HOST_MEMORY_AVAILABLE);
    row->values[NVITOP_DEV_MEMORY_USED - NVITOP_DEV_NAME] =
        has_processes && total.kind == NVITOP_INT ? sum_over_processes(reading, total)
                                                  : value_na(NVITOP_WHY_NOT_ASKED);
    row->values[NVITOP_DEV_MEMORY_RESERVED - NVITOP_DEV_NAME] = value_na(NVITOP_WHY_NOT_APPLICABLE);
    derive_values(row->values);
    row->values[NVITOP_DEV_MEMORY_KIND - NVITOP_DEV_NAME] = value_text("UMA");
}
