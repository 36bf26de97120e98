/*
 * The processes of a device: three lists made one. A process that is in several lists has one
 * row with all its types; its memory is the same memory seen twice, so the larger number stands.
 *
 * MPS clients exist only while an MPS server runs, which is rare: after an empty answer that
 * list is left alone for some seconds, which is every fifth time at the usual period.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "nvml/nvml_list.h"

#define MPS_REST_NS (9 * CLOCK_NS_PER_S)

struct raw_list {
    struct nvml_process *rows;
    size_t count;
    int code;
};

static const uint32_t types[NVML_LIST_COUNT] = {
    [NVML_LIST_COMPUTE] = NVML_PROCESS_COMPUTE,
    [NVML_LIST_GRAPHICS] = NVML_PROCESS_GRAPHICS,
    [NVML_LIST_MPS] = NVML_PROCESS_COMPUTE,
};

static int by_pid(const void *left, const void *right)
{
    uint32_t a = ((const struct nvml_process *)left)->pid,
             b = ((const struct nvml_process *)right)->pid;
    return (a > b) - (a < b);
}

/* The second row of the same process goes into the first. */
static void join(struct nvml_process *row, const struct nvml_process *more)
{
    row->types |= more->types;
    if (!value_is_na(more->used_memory) &&
        (value_is_na(row->used_memory) || more->used_memory.i > row->used_memory.i))
        row->used_memory = more->used_memory;
    if (row->gpu_instance == NVML_ABI_NO_INSTANCE)
        row->gpu_instance = more->gpu_instance;
    if (row->compute_instance == NVML_ABI_NO_INSTANCE)
        row->compute_instance = more->compute_instance;
}

static size_t merge(const struct raw_list *lists, struct arena *arena,
                    struct nvml_process **ret_rows)
{
    size_t all = 0, count = 0;
    for (int kind = 0; kind < NVML_LIST_COUNT; kind++)
        all += lists[kind].count;
    struct nvml_process *rows = arena_array(arena, all, sizeof(*rows));
    for (int kind = 0; kind < NVML_LIST_COUNT; kind++)
        for (size_t i = 0; i < lists[kind].count; i++) {
            rows[count] = lists[kind].rows[i];
            rows[count++].types = types[kind];
        }
    qsort(rows, all, sizeof(*rows), by_pid);
    count = 0;
    for (size_t i = 0; i < all; i++) {
        if (count && rows[count - 1].pid == rows[i].pid)
            join(&rows[count - 1], &rows[i]);
        else
            rows[count++] = rows[i];
    }
    *ret_rows = rows;
    return count;
}

static bool is_mps_due(const struct nvml_device *device)
{
    return device->mps_idle_until_ns <= device->nvml->now_ns();
}

static void rest_mps(struct nvml_device *device, const struct raw_list *mps)
{
    device->mps_idle_until_ns = mps->count ? 0 : device->nvml->now_ns() + MPS_REST_NS;
}

/*
 * Why there are no rows. A list that this GPU does not have (graphics on a compute board) is no
 * reason as long as the compute list answered; any other failure leaves the picture incomplete.
 */
static int emptiness(const struct raw_list *lists)
{
    int compute = lists[NVML_LIST_COMPUTE].code, graphics = lists[NVML_LIST_GRAPHICS].code;
    bool is_absent =
        graphics == NVML_ABI_ERROR_NOT_SUPPORTED || graphics == NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    return compute ? compute : is_absent ? NVML_ABI_SUCCESS : graphics;
}

void nvml_device_processes(struct nvml_device *device, uint32_t pid_max, uint64_t total_memory,
                           struct arena *arena, struct nvml_process **ret_rows, size_t *ret_count,
                           struct value *ret_why)
{
    struct nvml_sanity sanity = { .pid_max = pid_max, .total_memory = total_memory };
    struct raw_list lists[NVML_LIST_COUNT] = { 0 };
    for (int kind = 0; kind < NVML_LIST_COUNT; kind++) {
        struct raw_list *list = &lists[kind];
        if (kind == NVML_LIST_MPS && !is_mps_due(device))
            continue;
        list->code = nvml_list_read(device, (enum nvml_list_kind)kind, &sanity, arena, &list->rows,
                                    &list->count);
        if (kind == NVML_LIST_MPS)
            rest_mps(device, list);
    }
    *ret_count = merge(lists, arena, ret_rows);
    *ret_why = nvml_code_value(*ret_count ? NVML_ABI_SUCCESS : emptiness(lists));
}
