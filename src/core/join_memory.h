/*
 * What a join that goes on remembers of the processes it has seen: CPU time, command line, and
 * whose it was, by pid and start time. It keeps nothing of a pid that the driver no longer lists.
 */
#ifndef NVITOP_CORE_JOIN_MEMORY_H
#define NVITOP_CORE_JOIN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct join_memory;

/* `procfs` as in join_input. `notify` is called on a thread of its own when command lines have come
 * that the newest snapshot does not have: join again, with keeps_facts. NULL: never. */
struct join_memory *join_memory_new(const char *procfs, void (*notify)(void *arg), void *arg);

/* False if a thread was left behind. From then on notify is not called. NULL is fine. */
bool join_memory_free(struct join_memory *memory);

#endif
