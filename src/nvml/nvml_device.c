/*
 * One device handle and what is remembered about it. Invariant: `handle` is NULL exactly if
 * `code` is not 0, and then no driver function ever sees it (the driver would follow it).
 *
 * A call that answered "not supported" or is missing is not repeated for 60 s. All that is
 * forgotten when the device itself may have changed: after codes 1, 2 and 15, and when MIG mode
 * was switched. A code forgets once, when it first appears at its call: a call that always
 * answers "invalid argument" must not cost all others their memory at every tick.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "nvml/nvml_internal.h"

#define RETRY_NS (60 * CLOCK_NS_PER_S)

struct nvml_device *nvml_device_new(struct nvml *nvml, nvml_handle handle, int code)
{
    struct nvml_device *device = xcalloc(1, sizeof(*device));
    device->nvml = nvml;
    device->handle = code ? NULL : handle;
    device->code = code || handle ? code : NVML_ABI_ERROR_UNKNOWN;
    device->mig_mode = -1;
    return device;
}

struct nvml_device *nvml_device_open(struct nvml *nvml, unsigned index)
{
    nvml_handle handle = NULL;
    int code = NVML_CALL(nvml, nvml->symbols.handle_by_index, index, &handle);
    return nvml_device_new(nvml, handle, code);
}

void nvml_device_free(struct nvml_device *device)
{
    if (!device)
        return;
    for (size_t i = 0; i < device->child_count; i++)
        nvml_device_free(device->children[i].device);
    for (size_t i = 0; i < NVML_LIST_COUNT; i++)
        free(device->lists[i].bytes);
    nvml_gpm_done(device);
    free(device->children);
    free(device->samples);
    free(device);
}

int nvml_device_code(const struct nvml_device *device)
{
    return device->code;
}

void *nvml_device_handle(const struct nvml_device *device)
{
    return device->handle;
}

int nvml_device_refused(const struct nvml_device *device, size_t slot)
{
    const struct nvml_refusal *refusal = &device->refusals[slot];
    if (device->code)
        return device->code;
    return refusal->until_ns > device->nvml->now_ns() ? refusal->code : NVML_ABI_SUCCESS;
}

void nvml_device_retry(struct nvml_device *device)
{
    for (size_t i = 0; i < NVML_SLOT_COUNT; i++)
        device->refusals[i].until_ns = 0;
    device->is_memory_plain = device->is_temperature_plain = false;
}

static bool is_lasting(int code)
{
    return code == NVML_ABI_ERROR_NOT_SUPPORTED || code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND ||
           code == NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH || code == NVML_ABI_ERROR_DEPRECATED;
}

static bool is_upheaval(int code)
{
    return code == NVML_ABI_ERROR_UNINITIALIZED || code == NVML_ABI_ERROR_INVALID_ARGUMENT ||
           code == NVML_ABI_ERROR_GPU_IS_LOST;
}

void nvml_device_note(struct nvml_device *device, size_t slot, int code)
{
    struct nvml_refusal *refusal = &device->refusals[slot];
    if (is_upheaval(code) && refusal->code != code)
        nvml_device_retry(device);
    refusal->code = code;
    refusal->until_ns = is_lasting(code) ? device->nvml->now_ns() + RETRY_NS : 0;
}
