/*
 * Each device by itself. Invariants: a value that is not available keeps no bound, whatever the
 * tolerance; a device that nobody could name, or that does not answer now, is never SPARE.
 */
#include "select/select.h"

#include <string.h>

#include "base/arena.h"
#include "core/snapshot.h"

const struct select_kind select_kinds[SELECT_BOUND_COUNT] = {
    [SELECT_FREE] = { NVITOP_DEV_MEMORY_FREE, true, "free memory", "FREE" },
    [SELECT_TOTAL] = { NVITOP_DEV_MEMORY_TOTAL, true, "total memory", "TOTAL" },
    [SELECT_GPU] = { NVITOP_DEV_UTIL_GPU, false, "GPU utilization", "UTIL" },
    [SELECT_MEMORY] = { NVITOP_DEV_UTIL_MEMORY, false, "memory utilization", "MBW" },
};

void select_metrics(struct metric_wanted *wanted)
{
    static const int more[] = { NVITOP_DEV_UUID, NVITOP_DEV_MEMORY_USED, NVITOP_DEV_MEMORY_KIND,
                                NVITOP_DEV_GPU_INSTANCE_ID };
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++) {
        metric_set_add(&wanted->gpu, select_kinds[i].metric);
        metric_set_add(&wanted->mig, select_kinds[i].metric);
    }
    for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
        metric_set_add(&wanted->gpu, more[i]);
        metric_set_add(&wanted->mig, more[i]);
    }
}

bool select_wants_processes(const struct snapshot *snapshot)
{
    size_t unified = 0;
    for (size_t i = 0; i < snapshot->device_count; i++) {
        struct value kind = snapshot_device_value(&snapshot->devices[i], NVITOP_DEV_MEMORY_KIND);
        unified += strcmp(value_text_or(kind, ""), "UMA") == 0;
    }
    return unified > 1;
}

double select_loosened(const struct select_wish *wish, enum select_id id)
{
    double bound = wish->bounds[id].value;
    return select_kinds[id].is_least ? bound * (1 - wish->tolerance / 100)
                                     : bound + wish->tolerance;
}

/* ---- memory of free accounts ---- */

static bool is_free_user(const struct select_wish *wish, const struct snapshot_process *process)
{
    const char *user = value_text_or(snapshot_process_value(process, NVITOP_PROC_USER), NULL);
    for (size_t i = 0; user && i < wish->free_user_count; i++)
        if (strcmp(user, wish->free_users[i]) == 0)
            return true;
    return false;
}

/* A process whose memory is not available adds nothing. Doubles, for figures may be anything. */
static double held_by_free_users(const struct snapshot *snapshot, const struct select_wish *wish,
                                 const struct snapshot_device *device)
{
    double held = 0;
    for (size_t i = 0; i < snapshot->process_count; i++) {
        const struct snapshot_process *process = &snapshot->processes[i];
        if (&snapshot->devices[process->device] == device && is_free_user(wish, process))
            held += value_number(snapshot_process_value(process, NVITOP_PROC_GPU_MEMORY), 0);
    }
    return held;
}

static struct value plus(struct value value, double more)
{
    return value_is_na(value) || more == 0 ? value : value_real(value_number(value, 0) + more);
}

static void read_values(const struct snapshot *snapshot, const struct select_wish *wish,
                        struct select_verdict *verdict)
{
    const struct snapshot_device *device = verdict->device;
    double held = held_by_free_users(snapshot, wish, device);
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        verdict->values[i] = snapshot_device_value(device, select_kinds[i].metric);
    verdict->values[SELECT_FREE] = plus(verdict->values[SELECT_FREE], held);
    verdict->used = plus(snapshot_device_value(device, NVITOP_DEV_MEMORY_USED), -held);
}

/* ---- the verdict ---- */

static bool keeps(struct value value, enum select_id id, double bound)
{
    if (value_is_na(value))
        return false;
    double number = value_number(value, 0);
    return select_kinds[id].is_least ? number >= bound : number <= bound;
}

