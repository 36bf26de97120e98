/* Child processes: the one place that starts them. Two files implement it, spawn_posix.c and
 * spawn_windows.c. */
#ifndef NVITOP_BASE_SPAWN_H
#define NVITOP_BASE_SPAWN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is such a program, of that path. */
bool spawn_is_there(const char *program);

/*
 * Runs argv[0] (a path, no PATH search), closes its stdin and stderr, and collects its stdout up
 * to `size - 1` bytes, for at most `timeout_ms`; past that it is killed.
 * Returns its exit status 0–255, or a negative nvitop_status: NVITOP_ENOTFOUND (no such program),
 * NVITOP_ETIMEOUT, NVITOP_EUNKNOWN (killed by a signal, or the system refused).
 */
int spawn_capture(const char *const argv[], unsigned timeout_ms, char *ret_out, size_t size);

/* Becomes another program: argv[0] (a path) with these arguments and our environment, in which
 * `name` is `value`. Returns only on failure, with the system's error number and the environment as
 * it was. Where a process can't become another, this one waits for it and ends as it does. */
int spawn_replace(const char *const argv[], const char *name, const char *value);

#endif
