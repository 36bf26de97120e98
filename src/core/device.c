/*
 * Reading one GPU. Invariant: within one pass each driver call is made at most once per handle;
 * a metric of the static tier is asked until it has been answered, then never again.
 */
#include "core/device.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/derive.h"

enum { UUID_SIZE = 96 };

/* What is known for good of one handle. */
struct known {
    struct arena arena;
    struct value values[NVITOP_DEV_COUNT]; /* NOT_ASKED until answered */
    uint64_t answered;                     /* bit per query that gave at least one static fact */
    char uuid[UUID_SIZE];                  /* MIG devices: whose facts these are */
};

struct device {
    struct nvml_device *nvml;
    unsigned index;
    struct known gpu;
    struct known *migs; /* by position among the children */
    size_t mig_count;
};

static void known_reset(struct known *known)
{
    arena_done(&known->arena);
    *known = (struct known){ 0 };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        known->values[i] = value_na(NVITOP_WHY_NOT_ASKED);
}

struct device *device_open(struct nvml *nvml, unsigned index)
{
    struct device *device = xcalloc(1, sizeof(*device));
    device->nvml = nvml_device_open(nvml, index);
    device->index = index;
    known_reset(&device->gpu);
    return device;
}

void device_free(struct device *device)
{
    if (!device)
        return;
    for (size_t i = 0; i < device->mig_count; i++)
        arena_done(&device->migs[i].arena);
    free(device->migs);
    arena_done(&device->gpu.arena);
    nvml_device_free(device->nvml);
    free(device);
}

static bool has_metric(const struct metric *metric, bool is_mig)
{
    return metric->has == METRIC_GPU_AND_MIG || (metric->has == METRIC_MIG_ONLY) == is_mig;
}

static bool is_known(const struct known *known, size_t row)
{
    const struct metric *metric = &metric_device[row];
    return metric->tier == TIER_STATIC && metric->query != NVML_QUERY_NONE &&
           (known->answered >> metric->query & 1);
}

/* Which driver calls this handle needs for the wanted metrics. */
static uint64_t plan_queries(const struct known *known, const struct metric_set *wanted,
                             bool is_mig)
{
    uint64_t plan = 0;
    _Static_assert(NVML_QUERY_COUNT <= 64, "the plan is one word");
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        if (metric->query != NVML_QUERY_NONE && metric_set_has(wanted, metric->id) &&
            has_metric(metric, is_mig) && !is_known(known, i))
            plan |= UINT64_C(1) << metric->query;
    }
    return plan;
}

/* What the asked queries said of static facts, refusals of single ones included. */
static void keep_static(struct known *known, uint64_t asked, const struct value *values)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        if (metric->tier != TIER_STATIC || metric->query == NVML_QUERY_NONE ||
            !(asked >> metric->query & 1))
            continue;
        known->values[i] = value_copy(&known->arena, values[i]);
        if (!value_is_na(values[i]))
            known->answered |= UINT64_C(1) << metric->query;
    }
}

/* Values of one handle: known facts, then the planned calls, then what follows from them. */
static void read_values(struct nvml_device *nvml, struct known *known,
                        const struct metric_set *wanted, bool is_mig, struct arena *arena,
                        struct value *values)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        values[i] = has_metric(&metric_device[i], is_mig) ? value_copy(arena, known->values[i])
                                                          : value_na(NVITOP_WHY_NOT_APPLICABLE);
    uint64_t plan = plan_queries(known, wanted, is_mig);
    for (int query = 0; query < NVML_QUERY_COUNT; query++)
        if (plan >> query & 1)
            nvml_device_ask(nvml, (enum nvml_query)query, arena, values);
    keep_static(known, plan, values);
    derive_values(values);
}

/* A GPU is lost when its look-up said so, or when a call of this pass did. */
static void judge(struct snapshot_device *row, int look_up_code)
{
    row->code = look_up_code;
    if (look_up_code)
        row->condition = nvml_code_is_lost(look_up_code) ? DEVICE_LOST : DEVICE_ERROR;
    for (size_t i = 0; i < NVITOP_DEV_COUNT && row->condition == DEVICE_OK; i++)
        if (value_is_na(row->values[i]) && nvml_code_is_lost(row->values[i].code)) {
            row->condition = DEVICE_LOST;
            row->code = row->values[i].code;
        }
}

static bool is_mig_on(const struct snapshot_device *row)
{
    return value_number(snapshot_device_value(row, NVITOP_DEV_MIG_MODE), 0) > 0;
}

/* The facts kept for the child at this position; forgotten when another instance sits there. */
static struct known *known_of_child(struct device *device, size_t at, size_t count,
                                    const char *uuid)
{
    if (count > device->mig_count) {
        device->migs = xreallocarray(device->migs, count, sizeof(*device->migs));
        for (size_t i = device->mig_count; i < count; i++) {
            device->migs[i].arena = (struct arena){ 0 };
            known_reset(&device->migs[i]);
        }
        device->mig_count = count;
    }
    struct known *known = &device->migs[at];
    if (strcmp(known->uuid, uuid) != 0 || !*uuid) {
        known_reset(known);
        strncpy(known->uuid, uuid, sizeof(known->uuid) - 1);
    }
    return known;
}

static void read_mig_row(struct device *device, const struct device_request *request,
                         const struct nvml_mig *child, size_t at, size_t count,
                         struct device_reading *reading)
{
    struct snapshot_device *row = &reading->rows[reading->row_count++];
    *row = (struct snapshot_device){ .physical = (int32_t)device->index,
                                     .mig = (int32_t)child->index,
                                     .is_leaf = true };
    struct known *known = known_of_child(device, at, count, child->uuid ? child->uuid : "");
    read_values(child->device, known, &request->metrics.mig, true, &reading->arena, row->values);
    judge(row, nvml_device_code(child->device));
}

