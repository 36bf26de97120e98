/*
 * What the files of this folder share. A driver call goes through NVML_CALL, which answers
 * FUNCTION_NOT_FOUND for a missing symbol and counts the others.
 */
#ifndef NVITOP_NVML_NVML_INTERNAL_H
#define NVITOP_NVML_NVML_INTERNAL_H

#include <stdatomic.h>

#include "base/clock.h"
#include "nvml/nvml.h"
#include "nvml/nvml_symbols.h"

struct dylib;

struct nvml {
    struct nvml_symbols symbols;
    struct dylib *lib; /* NULL: the symbols are somebody else's (tests) */
    char *path;
    _Atomic uint64_t calls;
    struct nvml *whole;       /* of a view: what it is a view of, whose calls count too */
    _Atomic uint64_t out_ns;  /* of a view: when its present call went out, 0: none is out */
    uint64_t (*now_ns)(void); /* clock_mono_ns; tests put theirs here */
};

static inline void nvml_call_begin(struct nvml *nvml)
{
    atomic_fetch_add_explicit(&nvml->calls, 1, memory_order_relaxed);
    if (!nvml->whole)
        return;
    atomic_fetch_add_explicit(&nvml->whole->calls, 1, memory_order_relaxed);
    atomic_store_explicit(&nvml->out_ns, clock_mono_ns(), memory_order_relaxed);
}

static inline int nvml_call_end(struct nvml *nvml, int code)
{
    if (nvml->whole)
        atomic_store_explicit(&nvml->out_ns, 0, memory_order_relaxed);
    return code;
}

#define NVML_CALL(nvml, fn, ...)                                                                   \
    ((fn) ? (nvml_call_begin(nvml), nvml_call_end((nvml), (int)(fn)(__VA_ARGS__)))                 \
          : NVML_ABI_ERROR_FUNCTION_NOT_FOUND)

/* Takes over `lib` (may be NULL). Does not initialise. Free with nvml_free. */
struct nvml *nvml_new(const struct nvml_symbols *symbols, struct dylib *lib);
void nvml_free(struct nvml *nvml);

/* nvml_open over given names or paths, tried in order. */
int nvml_open_first(const char *const *places, size_t count, struct nvml **ret_nvml,
                    struct nvml_failure *ret_failure);

/* A code as the value of a metric; text as one, made printable, N/A when empty. */
struct value nvml_code_value(int code);
struct value nvml_text_value(struct arena *arena, const char *bytes, size_t size);
int nvml_fail(const struct nvml *nvml, int code, struct nvml_failure *ret_failure);

/* ---- what a device refused ---- */

/* One slot for each driver call a device can refuse; NVML_SLOT_ROWS of them for nvml_query.c. */
enum {
    NVML_SLOT_ROWS = 96,
    NVML_SLOT_LISTS = NVML_SLOT_ROWS,
    NVML_SLOT_SAMPLES = NVML_SLOT_LISTS + NVML_LIST_COUNT,
    NVML_SLOT_PCIE_FIELDS,
    NVML_SLOT_LINKS,
    NVML_SLOT_COUNT
};

struct nvml_refusal {
    uint64_t until_ns; /* not asked again before; 0: ask */
    int32_t code;      /* of the last call */
};

struct nvml_list {
    unsigned char *bytes; /* NULL until first used */
    uint32_t capacity;    /* rows */
    size_t stride;        /* as last measured, 0: never */
};

struct nvml_pcie {
    bool has_counters;
    uint64_t counters[2]; /* tx, rx bytes */
    int64_t stamp_us;
    struct value rates[2];
};

struct nvml_gpm {
    bool is_supported;          /* else: not known */
    nvml_gpm_sample last, next; /* NULL: not there yet; `last` is taken if has_last */
    bool has_last;
};

struct nvml_device {
    struct nvml *nvml;
    nvml_handle handle; /* NULL: refused, with `code` */
    int code;
    char uuid[NVML_ABI_DEVICE_UUID_V2_BUFFER_SIZE + 1]; /* MIG devices only */
    int mig_mode;                                       /* -1: never heard */
    bool is_memory_plain, is_temperature_plain;         /* the newer call was refused */
    struct nvml_refusal refusals[NVML_SLOT_COUNT];
    struct nvml_list lists[NVML_LIST_COUNT];
    uint64_t mps_idle_until_ns;
    struct nvml_abi_process_sample *samples;
    uint32_t sample_capacity;
    struct nvml_pcie pcie;
    struct nvml_gpm gpm;
    unsigned link_count; /* NVLinks; 0: not heard */
    struct nvml_mig *children;
    size_t child_count;
};

struct nvml_device *nvml_device_new(struct nvml *nvml, nvml_handle handle, int code);

/* The code to answer with at once, without a call; 0: ask. */
int nvml_device_refused(const struct nvml_device *device, size_t slot);
/* Remembers how the call of a slot went. */
void nvml_device_note(struct nvml_device *device, size_t slot, int code);
/* Gives the samples back. */
void nvml_gpm_done(struct nvml_device *device);

/* Forgets all refusals. */
void nvml_device_retry(struct nvml_device *device);

#endif
