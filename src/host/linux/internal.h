/* What the files of this folder share. */
#ifndef NVITOP_HOST_LINUX_INTERNAL_H
#define NVITOP_HOST_LINUX_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "host/host.h"
#include "host/linux/parse.h"
#include "host/names.h"

#define HOST_DEFAULT_ROOT "/proc"

/* A file of totals or of a process's identity; no real one comes near. */
enum { HOST_FILE_LIMIT = 1024 * 1024 };

/* A process that was read before. */
struct host_slot {
    pid_t pid;
    int fd, statm_fd;     /* its stat and statm; -1 when not kept */
    uint64_t start_ticks; /* the rest belongs to the process that started then */
    struct value uid;     /* real; read once */
    const char *user;     /* owned by host.names; NULL until asked for */
    struct value rss;     /* INT, as of the reading before, when stat told of stat_pages */
    int64_t stat_pages;
    bool is_rss_new; /* status told of it together with the uid, just now */
};

struct host {
    int root; /* descriptor of the tree */
    bool is_own_mount, is_initial_pid_ns;
    uint32_t pid_max;
    double ticks_per_second;
    int64_t page_size;

    /* Uptime is the monotonic clock plus an offset that is read once a tick, so that all processes
     * of a tick are measured against one clock; where nobody ticks, once in a while, since it grows
     * while the machine sleeps. In a tree of plain files time stands still. */
    bool is_procfs, has_uptime;
    double uptime_offset;
    uint64_t uptime_ns; /* clock_mono_ns of when it was read */
    bool has_boot;
    int64_t boot; /* seconds since 1970 */

    struct str text; /* scratch for whole files */
    bool has_cpu;
    struct parse_cpu cpu; /* the reading that CPU % is counted from */
    uint64_t cpu_ns;

    struct host_slot *slots; /* ascending by pid */
    size_t slot_count, slot_cap;
    size_t kept_count, kept_limit; /* slots with descriptors */
    bool is_exact;                 /* rss is read each time */

    struct names names;
};

void host_read_uptime(struct host *host);
double host_uptime(struct host *host); /* seconds; needs has_uptime */
/* What a user is called; whether it is the name, which is asked for once. */
const char *host_user_name(struct host *host, uid_t uid, bool *ret_is_known);
enum nvitop_why host_why_of_errno(int error);

#endif
