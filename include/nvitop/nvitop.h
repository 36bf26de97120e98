/**
 * @file
 * libnvitop: GPU and process facts for C programs.
 *
 * The one public header. Everything between CFFI-BEGIN and CFFI-END is plain declarations that
 * cffi can read as they stand; macros and the C++ guard live outside that block.
 *
 * Rules that hold for every function:
 *
 * - A function that can fail returns NVITOP_OK (0) or a negative enum nvitop_status, and leaves all
 *   its outputs (`ret_…`) alone when it fails. NULL where an object is needed is NVITOP_EINVAL.
 *   The library never prints, and ends the program only if there is no memory.
 * - A fact that cannot be had is no error but a value that is not available and says why.
 * - Arrays: `(ret_array, cap, ret_count)` write at most `cap` elements and always tell the full
 *   count; NULL and 0 ask for the count alone.
 * - Texts are UTF-8 without control characters, whatever the driver or a process called itself.
 *   Who keeps a text alive is said with each function.
 * - Threads: everything may be called from any thread, also at once, but for `_free`, `_close`,
 *   `nvitop_session_after_fork` and the series of `nvitop_stats_…`, which want nobody else inside
 *   the same object. Struct types that are passed by value or filled in are the caller's own.
 * - Whatever calls the driver may take as long as the driver does. Opening, snapshots and all that
 *   stands on them (listing and finding devices, selecting, collecting) give up at a deadline; what
 *   asks one device runs on the caller's thread and has none.
 *
 * Copyright the nvitop authors. SPDX-License-Identifier: Apache-2.0
 */
#ifndef NVITOP_NVITOP_H
#define NVITOP_NVITOP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Before each function that the library exports. */
#ifndef NVITOP_API
#define NVITOP_API
#endif

/* CFFI-BEGIN */

/* ---- statuses, kinds, reasons, units, metric ids ---- */

/** What a call came to: 0, or one of these negative numbers. Numbers are never re-used. */
enum nvitop_status {
    NVITOP_OK = 0,           /**< it went well */
    NVITOP_EINVAL = -1,      /**< an argument, or a file's contents, is wrong */
    NVITOP_ENOLIB = -2,      /**< no NVML library could be loaded */
    NVITOP_ENODRIVER = -3,   /**< NVML is there, the kernel driver is not (NVML code 9) */
    NVITOP_EVERSION = -4,    /**< NVML and kernel driver are of different versions (code 18) */
    NVITOP_EPERM = -5,       /**< not permitted (code 4, EPERM, EACCES) */
    NVITOP_ENOTFOUND = -6,   /**< no such device, process, metric */
    NVITOP_ELOST = -7,       /**< the GPU is lost (code 15 or 16) */
    NVITOP_ENOTSUP = -8,     /**< this device, driver or platform cannot say (code 3) */
    NVITOP_ENOSYMBOL = -9,   /**< the driver library lacks the function (code 13) */
    NVITOP_ETIMEOUT = -10,   /**< no answer within the deadline */
    NVITOP_EGONE = -11,      /**< the process has ended */
    NVITOP_EDUPLICATE = -12, /**< the same device was named twice */
    NVITOP_ESTATE = -13,     /**< not now: the object is in another state */
    NVITOP_ETOOBIG = -14,    /**< a size from outside is beyond every sane bound */
    NVITOP_EUNKNOWN = -15    /**< any other driver or system error */
};

/** The kinds of a value. */
enum nvitop_kind {
    NVITOP_NA = 0, /**< not available; the reason is an nvitop_why */
    NVITOP_INT,    /**< 64-bit signed */
    NVITOP_REAL,   /**< double, never NaN */
    NVITOP_TEXT,   /**< printable UTF-8 */
    NVITOP_BOOL    /**< 0 or 1 */
};

/** Why a value is not available. */
enum nvitop_why {
    NVITOP_WHY_NONE = 0,       /**< it is available */
    NVITOP_WHY_NOT_SUPPORTED,  /**< this device or driver does not have it */
    NVITOP_WHY_NO_PERMISSION,  /**< it is there, we may not see it */
    NVITOP_WHY_NO_SYMBOL,      /**< the driver library lacks the function */
    NVITOP_WHY_LOST,           /**< the GPU is lost */
    NVITOP_WHY_NOT_APPLICABLE, /**< has no meaning here (a MIG instance has no fan) */
    NVITOP_WHY_NO_SAMPLE,      /**< nothing measured yet */
    NVITOP_WHY_GONE,           /**< the process has ended */
    NVITOP_WHY_ERROR,          /**< any other driver or system error */
    NVITOP_WHY_STALE,          /**< the newest reading is too old to show */
    NVITOP_WHY_NOT_RESPONDING, /**< no answer within the deadline, from the driver or the kernel */
    NVITOP_WHY_NOT_ASKED,      /**< nobody asked for this metric */
    NVITOP_WHY_HOST_PID,       /**< the pid belongs to another pid namespace */
    NVITOP_WHY_SUSPENDED       /**< the GPU sleeps, and was not to be woken */
};

/** Units of metrics. Text and flags have NONE. */
enum nvitop_unit {
    NVITOP_UNIT_NONE,       /**< a text, a flag, an id or a plain number */
    NVITOP_UNIT_BYTES,      /**< bytes */
    NVITOP_UNIT_KIB_PER_S,  /**< 1024 bytes a second */
    NVITOP_UNIT_PERCENT,    /**< per cent; of a process's CPU, 100 is one core */
    NVITOP_UNIT_CELSIUS,    /**< degrees Celsius */
    NVITOP_UNIT_MILLIWATT,  /**< a thousandth of a watt */
    NVITOP_UNIT_MHZ,        /**< megahertz */
    NVITOP_UNIT_SECONDS,    /**< seconds */
    NVITOP_UNIT_COUNT,      /**< a number of things */
    NVITOP_UNIT_MILLIJOULE, /**< a thousandth of a joule */
    NVITOP_UNIT_RPM,        /**< turns a minute */
    NVITOP_UNIT_KIB,        /**< 1024 bytes */
    NVITOP_UNIT_MB_PER_S,   /**< a million bytes a second */
    NVITOP_UNIT_BITS        /**< a mask; the metric's help names the bits */
};

/** What a metric is a metric of. */
enum nvitop_scope {
    NVITOP_SCOPE_SYSTEM,  /**< the driver as a whole; no metric ids yet */
    NVITOP_SCOPE_DEVICE,  /**< a GPU or a MIG device */
    NVITOP_SCOPE_PROCESS, /**< a process on one device */
    NVITOP_SCOPE_HOST     /**< the machine */
};

