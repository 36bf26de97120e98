/* The host of a session: its totals, and the join of what the driver lists with it. */
#ifndef NVITOP_CORE_SESSION_HOST_H
#define NVITOP_CORE_SESSION_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/totals.h"
#include "nvml/nvml.h"

struct device_reading;
struct host;
struct join_memory;
struct lock;
struct snapshot;

struct session_host {
    char *procfs; /* NULL: /proc */
    uint32_t pid_max;
    double memory_total; /* bytes, as of the opening; 0: unknown */
    struct lock *lock;   /* guards the rest */
    bool is_inside;      /* somebody uses it now: a fork may have cut it in the middle */
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

/* When the process started; 0: it has gone, or the pid is (or may be) of another namespace. */
uint64_t session_host_start_ticks(struct session_host *host, enum nvml_pid_scope scope,
                                  uint32_t pid);

#endif
