/* Invariant: no process is tagged twice. */
#include "tui/selecting.h"

#include "base/mem.h"
#include "view/model.h"

void select_process(struct model *model, const struct snapshot_process *process)
{
    const struct snapshot *snapshot = model->snapshot;
    bool has_device = process->device < snapshot->device_count;
    const struct snapshot_device *device = has_device ? &snapshot->devices[process->device] : NULL;
    model->selection = (struct selection){
        .is_set = true,
        .process = snapshot_process_id(process),
        .physical = has_device ? device->physical : SNAPSHOT_NO_DEVICE,
        .mig = has_device ? device->mig : SNAPSHOT_NO_DEVICE,
    };
}

void select_nothing(struct model *model)
{
    model->selection = (struct selection){ 0 };
    model->tags.count = 0;
}

void tag_toggle(struct model *model, struct process_id process)
{
    struct tags *tags = &model->tags;
    for (size_t i = 0; i < tags->count; i++)
        if (process_id_equals(tags->ids[i], process)) {
            tags->ids[i] = tags->ids[--tags->count];
            return;
        }
    tags->ids = xreallocarray(tags->ids, tags->count + 1, sizeof(*tags->ids));
    tags->ids[tags->count++] = process;
}
