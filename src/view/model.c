/* Identity: a row is the selected one only if pid, start time and device are. */
#include "view/model.h"

static bool is_same(struct process_id id, const struct snapshot_process *process)
{
    return id.pid == process->pid && id.start_ticks == process->start_ticks;
}

bool selection_is(const struct selection *selection, const struct snapshot *snapshot,
                  const struct snapshot_process *process)
{
    int32_t physical = SNAPSHOT_NO_DEVICE, mig = SNAPSHOT_NO_DEVICE;
    if (process->device < snapshot->device_count) {
        physical = snapshot->devices[process->device].physical;
        mig = snapshot->devices[process->device].mig;
    }
    return selection->is_set && is_same(selection->process, process) &&
           selection->physical == physical && selection->mig == mig;
}

bool tags_have(const struct tags *tags, const struct snapshot_process *process)
{
    for (size_t i = 0; i < tags->count; i++)
        if (is_same(tags->ids[i], process))
            return true;
    return false;
}