/**
 * Metric ids, 1000 per scope. Never renumbered, never re-used; new ones go to a scope's end.
 * Meaning, unit and source of each are told by nvitop_metric_info.
 */
enum nvitop_metric {
    NVITOP_DEV_NAME = 1000,
    NVITOP_DEV_UUID,
    NVITOP_DEV_BUS_ID,
    NVITOP_DEV_SERIAL,
    NVITOP_DEV_MINOR_NUMBER,
    NVITOP_DEV_ARCHITECTURE,
    NVITOP_DEV_BRAND,
    NVITOP_DEV_VIRTUALIZATION_MODE,
    NVITOP_DEV_COMPUTE_CAPABILITY,
    NVITOP_DEV_MEMORY_TOTAL,
    NVITOP_DEV_MEMORY_USED,
    NVITOP_DEV_MEMORY_FREE,
    NVITOP_DEV_MEMORY_RESERVED,
    NVITOP_DEV_MEMORY_PERCENT,
    NVITOP_DEV_MEMORY_KIND,
    NVITOP_DEV_BAR1_TOTAL,
    NVITOP_DEV_BAR1_USED,
    NVITOP_DEV_BAR1_FREE,
    NVITOP_DEV_BAR1_PERCENT,
    NVITOP_DEV_UTIL_GPU,
    NVITOP_DEV_UTIL_MEMORY,
    NVITOP_DEV_UTIL_ENCODER,
    NVITOP_DEV_UTIL_DECODER,
    NVITOP_DEV_UTIL_JPEG,
    NVITOP_DEV_UTIL_OFA,
    NVITOP_DEV_CLOCK_GRAPHICS,
    NVITOP_DEV_CLOCK_SM,
    NVITOP_DEV_CLOCK_MEMORY,
    NVITOP_DEV_CLOCK_VIDEO,
    NVITOP_DEV_MAX_CLOCK_GRAPHICS,
    NVITOP_DEV_MAX_CLOCK_SM,
    NVITOP_DEV_MAX_CLOCK_MEMORY,
    NVITOP_DEV_MAX_CLOCK_VIDEO,
    NVITOP_DEV_FAN_SPEED,
    NVITOP_DEV_FAN_COUNT,
    NVITOP_DEV_FAN_RPM,
    NVITOP_DEV_TEMPERATURE,
    NVITOP_DEV_TEMPERATURE_MEMORY,
    NVITOP_DEV_TEMPERATURE_MARGIN,
    NVITOP_DEV_TEMPERATURE_SHUTDOWN,
    NVITOP_DEV_TEMPERATURE_SLOWDOWN,
    NVITOP_DEV_TEMPERATURE_MEMORY_MAX,
    NVITOP_DEV_TEMPERATURE_GPU_MAX,
    NVITOP_DEV_POWER_USAGE,
    NVITOP_DEV_POWER_INSTANT,
    NVITOP_DEV_POWER_AVERAGE,
    NVITOP_DEV_POWER_LIMIT,
    NVITOP_DEV_POWER_LIMIT_ENFORCED,
    NVITOP_DEV_POWER_LIMIT_MIN,
    NVITOP_DEV_POWER_LIMIT_MAX,
    NVITOP_DEV_POWER_PERCENT,
    NVITOP_DEV_ENERGY,
    NVITOP_DEV_PCIE_TX,
    NVITOP_DEV_PCIE_RX,
    NVITOP_DEV_PCIE_GENERATION,
    NVITOP_DEV_PCIE_WIDTH,
    NVITOP_DEV_PCIE_GENERATION_MAX,
    NVITOP_DEV_PCIE_WIDTH_MAX,
    NVITOP_DEV_NVLINK_COUNT,
    NVITOP_DEV_NVLINK_TX,
    NVITOP_DEV_NVLINK_RX,
    NVITOP_DEV_DISPLAY_ACTIVE,
    NVITOP_DEV_DISPLAY_MODE,
    NVITOP_DEV_DRIVER_MODEL,
    NVITOP_DEV_PERSISTENCE_MODE,
    NVITOP_DEV_PSTATE,
    NVITOP_DEV_ECC_ERRORS,
    NVITOP_DEV_COMPUTE_MODE,
    NVITOP_DEV_MIG_MODE,
    NVITOP_DEV_EVENT_REASONS,
    NVITOP_DEV_GPU_INSTANCE_ID,
    NVITOP_DEV_COMPUTE_INSTANCE_ID,
    NVITOP_DEV_MULTIPROCESSOR_COUNT,
    NVITOP_DEV_VBIOS_VERSION,
    NVITOP_DEV_BOARD_PART_NUMBER,
    NVITOP_DEV_ECC_CORRECTED,
    NVITOP_DEV_ECC_ERRORS_AGGREGATE,
    NVITOP_DEV_ECC_CORRECTED_AGGREGATE,
    NVITOP_DEV_PCIE_REPLAYS,
    NVITOP_DEV_RETIRED_SINGLE_BIT,
    NVITOP_DEV_RETIRED_DOUBLE_BIT,
    NVITOP_DEV_RETIRED_PENDING,
    NVITOP_DEV_REMAPPED_CORRECTABLE,
    NVITOP_DEV_REMAPPED_UNCORRECTABLE,
    NVITOP_DEV_REMAPPED_PENDING,
    NVITOP_DEV_REMAPPED_FAILURE,
    NVITOP_DEV_VIOLATION_POWER,
    NVITOP_DEV_VIOLATION_THERMAL,
    NVITOP_DEV_VIOLATION_SYNC_BOOST,
    NVITOP_DEV_VIOLATION_BOARD_LIMIT,
    NVITOP_DEV_VIOLATION_LOW_UTILIZATION,
    NVITOP_DEV_VIOLATION_RELIABILITY,
    NVITOP_DEV_VIOLATION_APP_CLOCKS,
    NVITOP_DEV_VIOLATION_BASE_CLOCKS,
    NVITOP_DEV_SM_ACTIVE,
    NVITOP_DEV_TENSOR_ACTIVE,
    NVITOP_DEV_DRAM_ACTIVE,

    NVITOP_PROC_TYPE = 2000,
    NVITOP_PROC_GPU_MEMORY,
    NVITOP_PROC_GPU_MEMORY_PERCENT,
    NVITOP_PROC_UTIL_SM,
    NVITOP_PROC_UTIL_MEMORY,
    NVITOP_PROC_UTIL_ENCODER,
    NVITOP_PROC_UTIL_DECODER,
    NVITOP_PROC_USER,
    NVITOP_PROC_CPU_PERCENT,
    NVITOP_PROC_RSS,
    NVITOP_PROC_RSS_PERCENT,
    NVITOP_PROC_RUNNING_TIME,
    NVITOP_PROC_STATE,
    NVITOP_PROC_THREADS,
    NVITOP_PROC_PPID,
    NVITOP_PROC_NAME,
    NVITOP_PROC_COMMAND,
    NVITOP_PROC_CPU_TIME,
    NVITOP_PROC_START_TIME,
    NVITOP_PROC_CONTAINER_ID,
    NVITOP_PROC_POD_UID,
    NVITOP_PROC_SLURM_JOB_ID,
    NVITOP_PROC_BATCH_JOB_ID,

