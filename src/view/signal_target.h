/* Whether the viewer may send a process a signal. */
#ifndef NVITOP_VIEW_SIGNAL_TARGET_H
#define NVITOP_VIEW_SIGNAL_TARGET_H

struct snapshot;
struct snapshot_process;

enum signal_obstacle {
    OBSTACLE_NONE,
    OBSTACLE_FOREIGN,  /* somebody else's, and the viewer is not root */
    OBSTACLE_GONE,     /* there is no such process any more */
    OBSTACLE_HOST_PID, /* the pid is one of another namespace: here it may be anybody's */
    OBSTACLE_UNKNOWN,  /* when it started is not known, so it could be another by now */
    OBSTACLE_COUNT
};

enum signal_obstacle signal_obstacle(const struct snapshot *snapshot,
                                     const struct snapshot_process *process);

/* In words that follow "Process 123: ". */
const char *signal_obstacle_text(enum signal_obstacle obstacle);

#endif
