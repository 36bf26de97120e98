/*
 * The driver binding: libnvidia-ml, opened at run time, every function optional.
 *
 * What the driver says becomes a struct value; an error becomes a value with its reason and raw
 * code. One "query" is one driver call (or one group of calls that belong together) and fills
 * all the device metrics it can answer, so nothing is ever asked twice for one snapshot.
 *
 * Threads: a struct nvml is immutable once opened. A struct nvml_device (with its MIG children)
 * is used by one thread at a time. Any call may block for as long as the driver likes; deadlines
 * are the business of whoever owns the thread.
 */
#ifndef NVITOP_NVML_NVML_H
#define NVITOP_NVML_NVML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

struct arena;
struct nvml;
struct nvml_device;

/* ---- library ---- */

/* Why nvml_open failed. */
struct nvml_failure {
    int status;     /* NVITOP_ENOLIB: nothing could be loaded; else from the code of nvmlInit */
    int code;       /* nvmlReturn_t of nvmlInit, 0 if it was never called */
    char text[128]; /* the driver's own words for the code (nvmlErrorString), or ours */
};

/*
 * Loads the library, binds the symbol table and calls nvmlInit. `path`: only this file; NULL:
 * $NVITOP_NVML is NOT read here (the caller passes it), the usual places are tried in order
 * (soname, WSL, NixOS and driver folders, libnvidia-ml.so); a candidate whose real path contains
 * /stubs/, or whose init answers 12 or 13, is passed over for the next.
 */
int nvml_open(const char *path, struct nvml **ret_nvml, struct nvml_failure *ret_failure);

/* nvmlShutdown and unload. No call may be in flight. NULL is fine. */
void nvml_close(struct nvml *nvml);

/*
 * The same library for one worker, with its own memory of when it called: whoever watches the
 * worker sees from any thread how long its present call has been out. Its calls count in `nvml`
 * too, which must outlive it. Free with nvml_view_free.
 */
struct nvml *nvml_view(struct nvml *nvml);
void nvml_view_free(struct nvml *view);             /* NULL is fine */
uint64_t nvml_call_out_ns(const struct nvml *view); /* clock_mono_ns; 0: no call is out */

const char *nvml_library_path(const struct nvml *nvml); /* file it came from, "" if unknown */
bool nvml_has_process_symbols(const struct nvml *nvml); /* any compute or graphics list at all */
struct value nvml_driver_version(struct nvml *nvml, struct arena *arena); /* TEXT "550.54.14" */
/* For the public C library, which tells a program what it runs on; nothing else asks. */
struct value nvml_library_version(struct nvml *nvml, struct arena *arena);
struct value nvml_cuda_version(struct nvml *nvml, struct arena *arena); /* TEXT "12.4" */

/*
 * Whose process numbers the library reports. A real driver leaves it to the kernel's namespaces;
 * the simulator states it (it exports `int nvitopSimulatorPidScope(void)` returning one of
 * these), so that its harmless processes can be joined in a container too.
 */
enum nvml_pid_scope { NVML_PIDS_BY_KERNEL, NVML_PIDS_OURS, NVML_PIDS_FOREIGN };
enum nvml_pid_scope nvml_pid_scope(const struct nvml *nvml);

/* How many GPUs. 0, or a negative status with *ret_failure filled: NVITOP_ETOOBIG for more than
 * NVML_DEVICE_MAX, which no machine has. */
enum { NVML_DEVICE_MAX = 1024 };
int nvml_device_count(struct nvml *nvml, unsigned *ret_count, struct nvml_failure *ret_failure);

/* ---- devices ---- */

/*
 * Looks the handle up (seconds, where the GPU must wake). Always gives a device: if the driver
 * refused, every query of it answers N/A with that reason and nvml_device_code says why.
 * The device borrows `nvml`. Free with nvml_device_free.
 */
struct nvml_device *nvml_device_open(struct nvml *nvml, unsigned index);
void nvml_device_free(struct nvml_device *device);      /* and its MIG children; NULL is fine */
int nvml_device_code(const struct nvml_device *device); /* nvmlReturn_t of the look-up, 0 = fine */
/* The raw nvmlDevice_t, NULL if refused: for programs on the public C library that make driver
 * calls of their own. */
void *nvml_device_handle(const struct nvml_device *device);

