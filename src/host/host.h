/*
 * The host: totals and processes. This header is the seam; linux/, windows/ and stub/ implement it.
 *
 * No threads in here: a call that may block (command, environ) says so and is made on a lane of
 * the caller's. A struct host is used by one thread at a time, except the *_blocking calls, which
 * touch nothing but the root path and may run on any thread.
 */
#ifndef NVITOP_HOST_HOST_H
#define NVITOP_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/value.h"

struct arena;
struct host;

/* `root`: the procfs mount, NULL for /proc. NVITOP_ENOTFOUND if it has no readable `stat`. */
int host_open(const char *root, struct host **ret_host);
void host_close(struct host *host); /* NULL is fine */

/* Totals at values[id - NVITOP_HOST_CPU_PERCENT]; whatever cannot be read is N/A. CPU % is since
 * the previous call, N/A on the first and when less than 100 ms passed. */
void host_read_totals(struct host *host, struct value values[NVITOP_HOST_COUNT]);

/* Before any call: the first CPU % is that since boot, then. */
void host_count_from_boot(struct host *host);

uint32_t host_pid_max(struct host *host); /* kernel.pid_max; 4194304 if unknown */
/* Whether its pids are this process's too: signals are allowed. */
bool host_is_own_mount(struct host *host);
/* Whether the tree shows the pids of the initial namespace: `self/ns/pid` of an own mount, else
 * `1/ns/pid` (else kernel threads), is 4026531836. */
bool host_is_initial_pid_ns(struct host *host);
bool host_is_wsl(void); /* WSL_DISTRO_NAME is set, even empty */
/* Whether Windows hands out the GPUs' memory, and its driver may not know who has how much. */
bool host_is_wddm(void);
/* Whether this system counts that memory: the next may know what the driver does not. */
bool host_counts_gpu_memory(void);
/* What a process has of the GPU at that place on the PCI bus by the system's own counters, INT
 * bytes; N/A: it has none, or is not sure which GPU they are of. */
struct value host_gpu_memory(struct host *host, pid_t pid, const char *bus_id);
/* Whether a file on /dev/nvidia* or /dev/dxg is open in it; false with a reason: not known. */
bool host_process_has_gpu(struct host *host, pid_t pid, enum nvitop_why *ret_why);

/* Identity of the viewer. Texts are printable and live in `arena`. */
struct host_self {
    const char *user, *hostname;
    uint32_t uid; /* effective; 0 where users have no numbers */
    bool is_superuser;
};
void host_read_self(struct arena *arena, struct host_self *ret_self);

enum host_presence {
    HOST_PRESENT,
    HOST_GONE,   /* no such process (here) */
    HOST_HIDDEN, /* exists, but hidepid keeps its facts from us */
    HOST_ZOMBIE,
};

/* One process. Anything that could not be read is N/A in its value. */
struct host_process {
    pid_t pid;
    enum host_presence presence;
    uint64_t start_ticks;       /* field 22 of stat: the identity, with pid */
    struct value uid;           /* INT, the real one; as of the first reading */
    struct value user;          /* TEXT, the name or the number in digits */
    struct value ppid, threads; /* INT */
    struct value state;         /* TEXT, one letter of stat */
    struct value name;          /* TEXT, comm, printable */
    struct value rss;           /* INT bytes */
    struct value cpu_seconds;   /* REAL, user + system so far */
    struct value running_time;  /* REAL seconds since its start */
    struct value start_time;    /* REAL seconds since 1970, by the boot time that host_read_totals
                                   has read */
    const char *comm;           /* name as the kernel has it; NULL where that is N/A */
};

/* One without any facts, for a reason. */
struct host_process host_process_without_facts(pid_t pid, enum host_presence presence,
                                               enum nvitop_why why);

/* Reads stat, statm and owner of one process; never blocks on it. Texts live in `arena`. The host
 * keeps descriptors per pid (up to ~400) so that a re-used pid cannot be mistaken; host_forget
 * drops those not among `pids` (ascending). */
void host_process_read(struct host *host, pid_t pid, struct arena *arena,
                       struct host_process *ret_process);
