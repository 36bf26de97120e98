/* The system tells GPUs apart by their place on the PCI bus; a row that has none is of nobody whom
 * it counts. */
#include "core/process_memory.h"

#include "core/snapshot.h"
#include "host/host.h"
#include "nvml/nvml.h"

void process_memory_needs(struct metric_set *gpu)
{
    if (host_counts_gpu_memory())
        metric_set_add(gpu, NVITOP_DEV_BUS_ID);
}

struct value process_memory_of(const struct nvml_process *process,
                               const struct snapshot_device *device, struct host *host)
{
    struct value bus_id = snapshot_device_value(device, NVITOP_DEV_BUS_ID);
    if (!value_is_na(process->used_memory) || bus_id.kind != NVITOP_TEXT)
        return process->used_memory;
    struct value counted = host_gpu_memory(host, (pid_t)process->pid, bus_id.text);
    return value_is_na(counted) ? process->used_memory : counted;
}
