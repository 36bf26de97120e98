/* Identity: a row is the selected one only if pid, start time and device are. */
#include "view/model.h"

bool selection_is(const struct selection *selection, const struct snapshot *snapshot,
                  const struct snapshot_process *process)
{
    int32_t physical = SNAPSHOT_NO_DEVICE, mig = SNAPSHOT_NO_DEVICE;
    if (process->device < snapshot->device_count) {
        physical = snapshot->devices[process->device].physical;
        mig = snapshot->devices[process->device].mig;
    }
    return selection_is_twin(selection, process) && selection->physical == physical &&
           selection->mig == mig;
}

bool selection_is_twin(const struct selection *selection, const struct snapshot_process *process)
{
    return selection->is_set && process_id_is(selection->process, process);
}

bool tags_have(const struct tags *tags, const struct snapshot_process *process)
{
    for (size_t i = 0; i < tags->count; i++)
        if (process_id_is(tags->ids[i], process))
            return true;
    return false;
}