static void check_bounds(const struct select_wish *wish, struct select_verdict *verdict)
{
    for (enum select_id id = 0; id < SELECT_BOUND_COUNT; id++) {
        const struct select_bound *bound = &wish->bounds[id];
        struct value value = verdict->values[id];
        if (!bound->is_set || keeps(value, id, bound->value))
            continue;
        bool is_let_through = keeps(value, id, select_loosened(wish, id));
        if (!verdict->penalty || !is_let_through)
            verdict->missed = id;
        verdict->penalty++;
        if (!is_let_through) {
            verdict->fate = SELECT_MISSED;
            return;
        }
    }
}

bool select_is_unasked(const struct snapshot_device *device)
{
    struct value uuid = snapshot_device_value(device, NVITOP_DEV_UUID);
    bool has_no_uuid =
        value_is_na(uuid) && (uuid.why == NVITOP_WHY_NOT_ASKED || uuid.why == NVITOP_WHY_NO_SAMPLE);
    return device->condition == DEVICE_WAITING || (device->condition == DEVICE_OK && has_no_uuid);
}

/* Whether it can be chosen at all. */
static enum select_fate look_at(const struct snapshot_device *device)
{
    bool is_late = device->condition == DEVICE_OK && device->is_stale;
    if (!is_late && select_is_unasked(device))
        return SELECT_UNASKED;
    if (is_late || device->condition != DEVICE_OK)
        return SELECT_TROUBLED;
    if (!value_text_or(snapshot_device_value(device, NVITOP_DEV_UUID), NULL))
        return SELECT_NAMELESS;
    bool is_split = value_number(snapshot_device_value(device, NVITOP_DEV_MIG_MODE), 0) > 0;
    return is_split && device->mig < 0 ? SELECT_EMPTY : SELECT_SPARE;
}

/* ---- candidates ---- */

struct judging {
    const struct snapshot *snapshot;
    const struct select_wish *wish;
    struct selection *selection;
    bool *is_seen; /* per device row */
};

static void add(struct judging *judging, const struct snapshot_device *device, bool is_candidate)
{
    size_t row = (size_t)(device - judging->snapshot->devices);
    if (!device->is_leaf || judging->is_seen[row])
        return;
    judging->is_seen[row] = true;
    struct selection *selection = judging->selection;
    struct select_verdict *verdict = &selection->verdicts[selection->count];
    *verdict = (struct select_verdict){ .device = device, .order = selection->count++ };
    read_values(judging->snapshot, judging->wish, verdict);
    verdict->fate = is_candidate ? look_at(device) : SELECT_INVISIBLE;
    if (verdict->fate == SELECT_SPARE)
        check_bounds(judging->wish, verdict);
}

/* The device itself, or all MIG devices of the GPU. */
static void add_index(struct judging *judging, struct nvitop_index index)
{
    for (size_t i = 0; i < judging->snapshot->device_count; i++) {
        const struct snapshot_device *device = &judging->snapshot->devices[i];
        if (device->physical == index.physical && (index.mig < 0 || device->mig == index.mig))
            add(judging, device, true);
    }
}

void select_judge(const struct snapshot *snapshot, const struct select_wish *wish,
                  const struct nvitop_index *from, size_t from_count, struct arena *arena,
                  struct selection *ret_selection)
{
    struct selection selection = { 0 };
    selection.verdicts = arena_array(arena, snapshot->device_count, sizeof(*selection.verdicts));
    struct judging judging = { snapshot, wish, &selection,
                               arena_array(arena, snapshot->device_count, sizeof(bool)) };
    for (size_t i = 0; from && i < from_count; i++)
        add_index(&judging, from[i]);
    for (size_t i = 0; i < snapshot->device_count; i++)
        add(&judging, &snapshot->devices[i], !from);
    *ret_selection = selection;
}
