/*
 * Command lines of processes, read on a lane of their own: /proc/PID/cmdline waits for the
 * process's memory lock and so can block for as long as that process is stuck.
 */
#ifndef NVITOP_CORE_COMMAND_H
#define NVITOP_CORE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "host/host.h"

struct arena;

/*
 * Reads the command of each pid. A pid that keeps the lane waiting for more than `patience_ms` is
 * given up ("not responding"), its lane is left behind and another takes over; after
 * JOB_LANES_MAX lost lanes, or at the deadline (clock_mono_ns), the rest is given up too. Texts
 * live in `arena`. Returns false if a lane was left behind.
 */
bool command_read_all(const char *root, const pid_t *pids, size_t count, unsigned patience_ms,
                      uint64_t deadline_ns, struct arena *arena, struct host_command *ret_commands);

/* A command line from its arguments, printable, as screens show it; in `arena`. */
char *command_line(struct arena *arena, const char *const *argv, size_t argc);

#endif
