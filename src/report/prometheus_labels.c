/* The names, sorted as strcmp does. A test collects those of several scenarios and compares. */
#include "report/prometheus_labels.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

static const char *const names[] = {
    "GPU_I_ID",
    "GPU_I_PROFILE",
    "UUID",
    "architecture",
    "batch_job_id",
    "board_part_number",
    "cause",
    "clock",
    "code",
    "collector",
    "command",
    "compute_capability",
    "compute_instance",
    "container_id",
    "cuda_driver_version",
    "cuda_version",
    "device",
    "device_count",
    "devicename",
    "direction",
    "driver_version",
    "gpu",
    "gpu_instance",
    "handler",
    "index",
    "link",
    "minor",
    "mode",
    "modelName",
    "name",
    "pci_bus_id",
    "pid",
    "pod_uid",
    "reason",
    "scope",
    "sensor",
    "serial",
    "slurm_job_id",
    "status",
    "threshold",
    "type",
    "user",
    "username",
    "uuid",
    "vbios_version",
    "version",
    "xid",
};

bool prometheus_has_label(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}
