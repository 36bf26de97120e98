/*
 * What a join that goes on remembers of the processes it has seen: CPU time, command line, and
 * whose it was, by pid and start time. It keeps nothing of a pid that no snapshot shows any more,
 * at once or after a while.
 */
#ifndef NVITOP_CORE_JOIN_MEMORY_H
#define NVITOP_CORE_JOIN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/host.h"

struct arena;
struct join_memory;
struct person;

/* `procfs` as in join_input. `notify` is called on a thread of its own when command lines have come
 * that the newest snapshot does not have: join again, with keeps_facts. NULL: never. */
struct join_memory *join_memory_new(const char *procfs, void (*notify)(void *arg), void *arg);

/* False if a thread was left behind. From then on notify is not called. NULL is fine. */
bool join_memory_free(struct join_memory *memory);

/* The viewer, asked for once: it may take a directory server. */
const struct host_self *join_memory_self(struct join_memory *memory);

/* ---- for the join: one pass, from begin to end ---- */

struct join_pass {
    struct host *host;
    uint64_t now_ns;    /* clock_mono_ns */
    bool keeps_facts;   /* only pids that it does not know are read */
    bool has_relatives; /* join_memory_parents will be asked for */
    bool has_workloads;
    uint64_t keep_ns;    /* so long whoever is not looked up any more is remembered */
    struct arena *arena; /* where texts go */
};
void join_memory_begin(struct join_memory *memory, const struct join_pass *pass);

/* The facts and %CPU of a process; each pid once a pass. */
void join_memory_look_up(struct join_memory *memory, const struct join_pass *pass, pid_t pid,
                         struct person *ret_person);

/* As host_process_has_gpu, of one that was looked up; a yes is not asked for again. */
bool join_memory_has_gpu(struct join_memory *memory, const struct join_pass *pass, pid_t pid,
                         enum nvitop_why *ret_why);

/* The command line of one that was looked up, and whose it is if the pass wants that, as far as it
 * is known; asks for it if need be. Lives until the next pass. */
const struct host_command *join_memory_command(struct join_memory *memory,
                                               const struct join_pass *pass, pid_t pid);

/* Waits for the command lines that were asked for, until the deadline (clock_mono_ns); one whose
 * process is stuck is given up sooner. */
void join_memory_wait(struct join_memory *memory, uint64_t deadline_ns);

/* Who is whose parent, ascending by pid; lives until the next pass. */
size_t join_memory_parents(struct join_memory *memory, const struct join_pass *pass,
                           const struct host_parent **ret_parents);

/* Forgets whoever was not looked up for too long. */
void join_memory_end(struct join_memory *memory, const struct join_pass *pass);

#endif
