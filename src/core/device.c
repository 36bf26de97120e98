/*
 * Reading one GPU. Invariant: within one pass each driver call is made at most once per handle;
 * a metric of the static tier is asked until it has been answered, then never again.
 *
 * MIG devices are looked for every few seconds, and at once when a call about one of them says
 * that it may be gone.
 */
#include "core/device.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/derive.h"
#include "core/device_row.h"
#include "core/device_state.h"
#include "core/process_memory.h"
#include "nvml/nvml_abi.h"

enum { LOOK_AGAIN_S = 5 };

struct device *device_open(struct nvml *nvml, unsigned index)
{
    struct device *device = xcalloc(1, sizeof(*device));
    device->library = nvml;
    device->nvml = nvml_device_open(nvml, index);
    device->index = index;
    device->looked_up_ns = clock_mono_ns();
    known_init(&device->gpu);
    return device;
}

void device_free(struct device *device)
{
    if (!device)
        return;
    for (size_t i = 0; i < device->mig_count; i++)
        known_done(&device->migs[i]);
    free(device->migs);
    known_done(&device->gpu);
    nvml_device_free(device->nvml);
    free(device);
}

/* ---- one handle ---- */

/* What the asked queries of a GPU say of the driver as a whole. */
static void hear_of_driver(uint64_t asked, const struct value *values,
                           struct device_reading *reading)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT && !reading->is_answered; i++) {
        enum nvml_query query = metric_device[i].query;
        if (query == NVML_QUERY_NONE || !(asked >> query & 1))
            continue;
        int code = values[i].code;
        reading->is_answered = !value_is_na(values[i]) || nvml_code_is_lost(code);
        if (device_code_is_drivers(code))
            reading->driver_code = code;
    }
    if (reading->is_answered)
        reading->driver_code = 0;
}

/* What a row is made of: asked first, however long it takes. */
static uint64_t first_queries(void)
{
    uint64_t first = UINT64_C(1) << NVML_QUERY_NAME | UINT64_C(1) << NVML_QUERY_MIG_MODE;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].tier == TIER_FAST && metric_device[i].query != NVML_QUERY_NONE)
            first |= UINT64_C(1) << metric_device[i].query;
    return first;
}

/* Asks them in their order until time is up, but always one. Returns those that were asked. */
static uint64_t ask(struct nvml_device *nvml, uint64_t plan, uint64_t end_ns, struct arena *arena,
                    struct value *values)
{
    uint64_t asked = 0;
    for (int query = 0; query < NVML_QUERY_COUNT; query++) {
        uint64_t bit = UINT64_C(1) << query;
        if (!(plan & bit))
            continue;
        if (asked && clock_mono_ns() >= end_ns)
            break;
        nvml_device_ask(nvml, (enum nvml_query)query, arena, values);
        asked |= bit;
    }
    return asked;
}

/* Values of one handle: what is known, then the planned calls. Where calls take long, the rarer
 * ones are put off when half a period is over; they stay due. Returns those that were made. */
static uint64_t read_values(struct nvml_device *nvml, struct known *known,
                            const struct known_pass *pass, struct arena *arena,
                            struct value *values)
{
    uint64_t plan = known_plan(known, pass), first = first_queries();
    bool has_ticks = pass->pace.period_ms && !pass->pace.is_uniform;
    uint64_t half_ns = pass->pace.period_ms * CLOCK_NS_PER_MS / 2;
    uint64_t end_ns = has_ticks ? pass->now_ns + half_ns : UINT64_MAX;
    known_recall(known, pass, arena, values);
    uint64_t asked = ask(nvml, plan & first, UINT64_MAX, arena, values);
    return asked | ask(nvml, plan & ~first, end_ns, arena, values);
}

/* After that: facts are kept, and what follows from the values is added. */
static void settle_values(struct known *known, const struct known_pass *pass, uint64_t asked,
                          struct arena *arena, struct value *values)
{
    known_learn(known, pass, asked, arena, values);
    derive_values(values);
}

