/*
 * A snapshot that nobody else has seen yet is put in order. Invariant: a process row is kept if
 * its device row is, and points to it.
 */
#include "api/arrange.h"

#include <string.h>

#include "api/api.h"
#include "base/arena.h"

enum { NOT_FOUND_CODE = 6 }; /* NVML_ERROR_NOT_FOUND */

int arrange_check(struct nvitop_session *session, struct nvitop_device *const *devices,
                  size_t count)
{
    if (!api_are_devices_of(session, devices, count))
        return NVITOP_EINVAL;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (devices[k] == devices[i])
                return NVITOP_EDUPLICATE;
    return NVITOP_OK;
}

unsigned *arrange_gpus(struct nvitop_device *const *devices, size_t count, struct arena *arena,
                       size_t *ret_count)
{
    unsigned *gpus = arena_array(arena, count ? count : 1, sizeof(*gpus));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned gpu = (unsigned)devices[i]->index.physical;
        bool is_there = false;
        for (size_t k = 0; k < kept; k++)
            is_there |= gpus[k] == gpu;
        if (!is_there)
            gpus[kept++] = gpu;
    }
    *ret_count = kept;
    return gpus;
}

static const struct snapshot_device *find(const struct snapshot *snapshot,
                                          struct nvitop_index index)
{
    for (size_t i = 0; i < snapshot->device_count; i++)
        if (snapshot->devices[i].physical == index.physical &&
            snapshot->devices[i].mig == index.mig)
            return &snapshot->devices[i];
    return NULL;
}

/* A MIG device that the snapshot does not have. */
static void fill_missing(const struct snapshot_device *gpu, struct nvitop_index index,
                         struct snapshot_device *row)
{
    bool is_gpu_well = !gpu || gpu->condition == DEVICE_OK;
    enum nvitop_why why = is_gpu_well                               ? NVITOP_WHY_ERROR
                          : gpu->condition == DEVICE_LOST           ? NVITOP_WHY_LOST
                          : gpu->condition == DEVICE_NOT_RESPONDING ? NVITOP_WHY_NOT_RESPONDING
                                                                    : NVITOP_WHY_ERROR;
    *row = (struct snapshot_device){ .physical = index.physical,
                                     .mig = index.mig,
                                     .is_leaf = true,
                                     .condition = is_gpu_well ? DEVICE_ERROR : gpu->condition,
                                     .code = is_gpu_well ? NOT_FOUND_CODE : gpu->code };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        bool has = metric_device[i].has != METRIC_GPU_ONLY;
        row->values[i] = value_na(has ? why : NVITOP_WHY_NOT_APPLICABLE);
        row->values[i].code = has ? row->code : 0;
    }
}

/* The processes of one old row, as those of a new one. */
static void move_processes(const struct snapshot *snapshot, size_t old_row, size_t new_row,
                           struct snapshot_process *kept, size_t *kept_count)
{
    for (size_t i = 0; i < snapshot->process_count; i++) {
        if (snapshot->processes[i].device != old_row)
            continue;
        kept[*kept_count] = snapshot->processes[i];
        kept[(*kept_count)++].device = new_row;
    }
}

void arrange_rows(struct snapshot *snapshot, struct nvitop_device *const *devices, size_t count)
{
    struct snapshot_device *rows = arena_array(&snapshot->arena, count ? count : 1, sizeof(*rows));
    struct snapshot_process *processes =
        arena_array(&snapshot->arena, snapshot->process_count + 1, sizeof(*processes));
    size_t process_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct nvitop_index index = devices[i]->index, gpu = { index.physical, -1 };
        const struct snapshot_device *row = find(snapshot, index);
        if (!row) {
            fill_missing(find(snapshot, gpu), index, &rows[i]);
            continue;
        }
        rows[i] = *row;
        move_processes(snapshot, (size_t)(row - snapshot->devices), i, processes, &process_count);
    }
    snapshot->devices = rows;
    snapshot->device_count = count;
    snapshot->processes = processes;
    snapshot->process_count = process_count;
}
