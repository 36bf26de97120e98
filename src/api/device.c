/* Devices: finding them, and asking one of them. */
#include <stdlib.h>

#include "api/api.h"
#include "base/mem.h"

static int begin(const struct nvitop_device *device)
{
    return device ? api_begin(device->session) : NVITOP_EINVAL;
}

static void end(const struct nvitop_device *device)
{
    api_end(device->session);
}

/* ---- the list ---- */

int nvitop_device_count(struct nvitop_session *session, uint32_t *ret_count)
{
    struct session_driver driver;
    struct arena arena = { 0 };
    int status = ret_count ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = session_driver(session->core, &arena, &driver);
    arena_done(&arena);
    if (status == NVITOP_OK)
        *ret_count = driver.gpu_count;
    api_end(session);
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

/* All GPUs, lost or silent ones too: nobody is asked. */
static int add_gpus(struct list *list)
{
    uint32_t count;
    int status = nvitop_device_count(list->session, &count);
    for (uint32_t i = 0; status == NVITOP_OK && i < count; i++)
        add(list, (struct nvitop_index){ (int32_t)i, -1 });
    return status;
}

static bool is_listed(const struct snapshot_device *row, uint32_t flags)
{
    bool is_mig_on = value_number(snapshot_device_value(row, NVITOP_DEV_MIG_MODE), 0) > 0;
    if (!(flags & NVITOP_LIST_LEAVES))
        return true;
    return row->mig >= 0 || (row->is_leaf && !is_mig_on);
}

static int add_some(struct list *list, uint32_t flags)
{
    struct snapshot *survey;
    int status = api_survey(list->session, &survey);
    if (status < 0)
        return status;
    for (size_t i = 0; i < survey->device_count; i++) {
        const struct snapshot_device *row = &survey->devices[i];
        if (is_listed(row, flags))
            add(list, (struct nvitop_index){ row->physical, row->mig });
    }
    snapshot_unref(survey);
    return NVITOP_OK;
}

int nvitop_device_list(struct nvitop_session *session, uint32_t flags,
                       struct nvitop_device **ret_devices, size_t cap, size_t *ret_count)
{
    struct list list = { session, ret_devices, cap, 0 };
    bool is_good = !(flags & ~(uint32_t)(NVITOP_LIST_MIG | NVITOP_LIST_LEAVES)) &&
                   api_is_array(ret_devices, cap, ret_count);
    int status = is_good ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = flags ? add_some(&list, flags) : add_gpus(&list);
    if (status == NVITOP_OK)
        *ret_count = list.count;
    api_end(session);
    return status;
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

static int find_index(struct nvitop_session *session, struct nvitop_index index)
{
    uint32_t count;
    int status = nvitop_device_count(session, &count);
    if (status < 0)
        return status;
    if (index.physical < 0 || index.physical >= (int64_t)count)
        return NVITOP_EINVAL;
    return index.mig < 0 ? NVITOP_OK : find_child(session, index);
}

int nvitop_device_by_index(struct nvitop_session *session, struct nvitop_index index,
                           struct nvitop_device **ret_device)
{
    int status = ret_device ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    index.mig = MAX_OF(index.mig, -1);
    status = find_index(session, index);
    if (status == NVITOP_OK)
        *ret_device = api_device(session, index);
    api_end(session);
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
    int status = api_is_array(ret_devices, cap, ret_count) ? begin(device) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    struct list list = { device->session, ret_devices, cap, 0 };
    if (device->index.mig < 0)
        status =
            session_children(device->session->core, device->index.physical, &arena, &migs, &count);
    for (size_t i = 0; status == NVITOP_OK && i < count; i++)
        add(&list, (struct nvitop_index){ device->index.physical, migs[i] });
    arena_done(&arena);
    if (status == NVITOP_OK)
        *ret_count = list.count;
    end(device);
    return status;
}

/* ---- asking ---- */

int nvitop_device_status(struct nvitop_device *device)
{
    void *handle;
    return nvitop_device_nvml_handle(device, &handle);
}

static int look_up(struct nvitop_device *device, void **ret_handle, int *ret_code)
{
    int status = begin(device);
    if (status < 0)
        return status;
    status = session_handle(device->session->core, device->index, ret_handle, ret_code);
    end(device);
    return status;
}

int nvitop_device_nvml_handle(struct nvitop_device *device, void **ret_handle)
{
    void *handle = NULL;
    int code = 0, status = ret_handle ? look_up(device, &handle, &code) : NVITOP_EINVAL;
    if (status == NVITOP_OK && !handle)
        status = nvml_code_status(code);
    if (status == NVITOP_OK)
        *ret_handle = handle;
    return status;
}

int nvitop_device_nvml_code(struct nvitop_device *device, int32_t *ret_code)
{
    void *handle;
    int code, status = ret_code ? look_up(device, &handle, &code) : NVITOP_EINVAL;
    if (status == NVITOP_OK)
        *ret_code = code;
    return status;
}

static int read_device(struct nvitop_device *device, const struct metric_set *wanted,
                       const int *ids, size_t count, struct nvitop_value *ret_values)
{
    struct arena arena = { 0 };
    struct session_reading *reading = xmalloc(sizeof(*reading));
    int status = session_read(device->session->core, device->index, wanted, &arena, reading);
    for (size_t i = 0; status == NVITOP_OK && i < count; i++) {
        size_t at = (size_t)(ids[i] - NVITOP_DEV_NAME);
        ret_values[i] = api_value_kept(device->session, reading->row.values[at]);
        ret_values[i].age_ms = reading->ages_ms[at];
    }
    free(reading);
    arena_done(&arena);
    return status;
}

int nvitop_device_read(struct nvitop_device *device, const int *ids, size_t count,
                       struct nvitop_value *ret_values)
{
    struct metric_set wanted;
    bool is_good = (!count || (ids && ret_values)) && api_device_set(ids, count, &wanted);
    int status = is_good ? begin(device) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = read_device(device, &wanted, ids, count, ret_values);
    end(device);
    return status;
}

int nvitop_device_cache_clear(struct nvitop_device *device)
{
    int status = begin(device);
    if (status < 0)
        return status;
    session_forget(device->session->core, device->index.physical);
    end(device);
    return NVITOP_OK;
}