/* ---- MIG devices ---- */

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
        for (size_t i = device->mig_count; i < count; i++)
            known_init(&device->migs[i]);
        device->mig_count = count;
    }
    struct known *known = &device->migs[at];
    if (strcmp(known->uuid, uuid) != 0 || !*uuid) {
        known_reset(known);
        strncpy(known->uuid, uuid, sizeof(known->uuid) - 1);
    }
    return known;
}

void device_read_mig_row(struct device *device, const struct device_request *request, size_t at,
                         uint64_t now_ns, struct device_reading *reading)
{
    const struct nvml_mig *child = &device->children[at];
    struct snapshot_device *row = &reading->rows[reading->row_count++];
    *row = (struct snapshot_device){ .physical = (int32_t)device->index,
                                     .mig = (int32_t)child->index,
                                     .is_leaf = true };
    struct known *known =
        known_of_child(device, at, device->child_count, child->uuid ? child->uuid : "");
    struct known_pass pass = {
        .wanted = &request->metrics.mig, .is_mig = true, .pace = request->pace, .now_ns = now_ns
    };
    uint64_t asked = read_values(child->device, known, &pass, &reading->arena, row->values);
    settle_values(known, &pass, asked, &reading->arena, row->values);
    device_row_judge(row, nvml_device_code(child->device));
    if (device_row_may_be_gone(row))
        device->children_ns = 0;
}

void device_look_for_children(struct device *device, uint64_t now_ns)
{
    device->children_ns = now_ns;
    nvml_device_mig_children(device->nvml, &device->children, &device->child_count);
}

/* Looks for MIG devices, where it is time to. */
void device_find_children(struct device *device, const struct snapshot_device *gpu,
                          const struct pace *pace, uint64_t now_ns)
{
    enum { SLACK_MS = 500 };
    if (!is_mig_on(gpu)) {
        device->child_count = 0;
        device->children_ns = 0;
        return;
    }
    uint64_t rest_ns = TIER_SLOW_S * CLOCK_NS_PER_S - SLACK_MS * CLOCK_NS_PER_MS;
    bool may_rest = pace->period_ms && !pace->is_everything && !pace->is_uniform;
    if (may_rest && device->children_ns && now_ns - device->children_ns < rest_ns)
        return;
    device_look_for_children(device, now_ns);
}

/* ---- processes ---- */

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

/* What a board or a driver does not have at all is not lost. */
static bool is_list_lost(struct value why)
{
    return why.why != NVITOP_WHY_NONE && why.why != NVITOP_WHY_NOT_SUPPORTED &&
           why.why != NVITOP_WHY_NO_SYMBOL;
}

void device_read_processes(struct nvml_device *nvml, const struct device_request *request,
                           size_t device, struct device_reading *reading)
{
    enum { WINDOW_US = 1000000 };
    const struct snapshot_device *row = &reading->rows[device];
    struct value total = snapshot_device_value(row, NVITOP_DEV_MEMORY_TOTAL);
    struct process_list list = { 0 };
    nvml_device_processes(nvml, request->pid_max, (uint64_t)value_number(total, 0), &reading->arena,
                          &list.rows, &list.count, &list.why);
    reading->processes_why = list.why;
    reading->is_list_lost |= is_list_lost(list.why);
    if (!list.count) { /* a driver that goes away does not end processes */
        reading->has_processes &= !device_code_is_drivers(list.why.code);
        return;
    }
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
                          uint64_t now_ns, struct device_reading *reading)
{
    for (size_t i = 0; i < device->child_count; i++) {
        device_read_mig_row(device, request, i, now_ns, reading);
        if (request->has_processes)
            device_read_processes(device->children[i].device, request, reading->row_count - 1,
                                  reading);
    }
}

/* ---- a pass ---- */

