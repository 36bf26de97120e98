/* Counting snapshots. A snapshot lives in its own arena, so the arena is moved out before it dies.
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