/* One row per driver call; rows[] in nvml_query.c says what each fills. */
enum nvml_query {
    NVML_QUERY_NAME,
    NVML_QUERY_UUID,
    NVML_QUERY_PCI, /* bus id */
    NVML_QUERY_SERIAL,
    NVML_QUERY_MINOR_NUMBER,
    NVML_QUERY_ARCHITECTURE,
    NVML_QUERY_BRAND,
    NVML_QUERY_VIRTUALIZATION_MODE,
    NVML_QUERY_COMPUTE_CAPABILITY, /* TEXT "8.0" */
    NVML_QUERY_MEMORY,             /* total, used, free, reserved: v2, else v1 (reserved N/A) */
    NVML_QUERY_BAR1,               /* total, used, free */
    NVML_QUERY_UTILIZATION,        /* gpu, memory */
    NVML_QUERY_ENCODER,
    NVML_QUERY_DECODER,
    NVML_QUERY_JPEG,
    NVML_QUERY_OFA,
    NVML_QUERY_CLOCK_GRAPHICS,
    NVML_QUERY_CLOCK_SM,
    NVML_QUERY_CLOCK_MEMORY,
    NVML_QUERY_CLOCK_VIDEO,
    NVML_QUERY_MAX_CLOCK_GRAPHICS,
    NVML_QUERY_MAX_CLOCK_SM,
    NVML_QUERY_MAX_CLOCK_MEMORY,
    NVML_QUERY_MAX_CLOCK_VIDEO,
    NVML_QUERY_FAN_SPEED,
    NVML_QUERY_FAN_COUNT,
    NVML_QUERY_FAN_RPM,
    NVML_QUERY_TEMPERATURE,
    NVML_QUERY_TEMPERATURE_MARGIN,
    NVML_QUERY_TEMPERATURE_THRESHOLDS, /* shutdown, slowdown, memory max, GPU max */
    NVML_QUERY_POWER_USAGE,
    NVML_QUERY_POWER_LIMIT,
    NVML_QUERY_POWER_LIMIT_ENFORCED,
    NVML_QUERY_POWER_LIMIT_RANGE, /* min, max */
    NVML_QUERY_ENERGY,
    NVML_QUERY_FIELDS,          /* one nvmlDeviceGetFieldValues: instant and average power, memory
                                   temperature, NVLink count, tx, rx */
    NVML_QUERY_PCIE_THROUGHPUT, /* tx, rx by fields 197/198 differenced; else the blocking call, 20
                                   ms a counter */
    NVML_QUERY_PCIE_LINK,       /* generation, width */
    NVML_QUERY_PCIE_LINK_MAX,
    NVML_QUERY_DISPLAY_ACTIVE,
    NVML_QUERY_DISPLAY_MODE,
    NVML_QUERY_DRIVER_MODEL, /* TEXT "WDDM", "WDM", "MCDM" */
    NVML_QUERY_PERSISTENCE_MODE,
    NVML_QUERY_PSTATE,       /* INT 0–15; unknown (32) is N/A */
    NVML_QUERY_ECC_ERRORS,   /* uncorrected, volatile */
    NVML_QUERY_COMPUTE_MODE, /* INT, NVML's number */
    NVML_QUERY_MIG_MODE,     /* BOOL: current mode */
    NVML_QUERY_EVENT_REASONS,
    NVML_QUERY_MIG_IDS,        /* GPU instance id, compute instance id; MIG devices only */
    NVML_QUERY_MIG_ATTRIBUTES, /* multiprocessor count; MIG devices only */
    NVML_QUERY_VBIOS_VERSION,
    NVML_QUERY_BOARD_PART_NUMBER,
    NVML_QUERY_ECC_OTHERS, /* corrected; corrected and uncorrected of the board's life */
    NVML_QUERY_HEALTH,     /* one nvmlDeviceGetFieldValues: PCIe replays, retired pages, remapped
                              rows, time that the clocks were held down */
    NVML_QUERY_GPM, /* busy multiprocessors, tensor cores, memory: between two samples, so not the
                       first time */
    NVML_QUERY_COUNT,
    NVML_QUERY_NONE = NVML_QUERY_COUNT /* a metric that is derived, not asked */
};

/*
 * Asks one query and stores each metric it answers at values[id - NVITOP_DEV_NAME]; others are
 * untouched. Texts go into `arena`. Never fails: what cannot be read is N/A with why and code.
 * NOT_SUPPORTED and missing symbols are remembered per device and asked again only after 60 s.
 */
