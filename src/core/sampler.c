/*
 * The one-shot use of the sampler: pick the GPUs, read them in parallel, join. Choosing by
 * CUDA_VISIBLE_DEVICES needs every GPU's identity first, so it costs a short pass of its own.
 */
#include "core/sampler.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/gpus.h"
#include "core/join.h"
#include "core/snapshot.h"
#include "core/visible.h"
#include "host/host.h"

enum { READ_MS = 3000, COMMAND_MS = 500, CUDA_MS = 3000, CPU_SPAN_MS = 100 };

struct round {
    struct gpu *gpus;
    size_t count;
};

static void add_gpu(struct round *round, unsigned index)
{
    round->gpus[round->count++] = (struct gpu){ .index = index };
}

static struct round pick_by_index(const struct driver *driver,
                                  const struct sampler_options *options)
{
    struct round round = { .gpus = xcalloc(driver->device_count, sizeof(struct gpu)) };
    if (!options->has_only)
        for (unsigned i = 0; i < driver->device_count; i++)
            add_gpu(&round, i);
    for (size_t i = 0; options->has_only && i < options->only_count; i++)
        if (options->only[i] >= 0 && options->only[i] < (int64_t)driver->device_count)
            add_gpu(&round, (unsigned)options->only[i]);
    return round;
}

/* Which of them sleep. Where the system counts other GPUs than the driver, none can be told. */
static void mark_asleep(const struct driver *driver, const char *sysfs, struct round *round)
{
    bool *asleep = xcalloc(driver->device_count, sizeof(*asleep));
    bool is_known = host_gpus_asleep(sysfs, asleep, driver->device_count) == driver->device_count;
    for (size_t i = 0; is_known && i < round->count; i++)
        round->gpus[i].is_asleep = asleep[round->gpus[i].index];
    free(asleep);
}

static size_t count_rows(const struct round *round)
{
    size_t rows = 0;
    for (size_t i = 0; i < round->count; i++)
        rows += round->gpus[i].reading.row_count;
    return rows;
}

static uint32_t instance(const struct snapshot_device *row, int id)
{
    return (uint32_t)value_number(snapshot_device_value(row, id), UINT32_MAX);
}

static struct visible_device *list_visible(const struct round *round, size_t rows)
{
    struct visible_device *list = xcalloc(rows, sizeof(*list));
    size_t at = 0;
    for (size_t i = 0; i < round->count; i++)
        for (size_t r = 0; r < round->gpus[i].reading.row_count; r++) {
            const struct snapshot_device *row = &round->gpus[i].reading.rows[r];
            list[at++] = (struct visible_device){
                .physical = row->physical,
                .mig = row->mig,
                .uuid = value_text_or(snapshot_device_value(row, NVITOP_DEV_UUID), NULL),
                .is_mig_enabled =
                    value_number(snapshot_device_value(row, NVITOP_DEV_MIG_MODE), 0) > 0,
                .gpu_instance = instance(row, NVITOP_DEV_GPU_INSTANCE_ID),
                .compute_instance = instance(row, NVITOP_DEV_COMPUTE_INSTANCE_ID),
            };
        }
    return list;
}

/* Keeps the GPUs that are visible to CUDA, in NVML order; a MIG device selects its GPU. */
static void keep_visible(struct round *round, const struct visible_index *visible, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < round->count; i++) {
        bool is_kept = false;
        for (size_t v = 0; v < count; v++)
            is_kept |= visible[v].physical == (int32_t)round->gpus[i].index;
        if (is_kept)
            round->gpus[kept++] = round->gpus[i];
        else
            gpus_close(&round->gpus[i], 1);
    }
    round->count = kept;
}

