/* What a process has of a GPU's memory: the driver's figure, or where the driver does not know it,
 * the one that the system has counted. */
#ifndef NVITOP_CORE_PROCESS_MEMORY_H
#define NVITOP_CORE_PROCESS_MEMORY_H

#include "base/value.h"
#include "core/metric.h"

struct host;
struct nvml_process;
struct snapshot_device;

/* What has to be asked of a GPU to know which one the system speaks of. */
void process_memory_needs(struct metric_set *gpu);

/* INT bytes, or why it is not known. `device`: the row that lists it. */
struct value process_memory_of(const struct nvml_process *process,
                               const struct snapshot_device *device, struct host *host);

#endif
