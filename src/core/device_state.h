/* What the parts of a device share; core/device.h is for everybody else. */
#ifndef NVITOP_CORE_DEVICE_STATE_H
#define NVITOP_CORE_DEVICE_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "core/known.h"
#include "core/snapshot.h"
#include "nvml/nvml.h"

struct device_reading;
struct device_request;

struct device {
    struct nvml *library;
    struct nvml_device *nvml;
    unsigned index;
    struct known gpu;
    struct known *migs; /* by position among the children */
    size_t mig_count;
    const struct nvml_mig *children; /* as last looked for */
    size_t child_count;
    uint64_t children_ns;            /* when that was; 0: at once */
    enum device_condition condition; /* of the GPU, after the last pass */
    int code;
    uint64_t looked_up_ns;
};

/* What has to be asked for the sake of others. */
void device_add_needs(struct device_request *request);

/* The GPU's own row, in `row`; what is heard of the driver goes into the reading. */
void device_read_gpu(struct device *device, const struct device_request *request, uint64_t now_ns,
                     struct snapshot_device *row, struct device_reading *reading);

/* The row of the child at this position, behind the rows of the reading. */
void device_read_mig_row(struct device *device, const struct device_request *request, size_t at,
                         uint64_t now_ns, struct device_reading *reading);

/* The processes of one handle, as those of this row of the reading. */
void device_read_processes(struct nvml_device *nvml, const struct device_request *request,
                           size_t row, struct device_reading *reading);

/* Looks for MIG devices now; or where the GPU's row says that there may be any, and it is time to.
 */
void device_look_for_children(struct device *device, uint64_t now_ns);
void device_find_children(struct device *device, const struct snapshot_device *gpu,
                          const struct pace *pace, uint64_t now_ns);

#endif
