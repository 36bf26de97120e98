/* The host of a session: its totals, and the join of what the driver lists with it. */
#ifndef NVITOP_CORE_SESSION_HOST_H
#define NVITOP_CORE_SESSION_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/totals.h"
#include "nvml/nvml.h"

struct arena;
struct device_reading;
struct host;
struct join_memory;
struct lock;
struct session_fact;
struct session_start;
struct session_reader;
struct snapshot;

/* Of so many processes the join keeps two descriptors each, and so does the reader of facts. */
enum { SESSION_KEPT_PROCESSES = 64 };

struct session_host {
    char *procfs; /* NULL: /proc */
    uint32_t pid_max;
    double memory_total; /* bytes, as of the opening; 0: unknown */
    struct lock *lock;   /* guards the rest */
    bool is_inside;      /* somebody uses it now: a fork may have cut it in the middle */
    struct session_reader *_Atomic reader; /* needs no lock: core/session_facts.c */
    struct host *host;
    struct totals totals;
    struct join_memory *memory;
};

/* NVITOP_ENOTFOUND: no process file system. */
int session_host_open(struct session_host *host, const char *procfs);
void session_host_close(struct session_host *host);
void session_host_after_fork(struct session_host *host);

/* values[id - NVITOP_HOST_CPU_PERCENT] */
void session_host_totals(struct session_host *host, struct value *values);

/* Joins readings, whose memory is taken over, into a snapshot whose has_processes is set. */
void session_host_join(struct session_host *host, enum nvml_pid_scope scope,
                       struct device_reading *readings, size_t count, struct snapshot *snapshot);

/* ---- core/session_facts.c ---- */

/* As session_facts of core/session.h. */
int session_host_facts(struct session_host *host, const uint32_t *pids, size_t count,
                       bool has_commands, struct arena *arena, struct session_fact *ret_facts);
/* Who the processes are that the driver lists, *ret_starts are 0 before; and what it does not know
 * of them, in its rows. */
void session_host_complete(struct session_host *host, enum nvml_pid_scope scope,
                           struct device_reading *reading, struct arena *arena,
                           struct session_start *ret_starts);
void session_reader_free(struct session_reader *reader); /* NULL is fine */

#endif
