/*
 * CUDA_VISIBLE_DEVICES → NVML devices, as the CUDA runtime reads it. Pure: works on a list of
 * facts, so that it can be tested without a driver.
 */
#ifndef NVITOP_CORE_VISIBLE_H
#define NVITOP_CORE_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A device that may be named: physical GPUs in NVML order, each followed by its MIG devices. */
struct visible_device {
    int32_t physical, mig; /* mig < 0: the GPU itself */
    const char *uuid;      /* full; NULL if unknown (such a device matches no name) */
    bool is_mig_enabled;   /* physical GPUs: MIG mode is on */
    uint32_t gpu_instance, compute_instance; /* MIG devices */
};

struct visible_index {
    int32_t physical, mig;
};

/*
 * `value`: the variable's text; NULL = unset = all. `order`: CUDA's own enumeration as NVML
 * indices (`order_count` of them) when the driver was asked, NULL = NVML (PCI bus) order.
 * Writes at most `device_count` results to ret and returns how many. A repeated device gives 0.
 */
size_t visible_resolve(const char *value, const struct visible_device *devices, size_t device_count,
                       const int32_t *order, size_t order_count, struct visible_index *ret);

/*
 * Asks libcuda, in a child process (the helper program `helper_path`), for the UUIDs of all GPUs
 * in CUDA's order under the current CUDA_DEVICE_ORDER, and maps them to NVML indices. Returns how
 * many were written to ret_order (at most device_count), 0 if the driver could not be asked. The
 * helper does not ask (0) when CUDA_DEVICE_ORDER=PCI_BUS_ID, and is not started for one GPU or
 * under MIG. Waits at most timeout_ms.
 */
size_t visible_ask_cuda(const char *helper_path, const struct visible_device *devices,
                        size_t device_count, unsigned timeout_ms, int32_t *ret_order);

#endif
