/* The answer is the thread's until it is over, and never changes afterwards. */
#include "core/service_pick.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/bell.h"
#include "core/pick.h"
#include "core/worker.h"

enum { STAGE_OVER = 1, HELPER_MS = 3000 };

struct picking {
    struct arena arena;
    struct pick_question question; /* in arena */
    struct visible_index *visible;
    size_t count;
    struct bell *bell;
    struct job *job;
};

static void run_picking(struct job *job, void *arg)
{
    struct picking *picking = arg;
    picking->count = pick_resolve(&picking->question, HELPER_MS, picking->visible);
    job_advance(job, STAGE_OVER);
    bell_ring(picking->bell);
}

static void free_picking(void *arg)
{
    struct picking *picking = arg;
    bell_unref(picking->bell);
    arena_done(&picking->arena);
    free(picking);
}

struct picking *picking_start(const struct pick_question *question, struct bell *bell)
{
    struct picking *picking = xcalloc(1, sizeof(*picking));
    struct arena *arena = &picking->arena;
    struct visible_device *devices = arena_array(arena, question->count, sizeof(*devices));
    for (size_t i = 0; i < question->count; i++) {
        devices[i] = question->devices[i];
        devices[i].uuid = arena_strdup(arena, devices[i].uuid);
    }
    picking->question = (struct pick_question){
        .visible = arena_strdup(arena, question->visible),
        .cuda_helper = arena_strdup(arena, question->cuda_helper),
        .devices = devices,
        .count = question->count,
    };
    picking->visible = arena_array(arena, question->count, sizeof(*picking->visible));
    picking->bell = bell_ref(bell);
    picking->job = job_start(run_picking, free_picking, picking);
    if (picking->job)
        return picking;
    free_picking(picking);
    return NULL;
}

bool picking_is_over(struct picking *picking)
{
    return job_stage(picking->job) >= STAGE_OVER;
}

bool picking_has(const struct picking *picking, unsigned index)
{
    for (size_t i = 0; i < picking->count; i++)
        if (picking->visible[i].physical == (int32_t)index)
            return true;
    return false;
}

bool picking_release(struct picking *picking)
{
    return !picking || job_release(picking->job);
}
