/*
 * What the files of /proc say, as pure functions of their text. Every text ends with a NUL at
 * text[len]; a file that does not look as expected is refused whole, never half believed.
 */
#ifndef NVITOP_HOST_LINUX_PARSE_H
#define NVITOP_HOST_LINUX_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* /proc/PID/stat. `comm` points into the text. */
struct parse_stat {
    const char *comm;
    size_t comm_len;
    char state;
    int64_t ppid, threads, rss_pages;
    uint64_t flags, user_ticks, system_ticks, start_ticks;
};
bool parse_stat(const char *text, size_t len, struct parse_stat *ret_stat);

/* /proc/PID/statm: resident pages. Exact, where the count in stat may be behind by some pages for
 * every CPU of the machine. */
bool parse_statm(const char *text, int64_t *ret_rss_pages);

/* The real uid, from /proc/PID/status. */
bool parse_status_uid(const char *text, int64_t *ret_uid);

/* Resident bytes, from /proc/PID/status (VmRSS, which the kernel counts in kB); false where the
 * process has no memory of its own. */
bool parse_status_rss(const char *text, int64_t *ret_bytes);

/* How many pid namespaces /proc/self/status tells of, counted from the one of the mount; 1 where
 * the kernel is too old to say. */
int parse_status_namespaces(const char *text);

/* The "cpu" line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice.
 * Old kernels have fewer; the rest is 0. */
enum { PARSE_CPU_FIELDS = 10 };
struct parse_cpu {
    uint64_t ticks[PARSE_CPU_FIELDS];
    int64_t cpu_count;
};
bool parse_cpu(const char *text, struct parse_cpu *ret_cpu);

/* When the machine was booted, seconds since 1970, from /proc/stat. */
bool parse_boot(const char *text, int64_t *ret_boot);

/* Busy share between two readings in percent. Idle and waiting for I/O are not busy; guest time is
 * in user time already. False if no tick passed. */
bool parse_cpu_busy(const struct parse_cpu *before, const struct parse_cpu *now,
                    double *ret_percent);

/* /proc/meminfo, in KiB. */
enum parse_memory_key {
    PARSE_MEM_TOTAL,
    PARSE_MEM_FREE,
    PARSE_MEM_AVAILABLE,
    PARSE_MEM_CACHED,
    PARSE_MEM_ACTIVE_FILE,
    PARSE_MEM_INACTIVE_FILE,
    PARSE_MEM_SLAB_RECLAIMABLE,
    PARSE_SWAP_TOTAL,
    PARSE_SWAP_FREE,
    PARSE_MEMORY_COUNT
};
struct parse_memory {
    int64_t kib[PARSE_MEMORY_COUNT];
    bool has[PARSE_MEMORY_COUNT];
};
void parse_memory(const char *text, struct parse_memory *ret_memory);

/* Memory that programs can still get. Where the kernel does not say (before 3.14, or the 0 of a
 * known bug) it is estimated as the kernel itself would; `low_kib` is the sum of the zones' low
 * watermarks, negative if unknown. Needs MEM_TOTAL and MEM_FREE. */
int64_t parse_memory_available(const struct parse_memory *memory, int64_t low_kib);

/* Sum of the "low" watermarks of /proc/zoneinfo, in pages. */
int64_t parse_zone_low_pages(const char *text);

/* /proc/loadavg and /proc/uptime: the first `count` numbers. */
bool parse_reals(const char *text, size_t count, double *ret_reals);

#endif