    NVITOP_HOST_CPU_PERCENT = 3000,
    NVITOP_HOST_MEMORY_TOTAL,
    NVITOP_HOST_MEMORY_AVAILABLE,
    NVITOP_HOST_MEMORY_USED,
    NVITOP_HOST_MEMORY_PERCENT,
    NVITOP_HOST_SWAP_TOTAL,
    NVITOP_HOST_SWAP_USED,
    NVITOP_HOST_SWAP_PERCENT,
    NVITOP_HOST_LOAD1,
    NVITOP_HOST_LOAD5,
    NVITOP_HOST_LOAD15,
    NVITOP_HOST_UPTIME,
    NVITOP_HOST_CPU_COUNT
};

/* ---- version, words ---- */

/** The binary interface that this header describes; changes only with the soname. */
enum nvitop_abi {
    NVITOP_ABI = 1 /**< compare with nvitop_abi_version() */
};

/** The version of the loaded library, "1.0.0". Static text. */
NVITOP_API const char *nvitop_version(void);

/** The NVITOP_ABI that the loaded library was built with. */
NVITOP_API int nvitop_abi_version(void);

/** What an enum nvitop_status means, in a few words for a log; never NULL. Static text. */
NVITOP_API const char *nvitop_status_text(int status);

/** What an enum nvitop_why means, in a few words: "not supported"; never NULL. Static text. */
NVITOP_API const char *nvitop_why_text(int why);

/* ---- values ---- */

/** A fact, or the reason why there is none. 24 bytes on 64-bit systems; frozen. */
struct nvitop_value {
    uint8_t kind;      /**< enum nvitop_kind: which member of `u` is meant */
    uint8_t why;       /**< enum nvitop_why; NONE unless kind is NVITOP_NA */
    uint16_t flags;    /**< 0 */
    int32_t nvml_code; /**< the driver's raw nvmlReturn_t, 0 if it has none or went well */
    union {
        int64_t i;        /**< NVITOP_INT, NVITOP_BOOL */
        double r;         /**< NVITOP_REAL */
        const char *text; /**< NVITOP_TEXT; who keeps it is said by whoever gives the value */
    } u;                  /**< by `kind` */
    uint32_t age_ms;      /**< how old a kept reading is; 0: just read, or a fact */
    uint32_t reserved;    /**< 0 */
};

/** The number in it; NaN for a value that is not available, and for texts. */
NVITOP_API double nvitop_value_real(const struct nvitop_value *value);

/**
 * Writes the value as nvitop's screens do ("1041MiB", "66.00 W", "yes"), or that there is none and
 * why ("N/A (GPU is lost; NVML code 15)"), ended by NUL and cut to `size` bytes. `unit` is the
 * metric's enum nvitop_unit. Returns the length of the whole text, as snprintf does, or
 * NVITOP_EINVAL.
 */
NVITOP_API int nvitop_value_format(const struct nvitop_value *value, int unit, char *buf,
                                   size_t size);

/* ---- metrics: one table ---- */

/** Which devices have a metric; elsewhere its value is "not applicable". Bits. */
enum nvitop_applies {
    NVITOP_APPLIES_GPU = 1, /**< physical GPUs */
    NVITOP_APPLIES_MIG = 2  /**< MIG devices */
};

/** A row of the metric table. Grows at its end; all texts are static. */
struct nvitop_metric_row {
    uint32_t size;              /**< in: sizeof of the caller's; out: how much was filled */
    int32_t id;                 /**< enum nvitop_metric */
    int32_t scope;              /**< enum nvitop_scope */
    int32_t unit;               /**< enum nvitop_unit */
    int32_t kind;               /**< enum nvitop_kind of an available value */
    int32_t applies;            /**< bits of enum nvitop_applies; 0 outside the device scope */
    int32_t refresh_ms;         /**< how long a reading is good: 0 always ask, -1 never changes */
    int32_t is_blocking;        /**< 1: a driver call that takes 20 ms and more */
    double collector_divisor;   /**< the collector divides by it; 0: not collected */
    const char *name;           /**< "temperature": the key in JSON, the word of --query */
    const char *collector_name; /**< "temperature (C)"; NULL: not collected */
    const char *help;           /**< one sentence: meaning and source */
};

/**
 * Fills *ret_row, whose `size` the caller has set, for the metric `id`.
 * NVITOP_EINVAL: no such metric, or no size.
 */
NVITOP_API int nvitop_metric_info(int id, struct nvitop_metric_row *ret_row);

/** The id of the metric that is called `name` in the scope; NVITOP_ENOTFOUND if none is. */
NVITOP_API int nvitop_metric_id(int scope, const char *name);

/** All metrics of a scope, ascending. NVITOP_EINVAL: no such scope. */
NVITOP_API int nvitop_metric_list(int scope, int *ret_ids, size_t cap, size_t *ret_count);

/* ---- session ---- */

/** The driver, its devices and the host, kept open for whoever asks. Where a snapshot finds that
 * the driver has gone (it was loaded anew), the next call opens it again. */
struct nvitop_session;

/** One GPU or MIG device of a session. Borrowed: lives as long as its session. Of each index there
 * is one in a session: the same pointer whoever asks, so equal pointers are the same device. It
 * stands for what has the index now, which is another after MIG was divided anew, or the driver
 * loaded anew: the UUID tells. */
struct nvitop_device;

/** How a session is opened. Bits. */
enum nvitop_open_flags {
    NVITOP_OPEN_LAZY = 1 /**< the driver is opened when it is first needed; opening cannot fail */
};

/** What a session stands on. Fill with nvitop_options_init, then change what is to differ. Grows
 * at its end. Texts are copied. */
struct nvitop_options {
    uint32_t size;           /**< sizeof, set by nvitop_options_init */
    uint32_t flags;          /**< bits of enum nvitop_open_flags */
    const char *nvml_path;   /**< only this library; NULL: $NVITOP_NVML, else the usual places */
    const char *cuda_helper; /**< nvitop-cuda-order; NULL: in libexec of the library's tree, else
                                where it was installed; "": none */
    const char *procfs;      /**< the process file system; NULL: /proc */
    uint32_t cache_ttl_ms; /**< nvitop_device_read gives readings up to this old; 0: always asks */
    uint32_t open_timeout_ms; /**< for opening driver and devices; 0: 30000, as GPUs may sleep */
    uint32_t read_timeout_ms; /**< for the reads of a snapshot; 0: 3000 */
};