void nvml_device_ask(struct nvml_device *device, enum nvml_query query, struct arena *arena,
                     struct value values[NVITOP_DEV_COUNT]);

/* ---- NVLinks ---- */

enum { NVML_LINKS_MAX = 36 };

struct nvml_link {
    uint32_t link;
    struct value tx, rx; /* INT, KiB so far; N/A: why */
};

/* The counters of each link in one call. True, with *ret_count 0, also where the driver tells of no
 * single link; false, and nothing is written: it gave no answer, and may the next time. */
bool nvml_device_links(struct nvml_device *device, struct nvml_link links[NVML_LINKS_MAX],
                       size_t *ret_count);

/* ---- MIG ---- */

/* The MIG devices of a GPU, holes skipped. Same instance (UUID) as before → same object. The
 * array and its devices belong to `device`, valid until the next call. */
struct nvml_mig {
    unsigned index; /* NVML's MIG index under the parent; holes are kept as they are */
    struct nvml_device *device;
    const char *uuid; /* "MIG-…", "" if the driver would not say; lives as long as `device` */
};
void nvml_device_mig_children(struct nvml_device *device, const struct nvml_mig **ret_children,
                              size_t *ret_count);

/* ---- events ---- */

struct nvml_events;
struct nvml_event {
    unsigned index; /* the GPU's */
    uint32_t xid;
};

/* Watches all GPUs for critical errors (XID), from now on. NULL: the driver has no such events, or
 * none of a GPU. Of one thread; free with nvml_events_close. */
struct nvml_events *nvml_events_open(struct nvml *nvml, unsigned device_count);
void nvml_events_close(struct nvml_events *events); /* NULL is fine */

enum nvml_events_answer { NVML_EVENT, NVML_EVENT_NONE, NVML_EVENT_FAILED };
/* Waits for the next one, so many milliseconds at most. After a failure it may come at once. */
enum nvml_events_answer nvml_events_wait(struct nvml_events *events, unsigned ms,
                                         struct nvml_event *ret_event);

/* ---- processes ---- */

enum { NVML_PROCESS_COMPUTE = 1, NVML_PROCESS_GRAPHICS = 2 };

struct nvml_process {
    uint32_t pid;
    uint32_t types;                          /* bits above; MPS clients count as compute */
    struct value used_memory;                /* INT bytes; N/A if the driver says all-ones */
    uint32_t gpu_instance, compute_instance; /* UINT32_MAX: none */
};

/*
 * Compute, graphics and MPS lists merged: one row per pid, memory counted once, ascending pid.
 * Numbers that no pid can be
 * (0, beyond 31 bits) are dropped. `ret_count` 0 with *ret_why NONE means an idle GPU; with
 * another why the lists could not be read. Rows live in `arena`. `pid_max` and `total_memory`: for
 * the sanity check of the measured stride, 0 if unknown.
 */
void nvml_device_processes(struct nvml_device *device, uint32_t pid_max, uint64_t total_memory,
                           struct arena *arena, struct nvml_process **ret_rows, size_t *ret_count,
                           struct value *ret_why);

struct nvml_process_sample {
    uint32_t pid;
    uint32_t sm, memory, encoder, decoder; /* percent, each ≤ 100 */
};

/*
 * The newest utilization sample of each listed pid, newer than `since_us` (epoch µs); samples
 * over 100 or for pids not in `rows` are dropped. *ret_why is NONE after a successful query
 * (also one without samples), else the reason. One row per pid, ascending; lives in `arena`.
 */
void nvml_device_process_samples(struct nvml_device *device, uint64_t since_us,
                                 const struct nvml_process *rows, size_t row_count,
                                 struct arena *arena, struct nvml_process_sample **ret_samples,
                                 size_t *ret_count, struct value *ret_why);

/* ---- shared facts ---- */

enum nvitop_why nvml_code_why(int code); /* nvmlReturn_t → reason */
int nvml_code_status(int code);          /* nvmlReturn_t → nvitop_status */
bool nvml_code_is_lost(int code);        /* gone until a reset: lost, or a reset is required */
const char *nvml_code_text(int code);    /* our own words, static, e.g. "GPU is lost" */
uint64_t nvml_call_count(
    const struct nvml *nvml); /* driver calls made so far, for the benchmark and tests */

#endif
