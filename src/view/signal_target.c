/*
 * What speaks against a signal, as far as the screen knows; whoever sends it looks again. In doubt
 * there is an obstacle.
 */
#include "view/signal_target.h"

#include <assert.h>

#include "base/mem.h"
#include "core/snapshot.h"

enum signal_obstacle signal_obstacle(const struct snapshot *snapshot,
                                     const struct snapshot_process *process)
{
    if (process->presence == PROCESS_HOST_PID)
        return OBSTACLE_HOST_PID;
    if (process->presence == PROCESS_GONE)
        return OBSTACLE_GONE;
    if (!snapshot_process_is_ours(snapshot, process))
        return OBSTACLE_FOREIGN;
    return process->start_ticks ? OBSTACLE_NONE : OBSTACLE_UNKNOWN;
}

const char *signal_obstacle_text(enum signal_obstacle obstacle)
{
    static const char *const texts[] = {
        [OBSTACLE_NONE] = "can be sent a signal",
        [OBSTACLE_FOREIGN] = "belongs to another user",
        [OBSTACLE_GONE] = "has ended",
        [OBSTACLE_HOST_PID] = "is of another pid namespace (a container?)",
        [OBSTACLE_UNKNOWN] = "can't be told from a later one of that pid",
    };
    static_assert(ARRAY_LEN(texts) == OBSTACLE_COUNT, "one text per obstacle");
    return texts[obstacle];
}