/** Fills in the defaults. */
NVITOP_API void nvitop_options_init(struct nvitop_options *options);

/**
 * Opens the driver (dlopen, nvmlInit) and the host's process file system. `options` may be NULL for
 * the defaults. NVITOP_ENOLIB, NVITOP_ENODRIVER, NVITOP_EVERSION, NVITOP_EPERM, NVITOP_ETIMEOUT (a
 * thread stays with the driver), NVITOP_EUNKNOWN: the driver said so, unless NVITOP_OPEN_LAZY; then
 * each call that needs the driver tries again, but after a time-out only looks whether the one
 * thread that is with it has come back.
 * NVITOP_ENOTFOUND: no process file system. End it with nvitop_session_close. Sessions are
 * independent of each other, also when they load different driver libraries. From its first
 * snapshot on, a session has a thread of its own, and up to 130 descriptors, those of 64 GPU
 * processes above all; nvitop_host_processes keeps as many. They are closed on exec.
 */
NVITOP_API int nvitop_session_open(const struct nvitop_options *options,
                                   struct nvitop_session **ret_session);

/**
 * Ends the session; NULL is fine. Its devices are dead then, and its collectors must not be used
 * but to be freed; snapshots stay. Waits up to 3 s for calls in flight: a thread that is still in
 * the driver after that is abandoned with all it uses, and nvmlShutdown is not called.
 */
NVITOP_API void nvitop_session_close(struct nvitop_session *session);

/**
 * In the child of a fork: forgets driver handles and locks, which do not survive a fork; the driver
 * is opened again when it is next needed. Devices stay valid, collectors of the parent have no
 * activation in the child. Whoever uses the session in a child without having said so has it done
 * by his first call, so this is for those who want to say when. Not needed before exec; nothing
 * happens in the process that the session belongs to. What another thread of the parent was in the
 * middle of is lost memory, nothing worse.
 */
NVITOP_API int nvitop_session_after_fork(struct nvitop_session *session);

/**
 * Whether the driver can be used: opens it if it is not open. The status of nvitop_session_open.
 */
NVITOP_API int nvitop_session_status(struct nvitop_session *session);

/** Why the driver could not be opened. Grows at its end. */
struct nvitop_failure {
    uint32_t size;     /**< sizeof, set by the caller */
    int32_t status;    /**< enum nvitop_status; NVITOP_OK: it is open, or was never tried */
    int32_t nvml_code; /**< nvmlReturn_t of nvmlInit; 0: it was never called */
    char text[132];    /**< the driver's own words (nvmlErrorString), or the loader's */
};

/** How the newest opening of the driver went: the code and the words behind a status. A session
 * that could not be opened cannot be asked, so open it with NVITOP_OPEN_LAZY for that. */
NVITOP_API int nvitop_session_failure(struct nvitop_session *session,
                                      struct nvitop_failure *ret_failure);

/** TEXT, "550.54.14" (nvmlSystemGetDriverVersion); lives as long as the session. */
NVITOP_API int nvitop_driver_version(struct nvitop_session *session,
                                     struct nvitop_value *ret_value);

/** TEXT, the newest CUDA that the driver supports, "12.4" (nvmlSystemGetCudaDriverVersion_v2);
 * lives as long as the session. */
NVITOP_API int nvitop_cuda_driver_version(struct nvitop_session *session,
                                          struct nvitop_value *ret_value);

/** TEXT, "12.550.54.14" (nvmlSystemGetNVMLVersion); lives as long as the session. */
NVITOP_API int nvitop_nvml_version(struct nvitop_session *session, struct nvitop_value *ret_value);

/** TEXT, the file of the driver's library that the session has opened, for programs that make calls
 * of their own: dlopen of it gives the same library. Bytes as the file system has them; lives as
 * long as the session. */
NVITOP_API int nvitop_nvml_path(struct nvitop_session *session, struct nvitop_value *ret_value);

/**
 * Reads metrics of the host (scope NVITOP_SCOPE_HOST) from /proc. CPU per cent is that since the
 * previous reading in this session, 100 ms ago or more; at first it is that since boot. Needs no
 * driver.
 * NVITOP_EINVAL: an id is not the host's.
 */
NVITOP_API int nvitop_host_read(struct nvitop_session *session, const int *ids, size_t count,
                                struct nvitop_value *ret_values);

/** What has become of a process. */
enum nvitop_presence {
    NVITOP_PRESENCE_HERE = 0, /**< it is there */
    NVITOP_PRESENCE_GONE,     /**< it has ended */
    NVITOP_PRESENCE_ZOMBIE,   /**< it has ended, and its parent has not looked */
    NVITOP_PRESENCE_HIDDEN,   /**< there, but not ours to see (hidepid) */
    NVITOP_PRESENCE_HOST_PID  /**< the pid is of another namespace: no host facts */
};

/** What nvitop_host_processes reads. Bits. */
enum nvitop_host_process_flags {
    NVITOP_HOST_PROCESS_COMMAND = 1 /**< command lines too: reading one waits for a process whose
                                         memory is locked, for as long as it is */
};

/** What the host knows of a process. Values have printable texts; `comm` and `argv` are bytes as
 * the kernel has them. Grows at its end. */
struct nvitop_host_process {
    uint32_t pid;                /**< as it was asked for */
    int32_t presence;            /**< enum nvitop_presence, but never HOST_PID */
    uint64_t start_ticks;        /**< field 22 of /proc/PID/stat: with pid, who it is; 0: unknown */
    uint64_t read_ns;            /**< CLOCK_MONOTONIC, when cpu_seconds was read */
    struct nvitop_value uid;     /**< INT, the real one; as of the session's first look */
    struct nvitop_value user;    /**< TEXT, its name; digits where it has none */
    struct nvitop_value ppid;    /**< INT, its parent; 0: none here */
    struct nvitop_value threads; /**< INT */
    struct nvitop_value state;   /**< TEXT, the letter of /proc/PID/stat */
    struct nvitop_value name;    /**< TEXT, of at most 15 bytes */
    struct nvitop_value command; /**< TEXT, as nvitop_command_join has it */
    struct nvitop_value rss;     /**< INT bytes, resident memory */
    struct nvitop_value cpu_seconds;  /**< REAL, CPU time of its life: user and system */
    struct nvitop_value running_time; /**< REAL seconds since its start */
    const char *comm;                 /**< name; NULL where that is not available */
    const char *argv;                 /**< the arguments, each ended by NUL; NULL: not read, or more
                                           than a mebibyte of them */
    size_t argv_len;                  /**< bytes of argv; 0: it has none, or they are not known */
};