void host_forget(struct host *host, const pid_t *pids, size_t count);
/* Its start_ticks alone; 0 if there is no such process, or none that we may see. */
uint64_t host_process_start(struct host *host, pid_t pid);
/* From now on no more than so many pids have descriptors, two each: those of a program that we are
 * only a guest of are not ours to use up. The others cost two more calls each time. */
void host_limit_kept(struct host *host, size_t pids);

/* The resident memory is exact from now on. Else it stays what it was while a count that the kernel
 * has at hand, and that may be behind, has not moved; which saves a read. */
void host_want_exact(struct host *host);

/* Whose a process is, beside its user. */
enum host_workload {
    HOST_CONTAINER_ID,
    HOST_POD_UID,
    HOST_SLURM_JOB_ID,
    HOST_BATCH_JOB_ID, /* of any other batch system */
    HOST_WORKLOAD_COUNT,
};

/* What is told by files that may block: `cmdline`, and those of host_workload_read_blocking. */
struct host_command {
    struct value command; /* TEXT joined and quoted by the rules of the report; N/A: why */
    bool is_empty; /* no argv at all (a zombie, a kernel thread): command is N/A, not applicable */
    struct value workload[HOST_WORKLOAD_COUNT]; /* for who asks for both */
};

/* All of these may block for ever on a stuck process. Thread-safe. A megabyte at most is read;
 * `root` as in host_open. */
void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command);
/* The same, and the arguments as they are, each ended by NUL: NULL where they could not be read, or
 * not all of them. */
void host_argv_read_blocking(const char *root, pid_t pid, struct arena *arena,
                             struct host_command *ret_command, const char **ret_argv,
                             size_t *ret_len);
/* TEXT of few letters: see host/cgroup.h and host/batch.h. N/A, not applicable: it is in no such
 * thing; or why that could not be read. The environment is only looked into for a job that the
 * cgroup does not tell; those of other users' processes can't be. */
void host_workload_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                 struct value ret_workload[HOST_WORKLOAD_COUNT]);
/* "KEY=value", printable (newline kept), sorted by key. *ret_why: INT, the count; N/A if the block
 * could not be read. */
void host_environ_read_blocking(const char *root, pid_t pid, struct arena *arena, char ***ret_pairs,
                                size_t *ret_count, struct value *ret_why);

/* Which process has that pid now, by field 22 of its stat; 0 if there is none, or none that we may
 * see. Never blocks, thread-safe; `root` as in host_open. */
uint64_t host_start_ticks(const char *root, pid_t pid);

/* Who started it, or has taken it over; 0: nobody here, or there is no such process. Never blocks,
 * thread-safe; `root` as in host_open. */
pid_t host_parent(const char *root, pid_t pid);

/*
 * Sends a signal, only if the pid still is the process that started at `start_ticks`. Never blocks,
 * thread-safe. The tree must be an own mount, or the pid means somebody else here.
 * NVITOP_EGONE: it is another process now, or none. NVITOP_EPERM. NVITOP_ENOTSUP: start_ticks is 0.
 * NVITOP_EUNKNOWN: anything else; init and what is no pid of a single process are refused so.
 */
int host_signal(const char *root, pid_t pid, uint64_t start_ticks, int signal);

/* argv → one printable line, quoted as this system's people do: argv_join, having looked whether a
 * lone argument is a file. */
char *host_command_line(struct arena *arena, const char *const *argv, size_t argc);

/* All pids now (for the tree), ascending, in `arena`. */
size_t host_pids(struct host *host, struct arena *arena, pid_t **ret_pids);

/* The processes of now whose stat can be read, with their parents; ascending pid, in `arena`. */
struct host_parent {
    pid_t pid, ppid; /* ppid 0: it has none here */
};
size_t host_parents(struct host *host, struct arena *arena, struct host_parent **ret_parents);

/*
 * Which GPUs are suspended, in the driver's order, without waking any: runtime_status of every
 * NVIDIA display controller that its driver holds, under `sysfs` (NULL: /sys). Returns how many
 * there are, and writes at most `cap`; 0 where the system does not tell.
 */
size_t host_gpus_asleep(const char *sysfs, bool *ret_asleep, size_t cap);

#endif
