/* Whom the tree shows besides the GPU processes: their ancestors and their children. Pure. */
#ifndef NVITOP_CORE_RELATIVES_H
#define NVITOP_CORE_RELATIVES_H

#include <stddef.h>
#include <sys/types.h>

struct arena;
struct host_parent;
struct snapshot;

/* Pids, ascending, none of them one of the snapshot's own processes. `parents` ascends by pid.
 * Processes of another namespace have no relatives here. */
size_t relatives_pick(const struct snapshot *snapshot, const struct host_parent *parents,
                      size_t parent_count, struct arena *arena, pid_t **ret_pids);

#endif
