/*
 * A snapshot: everything a consumer shows, at one moment. Immutable once published, counted, in
 * one arena; read from any thread. No pointer into one outlives its reference.
 */
#ifndef NVITOP_CORE_SNAPSHOT_H
#define NVITOP_CORE_SNAPSHOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/value.h"

enum device_condition {
    DEVICE_OK,
    DEVICE_LOST,           /* handle look-up said 15 or 16, or a read says so now */
    DEVICE_ERROR,          /* handle look-up failed otherwise; see `code` */
    DEVICE_NOT_RESPONDING, /* no answer within the deadline; values say so too */
    DEVICE_SUSPENDED,      /* asleep, and left so */
    DEVICE_WAITING,        /* not answered yet since the driver was opened; values are NO_SAMPLE */
};

struct snapshot_link {
    uint32_t link;
    struct value tx, rx; /* INT, KiB so far */
};

struct snapshot_xid {
    uint32_t xid;
    uint64_t count; /* since the sampler began */
};

struct snapshot_device {
    int32_t physical; /* NVML index */
    int32_t mig;      /* MIG index under it, -1 for a physical GPU */
    enum device_condition condition;
    int32_t code; /* nvmlReturn_t behind LOST and ERROR */
    bool is_leaf; /* MIG device, or GPU without MIG devices: counts in averages */
    /* Of a sampler that goes on (the report's has one reading, and leaves these 0). */
    bool is_stale;            /* older than two of its periods, at least 1 s: shown dimmed */
    uint64_t silent_since_us; /* epoch: a call has been out since then, for 3 s or more; else 0 */
    struct value values[NVITOP_DEV_COUNT]; /* by id - NVITOP_DEV_NAME */
    bool has_links; /* each NVLink was asked for, and the driver has said which it tells of: none,
                       or these from then on */
    const struct snapshot_link *links;
    size_t link_count;
    const struct snapshot_xid *xids; /* critical errors, while somebody asks for them */
    size_t xid_count;
    uint64_t xid_last_us; /* epoch: the newest one; 0: none */
};

enum process_presence {
    PROCESS_PRESENT,
    PROCESS_GONE, /* the driver lists a pid that is not there: "No Such Process" */
    PROCESS_ZOMBIE,
    PROCESS_HIDDEN,   /* hidepid: there, but not ours to see */
    PROCESS_HOST_PID, /* a pid of another namespace: no host facts, no signals */
};

/* What a process does on a GPU, as bits: the driver binding's, which consumers do not see. */
enum { PROCESS_TYPE_COMPUTE = 1, PROCESS_TYPE_GRAPHICS = 2 };

/* Which process: a pid alone may be re-used. */
struct process_id {
    uint32_t pid;
    uint64_t start_ticks; /* 0 if unknown: then no signal is ever sent to it */
};

enum { SNAPSHOT_NO_DEVICE = -1 };

/* One row per (pid, leaf device). */
struct snapshot_process {
    uint32_t pid;
    uint64_t start_ticks; /* 0 if unknown */
    size_t device;        /* row in snapshot.devices; of a relative: (size_t)SNAPSHOT_NO_DEVICE */
    unsigned types;       /* bits of PROCESS_TYPE_*; 0 unknown */
    enum process_presence presence;
    bool is_own;                            /* belongs to the viewer's user */
    struct value values[NVITOP_PROC_COUNT]; /* by id - NVITOP_PROC_TYPE */
};

/* What has become of the driver, for a sampler that goes on; the report has DRIVER_OK always. */
enum driver_state {
    DRIVER_OK,
    DRIVER_WAITING, /* opening it has not come back yet */
    DRIVER_FAILED,  /* it answered, and fails now: `driver_text` says how; it is tried again */
};

/* What a sampler that goes on looks at, and how its newest look went. */
enum snapshot_part { SNAPSHOT_GPUS, SNAPSHOT_PROCESSES, SNAPSHOT_HOST, SNAPSHOT_PART_COUNT };

struct snapshot_look {
    bool is_good;         /* it is whole, and no older than two periods, at least 1 s */
    struct value seconds; /* REAL, how long it took; N/A: there was none */
};

struct snapshot {
    _Atomic unsigned refs;
    struct arena arena; /* everything below, and the snapshot itself, lives here */
    uint64_t epoch_us, mono_ns;
    uint64_t look; /* of a sampler that goes on: snapshots with the same number are of the same look
                      at everything, and differ in what came late. From 1; 0: none is over yet */
    struct value driver_version, cuda_version; /* TEXT */
    /* In display order: each GPU directly followed by its MIG devices. */
    struct snapshot_device *devices;
    size_t device_count;
    struct snapshot_process *processes; /* natural order: device, gone last, user, pid */
    size_t process_count;
    struct value host[NVITOP_HOST_COUNT]; /* by id - NVITOP_HOST_CPU_PERCENT */
    enum driver_state driver_state;
    uint64_t driver_since_us;     /* epoch: since when it is WAITING or FAILED; 0 if OK */
    bool is_driver_late;          /* WAITING for longer than opening may take, 30 s */
    const char *driver_text;      /* FAILED: the driver's reason, one line; else NULL */
    unsigned driver_device_count; /* GPUs the driver has, shown or not */
    bool has_process_lists;       /* false: this driver library cannot list processes at all */
    bool has_processes;           /* false: nobody asked for them, so none are listed */
    bool is_gathering;            /* processes were asked for, and none were read yet */
    struct snapshot_look looks[SNAPSHOT_PART_COUNT]; /* the report has none */
    /* Ancestors and direct children of the processes above, without a GPU of their own; only while
     * somebody asks for them (the tree). Ascending pid, host facts only. */
    struct snapshot_process *relatives;
    size_t relative_count;
    bool has_relatives;          /* they were asked for, and are complete */
    const char *user, *hostname; /* the viewer; printable */
    bool is_superuser, is_wsl, is_wddm;
    bool has_pid_namespace; /* true outside the initial pid namespace */
};

struct snapshot *snapshot_new(void); /* one reference, empty arena but for itself */
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot); /* NULL is fine */

/* Are these the same process? Two of unknown start are, if their pids are. */
static inline bool process_id_equals(struct process_id a, struct process_id b)
{
    return a.pid == b.pid && a.start_ticks == b.start_ticks;
}

static inline struct process_id snapshot_process_id(const struct snapshot_process *process)
{
    return (struct process_id){ process->pid, process->start_ticks };
}

/* Is `process` a row of the process `id`, on whichever device? */
static inline bool process_id_is(struct process_id id, const struct snapshot_process *process)
{
    return process_id_equals(id, snapshot_process_id(process));
}

/* The first row of the process `id`, else the relative that it is (no device then), else NULL. */
const struct snapshot_process *snapshot_find_process(const struct snapshot *snapshot,
                                                     struct process_id id);

/* Would a signal of the viewer's reach it, and may the viewer look into it? To root, all are ours.
 */
static inline bool snapshot_process_is_ours(const struct snapshot *snapshot,
                                            const struct snapshot_process *process)
{
    return process->is_own || snapshot->is_superuser;
}

/* Shorthands: the value of one metric id. */
static inline struct value snapshot_device_value(const struct snapshot_device *device, int id)
{
    return device->values[id - NVITOP_DEV_NAME];
}

static inline struct value snapshot_process_value(const struct snapshot_process *process, int id)
{
    return process->values[id - NVITOP_PROC_TYPE];
}

static inline struct value snapshot_host_value(const struct snapshot *snapshot, int id)
{
    return snapshot->host[id - NVITOP_HOST_CPU_PERCENT];
}

#endif
