/*
 * libnvitop: GPU and process facts for C programs.
 *
 * The one public header. Everything between CFFI-BEGIN and CFFI-END is plain declarations that
 * cffi can read as they stand; macros and the C++ guard live outside that block.
 *
 * Copyright the nvitop authors. SPDX-License-Identifier: Apache-2.0
 */
#ifndef NVITOP_NVITOP_H
#define NVITOP_NVITOP_H

#ifdef __cplusplus
extern "C" {
#endif

/* CFFI-BEGIN */

/* What a call came to: 0, or one of these negative numbers. Numbers are never re-used. */
enum nvitop_status {
    NVITOP_OK = 0,
    NVITOP_EINVAL = -1,      /* an argument, or a file's contents, is wrong */
    NVITOP_ENOLIB = -2,      /* no NVML library could be loaded */
    NVITOP_ENODRIVER = -3,   /* NVML is there, the kernel driver is not (NVML code 9) */
    NVITOP_EVERSION = -4,    /* NVML and kernel driver are of different versions (code 18) */
    NVITOP_EPERM = -5,       /* not permitted (code 4, EPERM, EACCES) */
    NVITOP_ENOTFOUND = -6,   /* no such device, process, metric */
    NVITOP_ELOST = -7,       /* the GPU is lost (code 15 or 16) */
    NVITOP_ENOTSUP = -8,     /* this device, driver or platform cannot say (code 3) */
    NVITOP_ENOSYMBOL = -9,   /* the driver library lacks the function (code 13) */
    NVITOP_ETIMEOUT = -10,   /* no answer within the deadline */
    NVITOP_EGONE = -11,      /* the process has ended */
    NVITOP_EDUPLICATE = -12, /* the same device was named twice */
    NVITOP_ESTATE = -13,     /* not now: the object is in another state */
    NVITOP_ETOOBIG = -14,    /* a size from outside is beyond every sane bound */
    NVITOP_EUNKNOWN = -15    /* any other driver or system error */
};

/* The kinds of a value. */
enum nvitop_kind {
    NVITOP_NA = 0, /* not available; the reason is an nvitop_why */
    NVITOP_INT,    /* 64-bit signed */
    NVITOP_REAL,   /* double, never NaN */
    NVITOP_TEXT,   /* printable UTF-8 */
    NVITOP_BOOL    /* 0 or 1 */
};

/* Why a value is not available. */
enum nvitop_why {
    NVITOP_WHY_NONE = 0,
    NVITOP_WHY_NOT_SUPPORTED,  /* this device or driver does not have it */
    NVITOP_WHY_NO_PERMISSION,  /* it is there, we may not see it */
    NVITOP_WHY_NO_SYMBOL,      /* the driver library lacks the function */
    NVITOP_WHY_LOST,           /* the GPU is lost */
    NVITOP_WHY_NOT_APPLICABLE, /* has no meaning here (a MIG instance has no fan) */
    NVITOP_WHY_NO_SAMPLE,      /* nothing measured yet */
    NVITOP_WHY_GONE,           /* the process has ended */
    NVITOP_WHY_ERROR,          /* any other driver or system error */
    NVITOP_WHY_STALE,          /* the newest reading is too old to show */
    NVITOP_WHY_NOT_RESPONDING, /* no answer within the deadline, from the driver or the kernel */
    NVITOP_WHY_NOT_ASKED,      /* nobody asked for this metric */
    NVITOP_WHY_HOST_PID,       /* the pid belongs to another pid namespace */
    NVITOP_WHY_SUSPENDED,      /* the GPU sleeps, and was not to be woken */
    NVITOP_WHY_COUNT
};

/* Units of metrics. Text and flags have NONE. */
enum nvitop_unit {
    NVITOP_UNIT_NONE,
    NVITOP_UNIT_BYTES,
    NVITOP_UNIT_KIB_PER_S,
    NVITOP_UNIT_PERCENT,
    NVITOP_UNIT_CELSIUS,
    NVITOP_UNIT_MILLIWATT,
    NVITOP_UNIT_MHZ,
    NVITOP_UNIT_SECONDS,
    NVITOP_UNIT_COUNT,
    NVITOP_UNIT_MILLIJOULE,
    NVITOP_UNIT_RPM,
    NVITOP_UNIT_KIB,
    NVITOP_UNIT_MB_PER_S,
    NVITOP_UNIT_BITS /* a mask; the metric's help names the bits */
};

enum nvitop_scope {
    NVITOP_SCOPE_SYSTEM,
    NVITOP_SCOPE_DEVICE,
    NVITOP_SCOPE_PROCESS,
    NVITOP_SCOPE_HOST
};

/*
 * Metric ids, 1000 per scope. Never renumbered; new ones go before the scope's _END.
 * Meaning, unit and source of each stand in the metric table (src/core/metric.c).
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
    NVITOP_DEV_END,

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
    NVITOP_PROC_END,

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
    NVITOP_HOST_CPU_COUNT,
    NVITOP_HOST_END
};

/* CFFI-END */

#ifdef __cplusplus
}
#endif

#define NVITOP_DEV_COUNT (NVITOP_DEV_END - NVITOP_DEV_NAME)
#define NVITOP_PROC_COUNT (NVITOP_PROC_END - NVITOP_PROC_TYPE)
#define NVITOP_HOST_COUNT (NVITOP_HOST_END - NVITOP_HOST_CPU_PERCENT)

#endif
