/*
 * One row of a GPU, by as few calls as that takes: for one who asks a single device. What is known
 * of it is shared with whole passes, so either way a fact is asked for once.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "core/derive.h"
#include "core/device.h"
#include "core/device_state.h"
#include "nvml/nvml.h"

static struct snapshot_device *begin_one(struct device_reading *reading)
{
    reading->rows = arena_array(&reading->arena, 1, sizeof(*reading->rows));
    reading->ages_ms = arena_array(&reading->arena, NVITOP_DEV_COUNT, sizeof(*reading->ages_ms));
    return reading->rows;
}

static const struct nvml_mig *find_child(const struct device *device, int32_t mig)
{
    for (size_t i = 0; i < device->child_count; i++)
        if ((int32_t)device->children[i].index == mig)
            return &device->children[i];
    return NULL;
}

/* The row of a MIG device. The list of them is looked at anew if it is old, if this one is not in
 * it, or if the answers say that it may be gone. NULL: there is none. */
static const struct nvml_mig *read_child(struct device *device, int32_t mig,
                                         const struct device_request *request, uint64_t now_ns,
                                         struct device_reading *reading)
{
    const struct nvml_mig *child = NULL;
    uint64_t age_ns = now_ns - device->children_ns;
    bool is_fresh = device->children_ns && age_ns < TIER_SLOW_S * CLOCK_NS_PER_S;
    for (int attempt = is_fresh ? 0 : 1; attempt < 2; attempt++) {
        if (attempt)
            device_look_for_children(device, now_ns);
        child = find_child(device, mig);
        if (!child)
            continue;
        reading->row_count = 0;
        device_read_mig_row(device, request, (size_t)(child - device->children), now_ns, reading);
        if (device->children_ns)
            break;
    }
    return child;
}

/* Derived metrics are as old as the older of what they come from. */
static void note_ages(const struct known *known, uint64_t now_ns, uint32_t *ages_ms)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        if (metric->tier == TIER_STATIC || metric->query == NVML_QUERY_NONE)
            continue;
        uint64_t asked_ns = known->asked_ns[metric->query];
        ages_ms[i] = asked_ns ? (uint32_t)((now_ns - asked_ns) / CLOCK_NS_PER_MS) : 0;
    }
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        struct metric_set from = { 0 };
        metric_set_add(&from, metric_device[i].id);
        derive_needs(&from);
        for (size_t k = 0; metric_device[i].query == NVML_QUERY_NONE && k < NVITOP_DEV_COUNT; k++)
            if (metric_set_has(&from, metric_device[k].id))
                ages_ms[i] = MAX_OF(ages_ms[i], ages_ms[k]);
    }
}

static bool read_one_child(struct device *device, int32_t mig, const struct device_request *request,
                           uint64_t now_ns, struct device_reading *reading)
{
    const struct nvml_mig *child = read_child(device, mig, request, now_ns, reading);
    if (!child)
        return false;
    note_ages(&device->migs[child - device->children], now_ns, reading->ages_ms);
    if (request->has_processes)
        device_read_processes(child->device, request, 0, reading);
    return true;
}

bool device_read_one(struct device *device, int32_t mig, const struct device_request *request,
                     struct device_reading *ret_reading)
{
    struct device_reading reading = { .has_processes = request->has_processes };
    struct device_request full = *request;
    struct snapshot_device *row = begin_one(&reading);
    uint64_t now_ns = clock_mono_ns();
    device_add_needs(&full);
    if (mig >= 0 && !read_one_child(device, mig, &full, now_ns, &reading)) {
        device_reading_done(&reading);
        return false;
    }
    if (mig < 0) {
        *row = (struct snapshot_device){ .physical = (int32_t)device->index,
                                         .mig = -1,
                                         .is_leaf = true };
        device_read_gpu(device, &full, now_ns, row, &reading);
        reading.row_count = 1;
        note_ages(&device->gpu, now_ns, reading.ages_ms);
        if (full.has_processes && row->condition == DEVICE_OK)
            device_read_processes(device->nvml, &full, 0, &reading);
    }
    *ret_reading = reading;
    return true;
}

void device_children(struct device *device, struct arena *arena, int32_t **ret_migs,
                     size_t *ret_count)
{
    struct device_request request = { .pace = { .is_uniform = true } };
    struct device_reading reading = { 0 };
    struct snapshot_device row = { 0 };
    uint64_t now_ns = clock_mono_ns();
    metric_set_add(&request.metrics.gpu, NVITOP_DEV_MIG_MODE);
    device_read_gpu(device, &request, now_ns, &row, &reading);
    device_find_children(device, &row, &request.pace, now_ns);
    device_reading_done(&reading);
    *ret_migs = arena_array(arena, device->child_count, sizeof(**ret_migs));
    *ret_count = device->child_count;
    for (size_t i = 0; i < device->child_count; i++)
        (*ret_migs)[i] = (int32_t)device->children[i].index;
}

bool device_handle(struct device *device, int32_t mig, void **ret_handle, int *ret_code)
{
    const struct nvml_device *nvml = device->nvml;
    if (mig >= 0) {
        device_look_for_children(device, clock_mono_ns());
        const struct nvml_mig *child = find_child(device, mig);
        if (!child)
            return false;
        nvml = child->device;
    }
    *ret_code = nvml_device_code(nvml);
    *ret_handle = nvml_device_handle(nvml);
    return true;
}

void device_forget(struct device *device)
{
    known_reset(&device->gpu);
    for (size_t i = 0; i < device->mig_count; i++)
        known_reset(&device->migs[i]);
    device->children_ns = 0;
    device->looked_up_ns = 0;
}