/* Returns whether a thread was left inside the driver. */
static bool pick_visible(const struct driver *driver, const struct sampler_options *options,
                         struct patience *patience, struct round *round)
{
    struct device_request identity = { 0 };
    metric_set_add(&identity.metrics.gpu, NVITOP_DEV_UUID);
    metric_set_add(&identity.metrics.mig, NVITOP_DEV_UUID);
    metric_set_add(&identity.metrics.mig, NVITOP_DEV_GPU_INSTANCE_ID);
    gpus_read(driver->nvml, round->gpus, round->count, &identity, patience, READ_MS);
    size_t rows = count_rows(round);
    struct visible_device *list = list_visible(round, rows);
    int32_t *order = xcalloc(rows, sizeof(*order));
    struct visible_index *visible = xcalloc(rows, sizeof(*visible));
    size_t ordered = 0;
    if (options->cuda_helper && options->visible)
        ordered = visible_ask_cuda(options->cuda_helper, list, rows, CUDA_MS, order);
    size_t count =
        visible_resolve(options->visible, list, rows, ordered ? order : NULL, ordered, visible);
    bool is_stuck = false;
    for (size_t i = 0; i < round->count; i++)
        is_stuck |= round->gpus[i].is_stuck;
    keep_visible(round, visible, count);
    free(visible);
    free(order);
    free(list);
    return is_stuck;
}

/* CPU % needs two samples; the report does not wait for the second, it takes it if it is time. */
static void refresh_totals(struct host *host, uint64_t since_ns, struct value *totals)
{
    if (clock_mono_ns() - since_ns >= CPU_SPAN_MS * CLOCK_NS_PER_MS)
        host_read_totals(host, totals);
}

static bool join_round(const struct driver *driver, const struct sampler_options *options,
                       struct host *host, const struct value *totals, struct round *round,
                       struct snapshot *snapshot)
{
    struct device_reading *readings = xcalloc(round->count, sizeof(*readings));
    for (size_t i = 0; i < round->count; i++) {
        readings[i] = round->gpus[i].reading;
        round->gpus[i].reading = (struct device_reading){ 0 };
    }
    struct join_input input = {
        .host = host,
        .procfs = options->procfs,
        .pid_scope = nvml_pid_scope(driver->nvml),
        .totals = totals,
        .readings = readings,
        .reading_count = round->count,
        .filter = &options->filter,
        .is_lifetime_cpu = true,
        .patience_ms = COMMAND_MS,
    };
    bool is_clean = join_snapshot(&input, snapshot);
    free(readings);
    return is_clean;
}

static struct value copy_text(struct arena *arena, struct value value)
{
    if (value.kind == NVITOP_TEXT)
        value.text = arena_strdup(arena, value.text);
    return value;
}

int sampler_once(const struct driver *driver, const struct sampler_options *options,
                 struct patience *patience, bool *ret_is_stuck, struct snapshot **ret_snapshot)
{
    struct host *host;
    int status = host_open(options->procfs, &host);
    if (status < 0)
        return status;
    struct value totals[NVITOP_HOST_COUNT];
    host_read_totals(host, totals);
    uint64_t totals_ns = clock_mono_ns();

    struct round round = pick_by_index(driver, options);
    if (options->is_no_wake)
        mark_asleep(driver, options->sysfs, &round);
    bool is_stuck = false;
    if (!options->has_only && options->is_only_visible)
        is_stuck = pick_visible(driver, options, patience, &round);
    struct device_request request = { .metrics = options->metrics,
                                      .has_processes = options->has_processes,
                                      .pid_max = host_pid_max(host) };
    gpus_read(driver->nvml, round.gpus, round.count, &request, patience, READ_MS);
    refresh_totals(host, totals_ns, totals);

    struct snapshot *snapshot = snapshot_new();
    snapshot->has_processes = options->has_processes;
    snapshot->driver_version = copy_text(&snapshot->arena, driver->driver_version);
    snapshot->cuda_version = copy_text(&snapshot->arena, driver->cuda_version);
    is_stuck |= !join_round(driver, options, host, totals, &round, snapshot);
    snapshot->mono_ns = clock_mono_ns();
    snapshot->epoch_us = clock_epoch_us();
    for (size_t i = 0; i < round.count; i++)
        is_stuck |= round.gpus[i].is_stuck;
    gpus_close(round.gpus, round.count);
    free(round.gpus);
    host_close(host);
    *ret_is_stuck = is_stuck;
    *ret_snapshot = snapshot;
    return NVITOP_OK;
}
