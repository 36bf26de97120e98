/*
 * Command lines of processes, read on a lane of their own: /proc/PID/cmdline waits for the
 * process's memory lock and so can block for as long as that process is stuck.
 */
#ifndef NVITOP_CORE_COMMAND_H
#define NVITOP_CORE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "host/host.h"

struct arena;

/* Which processes, and how long it may take. */
struct command_question {
    const char *root; /* as in host_open */
    const pid_t *pids;
    size_t count;
    bool has_workloads;   /* whose they are, too */
    unsigned patience_ms; /* for each */
    uint64_t deadline_ns; /* clock_mono_ns: for all of them */
};

/*
 * Reads the command of each pid. A pid that keeps the lane waiting for longer than the patience is
 * given up ("not responding"), its lane is left behind and another takes over; after
 * JOB_LANES_MAX lost lanes, or at the deadline, the rest is given up too. Texts live in `arena`.
 * Returns false if a lane was left behind.
 */
bool command_read_all(const struct command_question *question, struct arena *arena,
                      struct host_command *ret_commands);

/* What a lane reads of one process; may block for ever. */
struct host_command command_read_blocking(const char *root, pid_t pid, bool has_workload,
                                          struct arena *arena);

/* Nothing of it, for a reason. */
struct host_command command_without(enum nvitop_why why);

/* The same with its texts copied: into an arena, or one by one onto the heap, to be freed so. */
struct host_command command_copy(struct arena *arena, const struct host_command *command);
struct host_command command_own(const struct host_command *command);
void command_disown(struct host_command *command);

/* A command line from its arguments, printable, as screens show it; in `arena`. */
char *command_line(struct arena *arena, const char *const *argv, size_t argc);

#endif
