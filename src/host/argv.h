/* argv as /proc keeps it, cut into arguments. Joining is host_command_join of host.h. Pure. */
#ifndef NVITOP_HOST_ARGV_H
#define NVITOP_HOST_ARGV_H

#include <stddef.h>

struct arena;

/*
 * `bytes` has a NUL at bytes[len] and is cut up in place. Arguments are separated by NULs. A title
 * that a program wrote over its argv is cut at its blanks instead if it is a single text with at
 * most one NUL behind it. Empty arguments at the end are dropped, but the first one stays.
 * Returns how many, 0 only for no bytes at all.
 */
size_t argv_split(struct arena *arena, char *bytes, size_t len, const char *const **ret_argv);

#endif
