/* A few rows, emptied by the first answer of a newer snapshot. */
#include "exporter/shared.h"

#include "core/snapshot.h"

static bool is_same(const struct shared_key *a, const struct shared_key *b)
{
    return a->path == b->path && a->is_openmetrics == b->is_openmetrics &&
           a->is_packed == b->is_packed && a->is_old == b->is_old;
}

const struct shared_answer *shared_find(const struct shared *shared,
                                        const struct snapshot *snapshot,
                                        const struct shared_key *key)
{
    if (!snapshot || snapshot != shared->snapshot)
        return NULL;
    for (size_t i = 0; i < shared->count; i++)
        if (is_same(&shared->answers[i].key, key))
            return &shared->answers[i];
    return NULL;
}

void shared_done(struct shared *shared)
{
    for (size_t i = 0; i < shared->count; i++)
        MHD_destroy_response(shared->answers[i].response);
    snapshot_unref(shared->snapshot);
    *shared = (struct shared){ 0 };
}

void shared_keep(struct shared *shared, struct snapshot *snapshot,
                 const struct shared_answer *answer)
{
    if (snapshot != shared->snapshot || shared->count == SHARED_MAX) {
        shared_done(shared);
        shared->snapshot = snapshot_ref(snapshot);
    }
    shared->answers[shared->count++] = *answer;
}