struct process_list {
    struct nvml_process *rows;
    size_t count;
    struct value why;
};

/* What a process without a sample shows: 0 after a good answer, else why there is none. */
static struct value sampled(uint32_t percent, bool has_sample, struct value why, bool is_mig)
{
    if (has_sample)
        return value_int(percent);
    if (is_mig)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    return why.why == NVITOP_WHY_NONE ? value_int(0) : why;
}

static void add_processes(struct device_reading *reading, size_t device,
                          const struct process_list *list,
                          const struct nvml_process_sample *samples, size_t sample_count,
                          struct value why, bool is_mig)
{
    struct device_process *all = arena_array(&reading->arena, reading->process_count + list->count,
                                             sizeof(*reading->processes));
    if (reading->process_count)
        memcpy(all, reading->processes, reading->process_count * sizeof(*all));
    reading->processes = all;
    static const struct nvml_process_sample none;
    for (size_t i = 0, s = 0; i < list->count; i++) {
        while (s < sample_count && samples[s].pid < list->rows[i].pid)
            s++;
        bool has = s < sample_count && samples[s].pid == list->rows[i].pid;
        const struct nvml_process_sample *sample = has ? &samples[s] : &none;
        all[reading->process_count++] = (struct device_process){
            .row = list->rows[i],
            .device = device,
            .sm = sampled(sample->sm, has, why, is_mig),
            .memory = sampled(sample->memory, has, why, is_mig),
            .encoder = sampled(sample->encoder, has, why, is_mig),
            .decoder = sampled(sample->decoder, has, why, is_mig),
        };
    }
}

static void read_processes(struct nvml_device *nvml, const struct device_request *request,
                           size_t device, struct device_reading *reading)
{
    enum { WINDOW_US = 1000000 };
    const struct snapshot_device *row = &reading->rows[device];
    struct value total = snapshot_device_value(row, NVITOP_DEV_MEMORY_TOTAL);
    struct process_list list = { 0 };
    nvml_device_processes(nvml, request->pid_max, (uint64_t)value_number(total, 0), &reading->arena,
                          &list.rows, &list.count, &list.why);
    if (!list.count)
        return;
    struct nvml_process_sample *samples = NULL;
    size_t sample_count = 0;
    struct value why = value_na(NVITOP_WHY_NOT_SUPPORTED);
    bool is_mig = row->mig >= 0;
    if (!is_mig)
        nvml_device_process_samples(nvml, clock_epoch_us() - WINDOW_US, list.rows, list.count,
                                    &reading->arena, &samples, &sample_count, &why);
    add_processes(reading, device, &list, samples, sample_count, why, is_mig);
}

static void read_mig_rows(struct device *device, const struct device_request *request,
                          const struct nvml_mig *children, size_t count,
                          struct device_reading *reading)
{
    for (size_t i = 0; i < count; i++) {
        read_mig_row(device, request, &children[i], i, count, reading);
        if (request->has_processes)
            read_processes(children[i].device, request, reading->row_count - 1, reading);
    }
}

void device_read(struct device *device, const struct device_request *request,
                 struct device_reading *ret_reading)
{
    struct device_reading reading = { .has_processes = request->has_processes };
    struct device_request full = *request;
    metric_set_add(&full.metrics.gpu, NVITOP_DEV_MIG_MODE);
    if (full.has_processes) {
        metric_set_add(&full.metrics.gpu, NVITOP_DEV_MEMORY_TOTAL);
        metric_set_add(&full.metrics.mig, NVITOP_DEV_MEMORY_TOTAL);
    }
    derive_needs(&full.metrics.gpu);
    derive_needs(&full.metrics.mig);

    struct snapshot_device gpu = { .physical = (int32_t)device->index, .mig = -1, .is_leaf = true };
    read_values(device->nvml, &device->gpu, &full.metrics.gpu, false, &reading.arena, gpu.values);
    judge(&gpu, nvml_device_code(device->nvml));

    const struct nvml_mig *children = NULL;
    size_t count = 0;
    if (is_mig_on(&gpu))
        nvml_device_mig_children(device->nvml, &children, &count);
    gpu.is_leaf = count == 0;
    reading.rows = arena_array(&reading.arena, 1 + count, sizeof(*reading.rows));
    reading.rows[reading.row_count++] = gpu;
    if (full.has_processes && gpu.is_leaf && gpu.condition == DEVICE_OK)
        read_processes(device->nvml, &full, 0, &reading);
    read_mig_rows(device, &full, children, count, &reading);
    *ret_reading = reading;
}

void device_reading_done(struct device_reading *reading)
{
    arena_done(&reading->arena);
    *reading = (struct device_reading){ 0 };
}

void device_row_fade(struct snapshot_device *row, enum device_condition condition,
                     enum nvitop_why why)
{
    row->condition = condition;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].tier != TIER_STATIC && row->values[i].why != NVITOP_WHY_NOT_APPLICABLE)
            row->values[i] = value_na(why);
}

void device_row_blank(struct snapshot_device *row, int physical, enum device_condition condition,
                      enum nvitop_why why)
{
    *row = (struct snapshot_device){
        .physical = physical, .mig = -1, .condition = condition, .is_leaf = true
    };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        row->values[i] =
            value_na(metric_device[i].has == METRIC_MIG_ONLY ? NVITOP_WHY_NOT_APPLICABLE : why);
}
