/* The look of a device. Attributes are a monitor's alone: a report selects nothing. */
#include "view/device_style.h"

#include "base/mem.h"
#include "core/snapshot.h"
#include "view/model.h"

enum theme_role device_style_role(const struct snapshot_device *device, const struct theme *theme)
{
    if (device->condition == DEVICE_WAITING)
        return ROLE_FAINT;
    if (device->condition != DEVICE_OK && device->condition != DEVICE_SUSPENDED)
        return ROLE_TROUBLE;
    enum theme_role memory = theme_load(snapshot_device_value(device, NVITOP_DEV_MEMORY_PERCENT),
                                        theme->memory_thresholds);
    if (device->mig >= 0)
        return memory;
    enum theme_role gpu =
        theme_load(snapshot_device_value(device, NVITOP_DEV_UTIL_GPU), theme->gpu_thresholds);
    return MAX_OF(memory, gpu); /* the roles of load ascend */
}

unsigned device_style_attributes(const struct snapshot_device *device, const struct panel *panel)
{
    if (!panel->model)
        return 0;
    const struct selection *selection = &panel->model->selection;
    if (device->is_stale)
        return ATTR_DIM;
    if (!selection->is_set || selection->physical < 0)
        return 0;
    if (selection->physical == device->physical && selection->mig == device->mig)
        return ATTR_BOLD;
    return device->mig >= 0 || selection->physical != device->physical ? ATTR_DIM : 0;
}