/**
 * What the host knows of processes: `count` rows in the order of `pids`, which are those of the
 * session's process file system. A fact that cannot be had says why; so a process that has ended is
 * no error, but a row. Needs no driver, and holds no lock while it reads. Descriptors of 64
 * processes, and names of users, are kept for the next call. Rows are `row_size` apart, the
 * caller's sizeof(struct nvitop_host_process); free them, with all texts, by
 * nvitop_host_processes_free. `flags`: bits of enum nvitop_host_process_flags. NVITOP_EINVAL: the
 * size is less than any version had. NVITOP_ETOOBIG: more pids than there can be. NVITOP_ENOTFOUND:
 * there is no process file system any more.
 */
NVITOP_API int nvitop_host_processes(struct nvitop_session *session, const uint32_t *pids,
                                     size_t count, uint32_t flags, size_t row_size,
                                     struct nvitop_host_process **ret_rows);

/** Frees rows and their texts; NULL is fine. */
NVITOP_API void nvitop_host_processes_free(struct nvitop_host_process *rows);

/* ---- devices ---- */

/** Which device. Frozen. */
struct nvitop_index {
    int32_t physical; /**< NVML's index of the GPU: in the order of the PCI bus */
    int32_t mig;      /**< NVML's index of the MIG device under it; -1: the GPU itself */
};

/** Which devices nvitop_device_list gives. Bits. */
enum nvitop_list_flags {
    NVITOP_LIST_MIG = 1,   /**< each GPU is followed by its MIG devices */
    NVITOP_LIST_LEAVES = 2 /**< only what can run something: MIG devices, and GPUs with MIG off.
                                A GPU in MIG mode without instances is left out */
};

/** How many GPUs the driver has (nvmlDeviceGetCount), lost ones too; MIG devices do not count. */
NVITOP_API int nvitop_device_count(struct nvitop_session *session, uint32_t *ret_count);

/** The devices of now, in NVML's order. `flags`: bits of enum nvitop_list_flags; 0: GPUs. */
NVITOP_API int nvitop_device_list(struct nvitop_session *session, uint32_t flags,
                                  struct nvitop_device **ret_devices, size_t cap,
                                  size_t *ret_count);

/** A device by its index. A GPU that is lost is found; NVITOP_EINVAL: there is no such GPU;
 * NVITOP_ENOTFOUND: the GPU has no such MIG device. */
NVITOP_API int nvitop_device_by_index(struct nvitop_session *session, struct nvitop_index index,
                                      struct nvitop_device **ret_device);

/** A device by "GPU-…" or "MIG-…", the whole UUID or a prefix that only one device has.
 * NVITOP_ENOTFOUND: none. NVITOP_EDUPLICATE: several. */
NVITOP_API int nvitop_device_by_uuid(struct nvitop_session *session, const char *uuid,
                                     struct nvitop_device **ret_device);

/** A GPU by its PCI address, "00000000:01:00.0" or with fewer zeros in front, in any case.
 * NVITOP_ENOTFOUND: none. */
NVITOP_API int nvitop_device_by_bus_id(struct nvitop_session *session, const char *bus_id,
                                       struct nvitop_device **ret_device);

/** Which one it is. */
NVITOP_API struct nvitop_index nvitop_device_index(const struct nvitop_device *device);

/** The GPU of a MIG device, else NULL. */
NVITOP_API struct nvitop_device *nvitop_device_parent(const struct nvitop_device *device);

/** The MIG devices of a GPU now; none where MIG is off, unknown to the driver, or for a MIG
 * device. */
NVITOP_API int nvitop_device_mig_children(struct nvitop_device *device,
                                          struct nvitop_device **ret_devices, size_t cap,
                                          size_t *ret_count);

/** NVITOP_OK, or why the driver gave no handle: NVITOP_ELOST, NVITOP_EPERM, … NVITOP_ENOTFOUND: the
 * MIG device is no more. NVITOP_ETIMEOUT: the GPU does not answer. */
NVITOP_API int nvitop_device_status(struct nvitop_device *device);

/** The same in the driver's words: the nvmlReturn_t of the handle's look-up, 0 if there is a
 * handle. NVITOP_ENOTFOUND, NVITOP_ETIMEOUT, a status of nvitop_session_open: no look-up has said.
 */
NVITOP_API int nvitop_device_nvml_code(struct nvitop_device *device, int32_t *ret_code);

/**
 * Reads metrics (scope NVITOP_SCOPE_DEVICE): one driver call for all that come from the same one.
 * What cannot be read is a value that says why. Facts that never change (name, UUID, bus id …) are
 * asked until they are known, and stay when the GPU is lost; it is looked up again every 5 s. Runs
 * on the caller's thread, without a deadline; other devices can be read meanwhile. Where a call of
 * another thread about this GPU has been out for longer than read_timeout_ms, nobody waits for it:
 * then all but known facts is "not responding", until the call comes back. Texts live as long as
 * the session. NVITOP_EINVAL: an id is not a device's. NVITOP_ENOTFOUND: the MIG device is no more.
 * A status of nvitop_session_open: there is no driver.
 */
NVITOP_API int nvitop_device_read(struct nvitop_device *device, const int *ids, size_t count,
                                  struct nvitop_value *ret_values);

/** Forgets kept readings, and facts too, of the GPU with all its MIG devices: all is asked again.
 */
NVITOP_API int nvitop_device_cache_clear(struct nvitop_device *device);

/** The driver's nvmlDevice_t, for calls of one's own into the same library; where there is none,
 * the status that nvitop_device_status gives. Dead after nvitop_session_close or a fork, and when a
 * GPU that was lost has been looked up again. */
NVITOP_API int nvitop_device_nvml_handle(struct nvitop_device *device, void **ret_handle);

/** What a process does on a device. Bits. */
enum nvitop_process_type {
    NVITOP_PROCESS_COMPUTE = 1, /**< C: has a compute context, MPS clients too */
    NVITOP_PROCESS_GRAPHICS = 2 /**< G: has a graphics context */
};

