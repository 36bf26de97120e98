/* Devices: finding them, and asking one of them. */
#include <stdlib.h>

#include "api/api.h"
#include "base/mem.h"

static int enter_device(const struct nvitop_device *device)
{
    return device ? api_enter(device->session) : NVITOP_EINVAL;
}

/* ---- the list ---- */

int nvitop_device_count(struct nvitop_session *session, uint32_t *ret_count)
{
    struct session_driver driver;
    struct arena arena = { 0 };
    if (!ret_count || api_enter(session) < 0)
        return NVITOP_EINVAL;
    int status = session_driver(session->core, &arena, &driver);
    arena_done(&arena);
    if (status == NVITOP_OK)
        *ret_count = driver.gpu_count;
    return status;
}

/* A list that is written as far as there is room, and counted. */
struct list {
    struct nvitop_session *session;
    struct nvitop_device **devices;
    size_t cap, count;
};

static void add(struct list *list, struct nvitop_index index)
{
    struct nvitop_device *device = api_device(list->session, index);
    if (list->count < list->cap)
        list->devices[list->count] = device;
    list->count++;
}

static void add_gpus(struct list *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        add(list, (struct nvitop_index){ (int32_t)i, -1 });
}

static bool is_listed(const struct snapshot_device *row, uint32_t flags)
{
    bool is_mig_on = value_number(snapshot_device_value(row, NVITOP_DEV_MIG_MODE), 0) > 0;
    if (!(flags & NVITOP_LIST_LEAVES))
        return true;
    return row->mig >= 0 || (row->is_leaf && !is_mig_on);
}

int nvitop_device_list(struct nvitop_session *session, uint32_t flags,
                       struct nvitop_device **ret_devices, size_t cap, size_t *ret_count)
{
    struct list list = { session, ret_devices, cap, 0 };
    struct snapshot *survey;
    uint32_t gpu_count;
    if (!api_is_array(ret_devices, cap, ret_count) || api_enter(session) < 0 ||
        (flags & ~(uint32_t)(NVITOP_LIST_MIG | NVITOP_LIST_LEAVES)))
        return NVITOP_EINVAL;
    int status = flags ? api_survey(session, &survey) : nvitop_device_count(session, &gpu_count);
    if (status < 0)
        return status;
    if (!flags) {
        add_gpus(&list, gpu_count);
    } else {
        for (size_t i = 0; i < survey->device_count; i++)
            if (is_listed(&survey->devices[i], flags))
                add(&list,
                    (struct nvitop_index){ survey->devices[i].physical, survey->devices[i].mig });
        snapshot_unref(survey);
    }
    *ret_count = list.count;
    return NVITOP_OK;
}

/* ---- one of them ---- */

/* NVITOP_ENOTFOUND: there is no such MIG device. */
static int find_child(struct nvitop_session *session, struct nvitop_index index)
{
    struct arena arena = { 0 };
    int32_t *migs;
    size_t count;
    int status = session_children(session->core, index.physical, &arena, &migs, &count);
    if (status == NVITOP_OK) {
        status = NVITOP_ENOTFOUND;
        for (size_t i = 0; i < count; i++)
            if (migs[i] == index.mig)
                status = NVITOP_OK;
    } else if (status == NVITOP_ETIMEOUT && api_device_known(session, index)) {
        status = NVITOP_OK;
    }
    arena_done(&arena);
    return status;
}

int nvitop_device_by_index(struct nvitop_session *session, struct nvitop_index index,
                           struct nvitop_device **ret_device)
{
    uint32_t count;
    if (!ret_device)
        return NVITOP_EINVAL;
    int status = nvitop_device_count(session, &count);
    if (status < 0)
        return status;
    if (index.physical < 0 || index.physical >= (int64_t)count)
        return NVITOP_EINVAL;
    if (index.mig >= 0)
        status = find_child(session, index);
    else
        index.mig = -1;
    if (status == NVITOP_OK)
        *ret_device = api_device(session, index);
    return status;
}

struct nvitop_index nvitop_device_index(const struct nvitop_device *device)
{
    return device ? device->index : (struct nvitop_index){ -1, -1 };
}

struct nvitop_device *nvitop_device_parent(const struct nvitop_device *device)
{
    return device ? device->parent : NULL;
}

int nvitop_device_mig_children(struct nvitop_device *device, struct nvitop_device **ret_devices,
                               size_t cap, size_t *ret_count)
{
    struct arena arena = { 0 };
    int32_t *migs = NULL;
    size_t count = 0;
    if (!api_is_array(ret_devices, cap, ret_count) || enter_device(device) < 0)
        return NVITOP_EINVAL;
    struct list list = { device->session, ret_devices, cap, 0 };
    int status = NVITOP_OK;
    if (device->index.mig < 0)
        status =
            session_children(device->session->core, device->index.physical, &arena, &migs, &count);
    for (size_t i = 0; status == NVITOP_OK && i < count; i++)
        add(&list, (struct nvitop_index){ device->index.physical, migs[i] });
    arena_done(&arena);
    if (status == NVITOP_OK)
        *ret_count = list.count;
    return status;
}

/* ---- asking ---- */

int nvitop_device_status(struct nvitop_device *device)
{
    void *handle;
    int status = enter_device(device);
    return status < 0 ? status : session_handle(device->session->core, device->index, &handle);
}

int nvitop_device_nvml_handle(struct nvitop_device *device, void **ret_handle)
{
    void *handle = NULL;
    if (!ret_handle || enter_device(device) < 0)
        return NVITOP_EINVAL;
    int status = session_handle(device->session->core, device->index, &handle);
    if (status == NVITOP_OK)
        *ret_handle = handle;
    return status;
}

int nvitop_device_read(struct nvitop_device *device, const int *ids, size_t count,
                       struct nvitop_value *ret_values)
{
    struct metric_set wanted;
    struct arena arena = { 0 };
    if ((count && (!ids || !ret_values)) || enter_device(device) < 0 ||
        !api_device_set(ids, count, &wanted))
        return NVITOP_EINVAL;
    struct session_reading *reading = xmalloc(sizeof(*reading));
    int status = session_read(device->session->core, device->index, &wanted, &arena, reading);
    for (size_t i = 0; status == NVITOP_OK && i < count; i++) {
        size_t at = (size_t)(ids[i] - NVITOP_DEV_NAME);
        ret_values[i] = api_value_kept(device->session, reading->row.values[at]);
        ret_values[i].age_ms = reading->ages_ms[at];
    }
    free(reading);
    arena_done(&arena);
    return status;
}

int nvitop_device_cache_clear(struct nvitop_device *device)
{
    int status = enter_device(device);
    if (status == NVITOP_OK)
        session_forget(device->session->core, device->index.physical);
    return status;
}
