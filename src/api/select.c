/* Choosing devices: the public struct in the words of src/select, and devices for its verdicts. */
#include <math.h>

#include "api/api.h"
#include "api/arrange.h"
#include "base/arena.h"
#include "base/mem.h"
#include "select/select.h"

void nvitop_select_init(struct nvitop_select *select)
{
    if (select)
        *select = (struct nvitop_select){ .size = sizeof(*select),
                                          .max_count = -1,
                                          .min_free_bytes = -1,
                                          .min_total_bytes = -1,
                                          .max_gpu_percent = -1,
                                          .max_memory_percent = -1 };
}

/* ---- what is wanted ---- */

static struct select_bound bound_of(double value)
{
    return (struct select_bound){ .is_set = value >= 0, .value = value };
}

static struct select_wish make_wish(const struct nvitop_select *select)
{
    return (struct select_wish){
        .bounds = { [SELECT_FREE] = bound_of(select->min_free_bytes),
                    [SELECT_TOTAL] = bound_of(select->min_total_bytes),
                    [SELECT_GPU] = bound_of(select->max_gpu_percent),
                    [SELECT_MEMORY] = bound_of(select->max_memory_percent) },
        .tolerance = select->tolerance_percent,
        .min_count = select->min_count,
        .has_max = select->max_count >= 0,
        .max_count = select->max_count,
        .is_unsorted = select->flags & NVITOP_SELECT_UNSORTED,
        .free_users = select->free_users,
        .free_user_count = select->free_user_count,
    };
}

static bool is_number(double value)
{
    return !isnan(value);
}

static bool is_sound(const struct nvitop_select *select)
{
    bool has_counts = select->min_count >= 0 &&
                      (select->max_count <= 0 || select->max_count >= select->min_count);
    bool has_numbers = is_number(select->min_free_bytes) && is_number(select->min_total_bytes) &&
                       is_number(select->max_gpu_percent) &&
                       is_number(select->max_memory_percent) && select->tolerance_percent >= 0 &&
                       isfinite(select->tolerance_percent);
    bool has_users = !select->free_user_count || select->free_users;
    for (size_t i = 0; has_users && i < select->free_user_count; i++)
        has_users = select->free_users[i] != NULL;
    return has_counts && has_numbers && has_users &&
           !(select->flags & ~(uint32_t)NVITOP_SELECT_UNSORTED);
}

/* ---- among which ---- */

struct candidates {
    struct nvitop_index *indices; /* NULL: all */
    unsigned *gpus;
    size_t count, gpu_count;
};

static struct candidates make_candidates(struct nvitop_device *const *from, size_t count,
                                         struct arena *arena)
{
    struct candidates candidates = { .count = count };
    if (!from)
        return candidates;
    candidates.indices = arena_array(arena, count + 1, sizeof(*candidates.indices));
    for (size_t i = 0; i < count; i++)
        candidates.indices[i] = from[i]->index;
    candidates.gpus = arrange_gpus(from, count, arena, &candidates.gpu_count);
    return candidates;
}

/* ---- the choice ---- */

/* Once more, with processes, where the first snapshot shows that they are needed. */
static int look(struct nvitop_session *session, const struct candidates *candidates,
                bool has_processes, struct snapshot **ret_snapshot)
{
    struct session_request request = { .has_processes = has_processes,
                                       .gpus = candidates->gpus,
                                       .gpu_count = candidates->gpu_count };
    struct snapshot *snapshot;
    select_metrics(&request.metrics);
    int status = session_snapshot(session->core, &request, &snapshot);
    if (status == NVITOP_OK && !has_processes && select_wants_processes(snapshot)) {
        snapshot_unref(snapshot);
        return look(session, candidates, true, ret_snapshot);
    }
    if (status == NVITOP_OK)
        *ret_snapshot = snapshot;
    return status;
}

static void hand_out(struct nvitop_session *session, const struct selection *selection,
                     struct nvitop_device **ret_devices, size_t cap)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct select_verdict *verdict = &selection->verdicts[i];
        struct nvitop_index index = { verdict->device->physical, verdict->device->mig };
        if (verdict->fate == SELECT_TAKEN && verdict->place <= cap)
            ret_devices[verdict->place - 1] = api_device(session, index);
    }
}

/* Where the answer goes. */
struct room {
    struct nvitop_device **devices;
    size_t cap, *count;
};

static int choose(struct nvitop_session *session, const struct select_wish *wish,
                  const struct candidates *candidates, struct arena *arena, struct room room)
{
    struct snapshot *snapshot;
    struct selection selection;
    int status = look(session, candidates, wish->free_user_count > 0, &snapshot);
    if (status < 0)
        return status;
    select_judge(snapshot, wish, candidates->indices, candidates->count, arena, &selection);
    select_rank(wish, &selection);
    hand_out(session, &selection, room.devices, room.cap);
    *room.count = selection.taken_count;
    snapshot_unref(snapshot);
    return status;
}

static int run(struct nvitop_session *session, const struct nvitop_select *select,
               struct nvitop_device *const *from, size_t from_count, struct room room)
{
    struct select_wish wish = make_wish(select);
    struct arena arena = { 0 };
    if (select->max_count == 0) {
        *room.count = 0;
        return NVITOP_OK;
    }
    struct candidates candidates = make_candidates(from, from_count, &arena);
    int status = choose(session, &wish, &candidates, &arena, room);
    arena_done(&arena);
    return status;
}

int nvitop_select_run(struct nvitop_session *session, const struct nvitop_select *select,
                      struct nvitop_device *const *from, size_t from_count,
                      struct nvitop_device **ret_devices, size_t cap, size_t *ret_count)
{
    struct nvitop_select full;
    nvitop_select_init(&full);
    bool is_good = api_is_array(ret_devices, cap, ret_count) &&
                   (!select || api_copy_in(&full, sizeof(full), select)) && is_sound(&full) &&
                   api_are_devices_of(session, from, from ? from_count : 0);
    int status = is_good ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    struct room room = { ret_devices, cap, ret_count };
    status = run(session, &full, from, from_count, room);
    api_end(session);
    return status;
}