/** A process as the driver lists it. Grows at its end. */
struct nvitop_process {
    uint32_t pid;         /**< as the driver tells: of its own pid namespace */
    uint32_t gi_id;       /**< MIG GPU instance; UINT32_MAX: none */
    uint32_t ci_id;       /**< MIG compute instance; UINT32_MAX: none */
    uint8_t type_bits;    /**< enum nvitop_process_type */
    uint8_t is_foreign;   /**< 1: the pid is, or may be, of another namespace: whoever has it here
                               is a stranger, who must get no signal meant for this process */
    uint8_t pad[2];       /**< 0 */
    uint64_t start_ticks; /**< field 22 of /proc/PID/stat: with pid, who it is; 0: unknown */
    struct nvitop_value gpu_memory; /**< INT bytes; what Windows counts under WDDM */
    struct nvitop_value sm;         /**< INT %, newest sample of the last second, 0 without one */
    struct nvitop_value mem;        /**< the same of memory bandwidth */
    struct nvitop_value enc;        /**< the same of the encoder */
    struct nvitop_value dec;        /**< the same of the decoder */
};

/**
 * The processes on a device, ascending by pid, compute and graphics lists merged, memory counted
 * once (nvmlDeviceGet{Compute,Graphics,MPSCompute}RunningProcesses,
 * nvmlDeviceGetProcessUtilization). A lost device has none. Runs on the caller's thread, without a
 * deadline. Two calls may give different counts: ask with room to spare. A GPU in MIG mode lists
 * those of all its instances. NVITOP_ENOSYMBOL, NVITOP_EPERM, …: the lists could not be read.
 * NVITOP_ENOTFOUND, NVITOP_ETIMEOUT: as nvitop_device_status. `row_size` is the caller's
 * sizeof(struct nvitop_process): so far apart are the rows, and what an older library does not know
 * of is 0. NVITOP_EINVAL: less than any version had.
 */
NVITOP_API int nvitop_device_processes(struct nvitop_device *device,
                                       struct nvitop_process *ret_rows, size_t row_size, size_t cap,
                                       size_t *ret_count);

/* ---- CUDA_VISIBLE_DEVICES, selection ---- */

/** How nvitop_visible_devices reads. Bits. */
enum nvitop_visible_flags {
    NVITOP_VISIBLE_ENVIRONMENT = 1, /**< the variable of this process; `value` is not looked at */
    NVITOP_VISIBLE_PCI_ORDER = 2    /**< numbers are NVML's; else CUDA_DEVICE_ORDER is honoured and
                                         the CUDA driver is asked, in a child process */
};

/**
 * What a CUDA program would see if CUDA_VISIBLE_DEVICES had this `value` (NULL: unset, all), in
 * CUDA's order. A text that CUDA would not take gives what stands before the mistake; a device
 * twice gives none.
 */
NVITOP_API int nvitop_visible_devices(struct nvitop_session *session, const char *value,
                                      uint32_t flags, struct nvitop_index *ret_indices, size_t cap,
                                      size_t *ret_count);

/** How nvitop_select_run chooses. Bits. */
enum nvitop_select_flags {
    NVITOP_SELECT_UNSORTED = 1 /**< keeps the order of the candidates */
};

/** What is wanted of devices. Fill with nvitop_select_init. Grows at its end. */
struct nvitop_select {
    uint32_t size;                 /**< sizeof, set by nvitop_select_init */
    uint32_t flags;                /**< bits of enum nvitop_select_flags */
    int64_t min_count;             /**< 0 or more; only settles what to do with MIG devices */
    int64_t max_count;             /**< -1: all */
    double min_free_bytes;         /**< -1: no bound */
    double min_total_bytes;        /**< -1: no bound */
    double max_gpu_percent;        /**< GPU utilization; -1: no bound */
    double max_memory_percent;     /**< memory bandwidth utilization; -1: no bound */
    double tolerance_percent;      /**< loosens all bounds; who needs it comes last. 0 or more */
    const char *const *free_users; /**< what their processes hold counts as free */
    size_t free_user_count;        /**< of free_users */
};

/** Fills in: no bounds, no tolerance. */
NVITOP_API void nvitop_select_init(struct nvitop_select *select);

/**
 * Chooses devices, the best first: those that keep all strict bounds, then most free memory, most
 * used memory, least GPU and memory utilization, highest index. GPUs in MIG mode stand for their
 * MIG devices, which are never mixed with GPUs, and of which CUDA takes one. A device without
 * handle or UUID, or that does not answer now, is never chosen; a bound on a value that is not
 * available is not kept, whatever the tolerance. `select` NULL: no bounds. `from` NULL: all, and
 * their order is that of NVML. Takes a snapshot. A max_count of 0 chooses none, and asks nothing.
 * Fewer than min_count is no error: compare. NVITOP_EINVAL: else max_count < min_count; a negative
 * min_count or tolerance; a number that is none; a device of another session.
 */
NVITOP_API int nvitop_select_run(struct nvitop_session *session, const struct nvitop_select *select,
                                 struct nvitop_device *const *from, size_t from_count,
                                 struct nvitop_device **ret_devices, size_t cap, size_t *ret_count);

/* ---- snapshots ---- */

/** Everything at one moment: immutable, counted, read from any thread. */
struct nvitop_snapshot;

/** What a snapshot holds. Bits. */
enum nvitop_snapshot_flags {
    NVITOP_SNAPSHOT_NO_PROCESSES = 1, /**< process lists are not read */
    NVITOP_SNAPSHOT_BLOCKING = 2      /**< also metrics whose call takes 20 ms and more (PCIe
                                           throughput), unless `metrics` says what is wanted */
};

/** What to read. Fill with nvitop_snapshot_request_init. Grows at its end. */
struct nvitop_snapshot_request {
    uint32_t size;                        /**< sizeof, set by nvitop_snapshot_request_init */
    uint32_t flags;                       /**< bits of enum nvitop_snapshot_flags */
    struct nvitop_device *const *devices; /**< rows, in this order; NULL: each GPU, followed by its
                                               MIG devices */
    size_t device_count;                  /**< of devices */
    const int *metrics;  /**< device metrics to read, others are "not asked"; NULL: all */
    size_t metric_count; /**< of metrics */
};

/** Fills in: all devices, all metrics, processes. */
NVITOP_API void nvitop_snapshot_request_init(struct nvitop_snapshot_request *request);

/**
 * Reads all GPUs in parallel, the host and the processes, and joins them. `request` may be NULL for
 * everything. A GPU that does not answer by the deadline has a row with the facts that are known
 * and "not responding", and nobody waits for it any more until its call has come back. Processes of
 * a GPU in MIG mode are on the rows of its MIG devices. %CPU of a process is that since the
 * session's previous snapshot, at first that of its life. NVITOP_EDUPLICATE: a device is named
 * twice. A status of nvitop_session_open: there is no driver. Let go of it with
 * nvitop_snapshot_unref.
 */
