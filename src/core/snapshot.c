/*
 * Counting snapshots, and finding a process in one. A snapshot lives in its own arena, so the arena
 * is moved out before it dies.
 */
#include "core/snapshot.h"

struct snapshot *snapshot_new(void)
{
    struct arena arena = { 0 };
    struct snapshot *snapshot = arena_alloc(&arena, sizeof(*snapshot));
    snapshot->arena = arena;
    atomic_init(&snapshot->refs, 1);
    return snapshot;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    atomic_fetch_add(&snapshot->refs, 1);
    return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot->refs, 1) != 1)
        return;
    struct arena arena = snapshot->arena;
    arena_done(&arena);
}

static const struct snapshot_process *find_row(const struct snapshot_process *rows, size_t count,
                                               struct process_id id)
{
    for (size_t i = 0; i < count; i++)
        if (process_id_is(id, &rows[i]))
            return &rows[i];
    return NULL;
}

const struct snapshot_process *snapshot_find_process(const struct snapshot *snapshot,
                                                     struct process_id id)
{
    const struct snapshot_process *row = find_row(snapshot->processes, snapshot->process_count, id);
    return row ? row : find_row(snapshot->relatives, snapshot->relative_count, id);
}
