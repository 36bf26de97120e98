/* Picking GPUs. Rule: an explicit list of indices wins over CUDA_VISIBLE_DEVICES. */
#include "core/pick.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/gpus.h"
#include "core/sampler_options.h"
#include "core/visible.h"
#include "host/host.h"

static void add_gpu(struct pick *pick, unsigned index)
{
    pick->gpus[pick->count++] = (struct gpu){ .index = index };
}

static struct pick pick_by_index(const struct driver *driver, const struct sampler_options *options)
{
    struct pick pick = { .gpus = xcalloc(driver->device_count, sizeof(struct gpu)) };
    if (!options->has_only)
        for (unsigned i = 0; i < driver->device_count; i++)
            add_gpu(&pick, i);
    for (size_t i = 0; options->has_only && i < options->only_count; i++)
        if (options->only[i] >= 0 && options->only[i] < (int64_t)driver->device_count)
            add_gpu(&pick, (unsigned)options->only[i]);
    return pick;
}

/* Which of them sleep. Where the system counts other GPUs than the driver, none can be told. */
static void mark_asleep(const struct driver *driver, const char *sysfs, struct pick *pick)
{
    bool *asleep = xcalloc(driver->device_count, sizeof(*asleep));
    bool is_known = host_gpus_asleep(sysfs, asleep, driver->device_count) == driver->device_count;
    for (size_t i = 0; is_known && i < pick->count; i++)
        pick->gpus[i].is_asleep = asleep[pick->gpus[i].index];
    free(asleep);
}

static size_t count_rows(const struct pick *pick)
{
    size_t rows = 0;
    for (size_t i = 0; i < pick->count; i++)
        rows += pick->gpus[i].reading.row_count;
    return rows;
}

static uint32_t instance(const struct snapshot_device *row, int id)
{
    return (uint32_t)value_number(snapshot_device_value(row, id), UINT32_MAX);
}

struct visible_device pick_describe(const struct snapshot_device *row)
{
    return (struct visible_device){
        .physical = row->physical,
        .mig = row->mig,
        .uuid = value_text_or(snapshot_device_value(row, NVITOP_DEV_UUID), NULL),
        .is_mig_enabled = value_number(snapshot_device_value(row, NVITOP_DEV_MIG_MODE), 0) > 0,
        .gpu_instance = instance(row, NVITOP_DEV_GPU_INSTANCE_ID),
        .compute_instance = instance(row, NVITOP_DEV_COMPUTE_INSTANCE_ID),
    };
}

static struct visible_device *list_visible(const struct pick *pick, size_t rows)
{
    struct visible_device *list = xcalloc(rows, sizeof(*list));
    size_t at = 0;
    for (size_t i = 0; i < pick->count; i++)
        for (size_t r = 0; r < pick->gpus[i].reading.row_count; r++)
            list[at++] = pick_describe(&pick->gpus[i].reading.rows[r]);
    return list;
}

/* Keeps the GPUs that are visible to CUDA, in NVML order; a MIG device selects its GPU. */
static void keep_visible(struct pick *pick, const struct visible_index *visible, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < pick->count; i++) {
        bool is_kept = false;
        for (size_t v = 0; v < count; v++)
            is_kept |= visible[v].physical == (int32_t)pick->gpus[i].index;
        if (is_kept)
            pick->gpus[kept++] = pick->gpus[i];
        else
            gpus_close(&pick->gpus[i], 1);
    }
    pick->count = kept;
}

/* Half of what is left: a helper that never answers must not cost the GPUs their readings. */
static unsigned cuda_time_ms(uint64_t deadline_ns)
{
    uint64_t now = clock_mono_ns();
    uint64_t left_ms = now < deadline_ns ? (deadline_ns - now) / CLOCK_NS_PER_MS : 0;
    return (unsigned)(left_ms / 2);
}

void pick_identity(struct metric_wanted *wanted)
{
    metric_set_add(&wanted->gpu, NVITOP_DEV_UUID);
    metric_set_add(&wanted->mig, NVITOP_DEV_UUID);
    metric_set_add(&wanted->mig, NVITOP_DEV_GPU_INSTANCE_ID);
}

size_t pick_resolve(const struct pick_question *question, unsigned time_ms,
                    struct visible_index *ret_visible)
{
    size_t ordered = 0;
    int32_t *order = xcalloc(question->count, sizeof(*order));
    if (question->cuda_helper && question->visible && time_ms)
        ordered = visible_ask_cuda(question->cuda_helper, question->devices, question->count,
                                   time_ms, order);
    size_t count = visible_resolve(question->visible, question->devices, question->count,
                                   ordered ? order : NULL, ordered, ret_visible);
    free(order);
    return count;
}

static void pick_visible(const struct driver *driver, const struct sampler_options *options,
                         struct patience *patience, uint64_t *reads_deadline_ns, struct pick *pick)
{
    struct device_request identity = { 0 };
    pick_identity(&identity.metrics);
    gpus_read(driver->nvml, pick->gpus, pick->count, &identity, patience, reads_deadline_ns);
    for (size_t i = 0; i < pick->count; i++)
        pick->is_stuck |= pick->gpus[i].is_stuck;
    size_t rows = count_rows(pick);
    struct visible_device *list = list_visible(pick, rows);
    struct visible_index *visible = xcalloc(rows, sizeof(*visible));
    struct pick_question question = { .visible = options->visible,
                                      .cuda_helper = options->cuda_helper,
                                      .devices = list,
                                      .count = rows };
    size_t count = pick_resolve(&question, cuda_time_ms(*reads_deadline_ns), visible);
    keep_visible(pick, visible, count);
    free(visible);
    free(list);
}

void pick_gpus(const struct driver *driver, const struct sampler_options *options,
               struct patience *patience, uint64_t *reads_deadline_ns, struct pick *ret_pick)
{
    struct pick pick = pick_by_index(driver, options);
    if (options->is_no_wake)
        mark_asleep(driver, options->sysfs, &pick);
    if (!options->has_only && options->is_only_visible)
        pick_visible(driver, options, patience, reads_deadline_ns, &pick);
    *ret_pick = pick;
}

void pick_done(struct pick *pick)
{
    gpus_close(pick->gpus, pick->count);
    free(pick->gpus);
    *pick = (struct pick){ 0 };
}