NVITOP_API int nvitop_snapshot_take(struct nvitop_session *session,
                                    const struct nvitop_snapshot_request *request,
                                    struct nvitop_snapshot **ret_snapshot);

/** One more owner; returns the same pointer. */
NVITOP_API struct nvitop_snapshot *nvitop_snapshot_ref(struct nvitop_snapshot *snapshot);

/** One owner less; the last one frees it. NULL is fine. */
NVITOP_API void nvitop_snapshot_unref(struct nvitop_snapshot *snapshot);

/** How many device rows; 0 for NULL. */
NVITOP_API size_t nvitop_snapshot_device_count(const struct nvitop_snapshot *snapshot);

/** How many process rows: one per process and device; 0 for NULL. */
NVITOP_API size_t nvitop_snapshot_process_count(const struct nvitop_snapshot *snapshot);

/** When it was taken: seconds since 1970. */
NVITOP_API double nvitop_snapshot_epoch(const struct nvitop_snapshot *snapshot);

/** The state of a device in a snapshot. */
enum nvitop_condition {
    NVITOP_CONDITION_OK = 0,         /**< it answers */
    NVITOP_CONDITION_LOST,           /**< gone until a reset (NVML code 15 or 16) */
    NVITOP_CONDITION_ERROR,          /**< no handle, for the reason nvml_code */
    NVITOP_CONDITION_NOT_RESPONDING, /**< no answer by the deadline */
    NVITOP_CONDITION_SUSPENDED,      /**< asleep, and left so */
    NVITOP_CONDITION_WAITING         /**< not answered yet */
};

/** A device row. Grows at its end. */
struct nvitop_device_row {
    uint32_t size;             /**< in: sizeof of the caller's; out: how much was filled */
    struct nvitop_index index; /**< which device */
    int32_t condition;         /**< enum nvitop_condition */
    int32_t nvml_code;         /**< nvmlReturn_t behind LOST and ERROR, else 0 */
    int32_t is_leaf;           /**< 1: a MIG device, or a GPU without any */
};

/** Tells of device row `row`. NVITOP_ENOTFOUND: there is no such row. */
NVITOP_API int nvitop_snapshot_device(const struct nvitop_snapshot *snapshot, size_t row,
                                      struct nvitop_device_row *ret_row);

/** A process row. Grows at its end. */
struct nvitop_process_row {
    uint32_t size;        /**< in: sizeof of the caller's; out: how much was filled */
    uint32_t pid;         /**< as the driver tells */
    uint64_t start_ticks; /**< field 22 of /proc/PID/stat: with pid, who it is; 0: unknown */
    size_t device_row;    /**< on which device row */
    uint32_t type_bits;   /**< enum nvitop_process_type; 0: unknown */
    int32_t presence;     /**< enum nvitop_presence */
    int32_t is_own;       /**< 1: it runs under the caller's user */
};

/** Tells of process row `row`. NVITOP_ENOTFOUND: there is no such row. */
NVITOP_API int nvitop_snapshot_process(const struct nvitop_snapshot *snapshot, size_t row,
                                       struct nvitop_process_row *ret_row);

/**
 * One value: of device row or process row `row` by the scope of `id`; the host has the row 0.
 * Texts live as long as the snapshot. NVITOP_EINVAL: no such metric; NVITOP_ENOTFOUND: no such row.
 */
NVITOP_API int nvitop_snapshot_get(const struct nvitop_snapshot *snapshot, int id, size_t row,
                                   struct nvitop_value *ret_value);

/** How JSON is written. Bits. */
enum nvitop_json_flags {
    NVITOP_JSON_PRETTY = 1 /**< indented, one member a line */
};

/**
 * The snapshot as JSON text, as `nvitop --json` prints it (schema/snapshot.schema.json), without a
 * newline at its end: everything that was read for it; what was not asked for is absent. Free it
 * with nvitop_text_free. NVITOP_EINVAL: a flag that there is not.
 */
NVITOP_API int nvitop_snapshot_json(const struct nvitop_snapshot *snapshot, uint32_t flags,
                                    char **ret_text);

/** Frees a text that the library made. NULL is fine. */
NVITOP_API void nvitop_text_free(char *text);

/* ---- statistics ---- */

/** Statistics of one series, weighted by time. */
struct nvitop_stats;

/** What a series comes to; NaN where there was no sample. Frozen. */
struct nvitop_stats_result {
    double mean; /**< the area under the samples joined by straight lines, over the time */
    double min;  /**< the least */
    double max;  /**< the greatest */
    double last; /**< the newest */
};

/** A series that begins at `start`, in seconds of any clock. Not for several threads at once. Free
 * with nvitop_stats_free. */
NVITOP_API int nvitop_stats_new(double start, struct nvitop_stats **ret_stats);

/** Frees it; NULL is fine. */
NVITOP_API void nvitop_stats_free(struct nvitop_stats *stats);

/** A sample at `time` of the same clock; one before the newest counts as at the same time. NaN:
 * there was none to be had. */
NVITOP_API void nvitop_stats_add(struct nvitop_stats *stats, double time, double value);

/** What it comes to at `now`: the last value counts until then, unless a sample was missing ever.
 */
NVITOP_API void nvitop_stats_get(const struct nvitop_stats *stats, double now,
                                 struct nvitop_stats_result *ret_result);

/* ---- collector ---- */

/**
 * Samples devices, processes and host in the background, and tells statistics over windows that
 * have tags and lie inside each other.
 *
 * Time is that of a clock that neither steps nor goes on while the machine sleeps. If the program
 * stood still, so that no sample came for more than three intervals (and a second), that stretch
 * does not count in any mean, and is not filled.
 */
struct nvitop_collector;

/** How it is collected. */
enum nvitop_collector_flags {
    NVITOP_COLLECTOR_BY_HAND = 1, /**< no sampler, and nvitop_collector_collect takes no sample: all
                                       come from nvitop_collector_sample and nvitop_collector_add */
};

/** What is collected. Fill with nvitop_collector_options_init. Grows at its end. */
struct nvitop_collector_options {
    uint32_t size;                        /**< sizeof, set by nvitop_collector_options_init */
    uint32_t flags;                       /**< of enum nvitop_collector_flags */
    struct nvitop_device *const *devices; /**< in the order in which they are told; NULL: all GPUs.
                                               MIG devices of a GPU come with it */
    size_t device_count;                  /**< of devices */
    const int32_t *cuda_indices; /**< CUDA's index of each device, for the keys, -1: it has none;
                                      NULL: none has. One that has brings no MIG devices */
    const int32_t *root_pids;    /**< GPU processes that are or descend from one of these; 1: all,
                                      0: the calling process. NULL: those of the calling process */
    size_t root_pid_count;       /**< of root_pids; 0 with a pointer: no processes */
    double interval;             /**< seconds between samples, more than 0; 1 if not changed. Less
                                      than 0.001 counts as that; INFINITY: one, and no more */
};

