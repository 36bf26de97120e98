/*
 * MIG devices of a GPU. All indices are looked at, for there may be holes. A device is known by
 * its UUID: the same instance stays the same object (with what it remembers) wherever it moves,
 * and a new instance under old numbers is a new object. An index that fails for another reason
 * than being empty keeps the device that was there: trouble is not the end of an instance.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nvml/nvml_internal.h"

enum { MIG_COUNT_MAX = 64 };

struct found {
    nvml_handle handle;
    char uuid[NVML_ABI_DEVICE_UUID_V2_BUFFER_SIZE + 1];
};

static uint32_t count_max(struct nvml_device *device)
{
    uint32_t count = 0;
    if (!device->handle)
        return 0;
    if (NVML_CALL(device->nvml, device->nvml->symbols.mig_count_max, device->handle, &count))
        return 0;
    return MIN_OF(count, (uint32_t)MIG_COUNT_MAX);
}

static int look(struct nvml_device *device, uint32_t index, struct found *ret_found)
{
    struct nvml *nvml = device->nvml;
    memset(ret_found, 0, sizeof(*ret_found));
    int code =
        NVML_CALL(nvml, nvml->symbols.mig_by_index, device->handle, index, &ret_found->handle);
    if (!code && !ret_found->handle)
        code = NVML_ABI_ERROR_NOT_FOUND;
    if (!code)
        code = NVML_CALL(nvml, nvml->symbols.uuid, ret_found->handle, ret_found->uuid,
                         NVML_ABI_DEVICE_UUID_V2_BUFFER_SIZE);
    if (code)
        *ret_found->uuid = 0;
    return code;
}

static bool is_empty(int code)
{
    return code == NVML_ABI_ERROR_NOT_FOUND || code == NVML_ABI_ERROR_INVALID_ARGUMENT ||
           code == NVML_ABI_ERROR_NOT_SUPPORTED || code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
}

/* Takes a child out of the old list, NULL if it is not there. */
static struct nvml_device *take(struct nvml_mig *old, size_t count, unsigned index,
                                const char *uuid)
{
    for (size_t i = 0; i < count; i++) {
        struct nvml_device *child = old[i].device;
        if (child && (uuid ? strcmp(child->uuid, uuid) == 0 : old[i].index == index)) {
            old[i].device = NULL;
            return child;
        }
    }
    return NULL;
}

static struct nvml_device *adopt(struct nvml_device *parent, struct nvml_mig *old, size_t count,
                                 unsigned index)
{
    struct found found;
    int code = look(parent, index, &found);
    if (code && !found.handle)
        return is_empty(code) ? NULL : take(old, count, index, NULL);
    struct nvml_device *child = take(old, count, index, *found.uuid ? found.uuid : NULL);
    if (!child)
        child = nvml_device_new(parent->nvml, found.handle, NVML_ABI_SUCCESS);
    child->handle = found.handle;
    if (*found.uuid)
        memcpy(child->uuid, found.uuid, sizeof(child->uuid));
    return child;
}

void nvml_device_mig_children(struct nvml_device *device, const struct nvml_mig **ret_children,
                              size_t *ret_count)
{
    uint32_t max = count_max(device);
    size_t old_count = device->child_count, count = 0;
    struct nvml_mig *old = device->children;
    struct nvml_mig *children = max ? xcalloc(max, sizeof(*children)) : NULL;
    for (uint32_t i = 0; i < max; i++) {
        struct nvml_device *child = adopt(device, old, old_count, i);
        if (child)
            children[count++] =
                (struct nvml_mig){ .index = i, .device = child, .uuid = child->uuid };
    }
    for (size_t i = 0; i < old_count; i++)
        nvml_device_free(old[i].device);
    free(old);
    device->children = children;
    device->child_count = count;
    *ret_children = children;
    *ret_count = count;
}
