/*
 * A driver library made of plain functions over one struct: what a test sets is what the driver
 * answers. Its rows of processes have any size a test wants, under any symbol.
 */
#ifndef TESTS_NVML_FAKE_H
#define TESTS_NVML_FAKE_H

#include "nvml/nvml_internal.h"

struct arena;

/* Getters of one number: slot in struct nvml_symbols. */
#define FAKE_NUMBERS(X)                                                                            \
    X(minor_number)                                                                                \
    X(architecture)                                                                                \
    X(brand)                                                                                       \
    X(virtualization_mode)                                                                         \
    X(fan_speed)                                                                                   \
    X(fan_count)                                                                                   \
    X(power_usage)                                                                                 \
    X(power_limit)                                                                                 \
    X(power_limit_enforced)                                                                        \
    X(pcie_generation)                                                                             \
    X(pcie_width)                                                                                  \
    X(pcie_generation_max)                                                                         \
    X(pcie_width_max)                                                                              \
    X(display_active)                                                                              \
    X(display_mode)                                                                                \
    X(persistence_mode)                                                                            \
    X(pstate)                                                                                      \
    X(compute_mode)                                                                                \
    X(gpu_instance_id)                                                                             \
    X(compute_instance_id)                                                                         \
    X(mig_count_max)

/* Getters of two numbers. */
#define FAKE_PAIRS(X) X(encoder) X(decoder) X(jpeg) X(ofa) X(power_limit_range) X(mig_mode)

/* Getters that are told which one. */
#define FAKE_CHOICES(X)                                                                            \
    X(clock) X(clock_max) X(temperature) X(temperature_threshold) X(pcie_throughput)

/* Getters of a text. */
#define FAKE_TEXTS(X) X(name) X(serial) X(vbios_version) X(board_part_number)

/* Getters of a struct. */
#define FAKE_STRUCTS(X)                                                                            \
    X(memory_v2)                                                                                   \
    X(memory) X(bar1) X(utilization) X(temperature_v) X(temperature_margin) X(fan_rpm) X(attributes)

struct fake_number {
    int code;
    uint32_t n[4];
    unsigned calls;
};

struct fake_text {
    int code;
    const char *text;
};

struct fake_struct {
    int code;
    unsigned char bytes[64]; /* what follows the tag, if there is a tag */
    uint32_t tag;            /* 0: no tag; another than this is answered with code 25 */
    unsigned calls;
};

struct fake_list {
    int code;
    size_t stride;       /* bytes of a row */
    bool has_dirty_tail; /* writes beyond its rows, so that they can't be measured */
    unsigned growing;    /* so many calls find one more row than the caller has room for */
    uint32_t count;
    uint32_t pids[64];
    uint64_t memory[64];
    uint32_t gpu_instance;
    uint64_t protected_memory; /* written in rows of 32 bytes */
    unsigned calls;
};

struct fake_mig {
    int code; /* of the look-up by index */
    int uuid_code;
    char uuid[64];
};

#define FAKE_AS_NUMBER(slot) struct fake_number slot;
#define FAKE_AS_TEXT(slot) struct fake_text slot;
#define FAKE_AS_STRUCT(slot) struct fake_struct slot;

struct fake {
    FAKE_NUMBERS(FAKE_AS_NUMBER)
    FAKE_PAIRS(FAKE_AS_NUMBER)
    FAKE_CHOICES(FAKE_AS_NUMBER)
    FAKE_TEXTS(FAKE_AS_TEXT)
    FAKE_STRUCTS(FAKE_AS_STRUCT)
    struct fake_text uuid;
    struct fake_number driver_model[2], event_reasons[2], energy, capability, handle;
    struct fake_number ecc[2][2]; /* corrected, uncorrected; volatile, aggregate */
    struct {
        int code;
        const char *bus_id;
    } pci[NVML_VERSION_COUNT];
    struct fake_number gpm; /* what is told of the three metrics, in billionths of a percent */
    unsigned gpm_samples;   /* that were not given back */
    int fields_code;
    struct nvml_abi_field_value fields[24]; /* answered by field_id */
    bool writes_past_fields;                /* spoils the entry after the last asked for */
    unsigned field_calls;
    struct fake_list lists[NVML_LIST_COUNT];
    struct nvml_abi_process_sample samples[300];
    uint32_t sample_count;
    int sample_code;
    uint64_t sample_since;
    unsigned sample_calls;
    struct fake_mig migs[8];
    uint64_t now_ns;
    unsigned null_handles; /* times a function was given no handle */
    unsigned last_version[NVML_LIST_COUNT];
    char things[16]; /* handles are addresses of these: 0 the GPU, 1 + i the MIG device i */
};

extern struct fake fake;

/* A driver of 2 s of age that answers everything with 0 and has every symbol. */
void fake_reset(void);
struct nvml *fake_open(void);
/* The same without some symbols; `symbols` starts as fake_symbols gives it. */
void fake_symbols(struct nvml_symbols *ret_symbols);
struct nvml *fake_open_with(const struct nvml_symbols *symbols);

/* Sets what a struct getter writes. */
void fake_set(struct fake_struct *answer, uint32_t tag, const void *bytes, size_t size);

/* One query, one metric. */
struct value fake_ask(struct nvml_device *device, enum nvml_query query, enum nvitop_metric metric,
                      struct arena *arena);

#endif
