/* Arguments of the public functions: checked once, here, for all of them. */
#include <string.h>

#include "api/api.h"
#include "base/mem.h"

bool api_is_array(const void *array, size_t cap, const size_t *ret_count)
{
    return ret_count && (array || !cap);
}

static uint32_t size_of(const void *sized)
{
    uint32_t size;
    memcpy(&size, sized, sizeof(size));
    return size;
}

bool api_copy_in(void *to, size_t to_size, const void *from)
{
    uint32_t size = size_of(from);
    if (size < sizeof(size))
        return false;
    memcpy(to, from, MIN_OF((size_t)size, to_size));
    return true;
}

bool api_copy_out(void *to, const void *from, size_t from_size)
{
    uint32_t size = size_of(to);
    if (size < sizeof(size))
        return false;
    size = (uint32_t)MIN_OF((size_t)size, from_size);
    memcpy(to, from, size);
    memcpy(to, &size, sizeof(size));
    return true;
}

bool api_are_devices_of(const struct nvitop_session *session, struct nvitop_device *const *devices,
                        size_t count)
{
    if (!devices && count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!devices[i] || devices[i]->session != session)
            return false;
    return true;
}

bool api_device_set(const int *ids, size_t count, struct metric_set *ret_set)
{
    struct metric_set set = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (metric_scope(ids[i]) != NVITOP_SCOPE_DEVICE)
            return false;
        metric_set_add(&set, ids[i]);
    }
    *ret_set = set;
    return true;
}