/* Looks a GPU that is lost up again, when it is time to; false: it rests. */
static bool is_worth_asking(struct device *device, const struct pace *pace, uint64_t now_ns)
{
    if (device->condition == DEVICE_OK || (!pace->period_ms && !pace->is_uniform))
        return true;
    if (now_ns - device->looked_up_ns < LOOK_AGAIN_S * CLOCK_NS_PER_S && !pace->is_everything)
        return false;
    device->looked_up_ns = now_ns;
    device->child_count = 0; /* theirs are gone with it */
    device->children_ns = 0;
    nvml_device_free(device->nvml);
    device->nvml = nvml_device_open(device->library, device->index);
    known_expire(&device->gpu);
    return true;
}

static void read_rest(struct device *device, struct snapshot_device *row, struct arena *arena)
{
    static const struct metric_set none;
    struct known_pass pass = { .wanted = &none };
    known_recall(&device->gpu, &pass, arena, row->values);
    enum nvitop_why why = nvml_code_why(device->code);
    device_row_fade(row, device->condition, why);
    row->code = device->code;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (row->values[i].why == why)
            row->values[i].code = device->code;
}

/* What has to be asked for the sake of others. */
void device_add_needs(struct device_request *request)
{
    if (request->has_processes) {
        metric_set_add(&request->metrics.gpu, NVITOP_DEV_MEMORY_TOTAL);
        metric_set_add(&request->metrics.mig, NVITOP_DEV_MEMORY_TOTAL);
        process_memory_needs(&request->metrics.gpu);
    }
    derive_needs(&request->metrics.gpu);
    derive_needs(&request->metrics.mig);
}

static void complete(const struct device_request *request, struct device_request *ret_full)
{
    *ret_full = *request;
    if (request->pace.is_lane)
        return;
    metric_set_add(&ret_full->metrics.gpu, NVITOP_DEV_MIG_MODE);
    device_add_needs(ret_full);
}

/* The GPU's own row. */
void device_read_gpu(struct device *device, const struct device_request *request, uint64_t now_ns,
                     struct snapshot_device *row, struct device_reading *reading)
{
    struct known_pass pass = { .wanted = &request->metrics.gpu,
                               .pace = request->pace,
                               .now_ns = now_ns };
    if (!is_worth_asking(device, &request->pace, now_ns)) {
        read_rest(device, row, &reading->arena);
        return;
    }
    uint64_t asked = read_values(device->nvml, &device->gpu, &pass, &reading->arena, row->values);
    if (nvml_device_code(device->nvml) == NVML_ABI_SUCCESS)
        hear_of_driver(asked, row->values, reading);
    settle_values(&device->gpu, &pass, asked, &reading->arena, row->values);
    device_row_judge(row, nvml_device_code(device->nvml));
    device->condition = row->condition;
    device->code = row->code;
}

static void read_links(struct device *device, struct device_reading *reading)
{
    reading->links = arena_array(&reading->arena, NVML_LINKS_MAX, sizeof(*reading->links));
    reading->has_links = nvml_device_links(device->nvml, reading->links, &reading->link_count);
}

void device_read(struct device *device, const struct device_request *request,
                 struct device_reading *ret_reading)
{
    struct device_reading reading = { .has_processes = request->has_processes };
    struct device_request full;
    uint64_t now_ns = clock_mono_ns();
    complete(request, &full);
    struct snapshot_device gpu = { .physical = (int32_t)device->index, .mig = -1, .is_leaf = true };
    device_read_gpu(device, &full, now_ns, &gpu, &reading);
    device_find_children(device, &gpu, &full.pace, now_ns);
    gpu.is_leaf = device->child_count == 0;
    reading.rows = arena_array(&reading.arena, 1 + device->child_count, sizeof(*reading.rows));
    reading.rows[reading.row_count++] = gpu;
    if (full.has_processes && gpu.is_leaf && gpu.condition == DEVICE_OK)
        device_read_processes(device->nvml, &full, 0, &reading);
    read_mig_rows(device, &full, now_ns, &reading);
    if (full.has_links && full.pace.is_lane && gpu.condition == DEVICE_OK)
        read_links(device, &reading);
    *ret_reading = reading;
}

void device_reading_done(struct device_reading *reading)
{
    arena_done(&reading->arena);
    *reading = (struct device_reading){ 0 };
}
