/*
 * Two passes over the table of parents. Invariant: each row is walked over once, so that neither a
 * deep tree nor a circle (pids that were re-used while the table was read) costs more than that.
 */
#include "core/relatives.h"

#include <stdbool.h>

#include "base/arena.h"
#include "core/snapshot.h"
#include "host/host.h"

enum { NOBODY = -1 };

struct family {
    const struct host_parent *parents;
    size_t count;
    struct {
        bool is_listed; /* it is one of the snapshot's processes */
        bool is_walked; /* its ancestors are picked */
        bool is_picked;
    } * marks; /* one for each of `parents` */
};

static ptrdiff_t find(const struct family *family, int64_t pid)
{
    size_t low = 0, high = family->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (family->parents[middle].pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < family->count && family->parents[low].pid == pid ? (ptrdiff_t)low : NOBODY;
}

static bool is_ours(const struct snapshot_process *process)
{
    return process->presence != PROCESS_HOST_PID;
}

static void pick_ancestors(struct family *family, int64_t ppid)
{
    ptrdiff_t at = find(family, ppid);
    while (at != NOBODY && !family->marks[at].is_walked) {
        family->marks[at].is_walked = family->marks[at].is_picked = true;
        at = find(family, family->parents[at].ppid);
    }
}

static void pick_children(struct family *family)
{
    for (size_t i = 0; i < family->count; i++) {
        ptrdiff_t parent = find(family, family->parents[i].ppid);
        if (parent != NOBODY && family->marks[parent].is_listed)
            family->marks[i].is_picked = true;
    }
}

size_t relatives_pick(const struct snapshot *snapshot, const struct host_parent *parents,
                      size_t parent_count, struct arena *arena, pid_t **ret_pids)
{
    struct family family = { parents, parent_count, NULL };
    family.marks = arena_array(arena, parent_count, sizeof(*family.marks));
    for (size_t i = 0; i < snapshot->process_count; i++) {
        const struct snapshot_process *process = &snapshot->processes[i];
        ptrdiff_t at = is_ours(process) ? find(&family, process->pid) : NOBODY;
        struct value ppid = snapshot_process_value(process, NVITOP_PROC_PPID);
        if (at != NOBODY)
            family.marks[at].is_listed = true;
        if (is_ours(process) && ppid.kind == NVITOP_INT)
            pick_ancestors(&family, ppid.i);
    }
    pick_children(&family);
    size_t count = 0;
    *ret_pids = arena_array(arena, parent_count, sizeof(**ret_pids));
    for (size_t i = 0; i < parent_count; i++)
        if (family.marks[i].is_picked && !family.marks[i].is_listed)
            (*ret_pids)[count++] = parents[i].pid;
    return count;
}