/** Fills in: all GPUs, processes of the caller, a sample each second. */
NVITOP_API void nvitop_collector_options_init(struct nvitop_collector_options *options);

/** Makes one; `options` may be NULL for the defaults, and is copied. NVITOP_EINVAL: the interval is
 * no positive number, a device is not the session's, there is no such flag. Where there is no
 * driver, it collects the host. Free with nvitop_collector_free. */
NVITOP_API int nvitop_collector_new(struct nvitop_session *session,
                                    const struct nvitop_collector_options *options,
                                    struct nvitop_collector **ret_collector);

/** Frees it; NULL is fine. Ends the sampler as nvitop_collector_deactivate does. */
NVITOP_API void nvitop_collector_free(struct nvitop_collector *collector);

/** Opens a window inside the innermost one; the first one starts the sampler thread.
 * NVITOP_EDUPLICATE: a window with this tag is open. NVITOP_EUNKNOWN: the system gives no thread.
 */
NVITOP_API int nvitop_collector_activate(struct nvitop_collector *collector, const char *tag);

/** Closes the window with this tag, and those inside it; NULL: the innermost one, which is fine
 * where none is open. The last one ends the sampler: waits for the sample that is being taken, 3 s
 * at most, never for an interval. NVITOP_ESTATE: a tag, and no window is open. NVITOP_ENOTFOUND:
 * none has the tag. */
NVITOP_API int nvitop_collector_deactivate(struct nvitop_collector *collector, const char *tag);

/** Empties the window with this tag and those inside it, and restarts their clocks; NULL: the
 * innermost. NVITOP_ESTATE: no window is open. NVITOP_ENOTFOUND: none has the tag. */
NVITOP_API int nvitop_collector_clear(struct nvitop_collector *collector, const char *tag);

/** Takes a sample now, and adds it to all windows that are open since before. Works without any. */
NVITOP_API int nvitop_collector_sample(struct nvitop_collector *collector);

/**
 * Adds a sample of `count` numbers of the caller's own to all windows that are open since before it
 * was begun, `took` seconds ago. A name is all of the key that lies between tags and statistic, as
 * in "gpu:0/my metric (x)"; NaN: there was none to be had. They are told behind the library's own,
 * in the order in which the names came first, and whatever a sample lacks is missing in it. Names
 * beyond the 65536th are passed over.
 */
NVITOP_API int nvitop_collector_add(struct nvitop_collector *collector, double took,
                                    const char *const *names, const double *values, size_t count);

/** 1: the newest sample is older than half an interval, or than the window, so that
 * nvitop_collector_collect would take one; else 0. NVITOP_ESTATE: no window is open. */
NVITOP_API int nvitop_collector_is_due(struct nvitop_collector *collector);

/** Is told one statistic: `key` lives for the call only, `value` may be NaN. */
typedef void nvitop_emit_fn(void *arg, const char *key, double value);

/**
 * Tells all statistics of the innermost window, in a fixed order. Keys are the tags of all open
 * windows, outermost first; "host", "gpu:0", "gpu:(1, 0)", "cuda:0 (gpu:1)", "pid:1/host" or
 * "pid:1/gpu:0"; the collector_name of a metric; and "mean", "min", "max" or "last", as in
 * "TAG/gpu:0/power_usage (W)/mean". Of "running_time (min)" there is the greatest only. Last come
 * "TAG/duration (s)", since the window was opened or cleared, "TAG/timestamp" of now and
 * "TAG/last_timestamp" of the newest sample, both in seconds since 1970. Processes that have ended
 * keep their keys until the window is cleared.
 *
 * Takes a sample first if the newest is older than half an interval, or than the window. `emit` is
 * called on this thread, with no lock held. NVITOP_ESTATE: no window is open.
 */
NVITOP_API int nvitop_collector_collect(struct nvitop_collector *collector, nvitop_emit_fn *emit,
                                        void *arg);

/** The statistics alone, as an array, of what there is: no sample is taken. As long as
 * `*ret_layout` is the same, nvitop_collector_keys tells the same. NVITOP_ESTATE: no window is
 * open. */
NVITOP_API int nvitop_collector_values(struct nvitop_collector *collector, double *ret_values,
                                       size_t cap, size_t *ret_count, uint64_t *ret_layout);

/** The keys of the innermost window, in order, without its tags and the slash behind them. They
 * stand behind each other, each ended by NUL, in `*ret_size` bytes. Free them with
 * nvitop_text_free. NVITOP_ESTATE: no window is open. */
NVITOP_API int nvitop_collector_keys(struct nvitop_collector *collector, char **ret_keys,
                                     size_t *ret_size, uint64_t *ret_layout);

/* ---- text: the forms of nvitop's screens ---- */

/**
 * Bytes as people read them: "0B", "1024KiB", "20480MiB", "20.00GiB". `min_unit`: the smallest unit
 * to be used, in bytes (1, 1024 …). NVITOP_EINVAL: no finite number, or 1e27 and more.
 *
 * All functions that write a text here cut it to `size` bytes and return the length of the whole
 * one, as snprintf does.
 */
NVITOP_API int nvitop_bytes_human(double bytes, double min_unit, char *buf, size_t size);

/** The other way: "1.5 GiB", "10k" (1000 without an i), "500"; no sign but +. Whole bytes, cut.
 * NVITOP_EINVAL: it is no size. */
NVITOP_API int nvitop_human_bytes(const char *text, double *ret_bytes);

/** How nvitop_seconds_human writes. Bits. */
enum nvitop_seconds_flags {
    NVITOP_SECONDS_ROUND = 1 /**< days from one day on, not from four */
};

/** "0:59", "95:59:59", "4.5 days"; fractions are cut. Less than none is what is missing to an hour:
 * -1 is "59:59". NVITOP_EINVAL: no finite number, or 1e20 and more. */
NVITOP_API int nvitop_seconds_human(double seconds, uint32_t flags, char *buf, size_t size);

/** A command line for people, not for a shell: empty arguments and those with a blank, a newline, a
 * dollar or a backslash get quotes, others none. On Windows those with a percent sign or a caret
 * get them instead, and a caret stands before each of these and before a quote. One argument alone
 * that is not the absolute path of a file is a title, and written as it is. */
NVITOP_API int nvitop_command_join(const char *const *argv, size_t argc, char *buf, size_t size);

/* CFFI-END */

#ifdef __cplusplus
}
#endif

#endif
