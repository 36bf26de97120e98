/*
 * The functions we take from the driver library. Every pointer may be NULL but init, shutdown,
 * device_count and handle_by_index. Where two versions of a function differ in what they write,
 * the pointer is an array by version, newest first, and its users know each layout.
 */
#ifndef NVITOP_NVML_NVML_SYMBOLS_H
#define NVITOP_NVML_NVML_SYMBOLS_H

#include "nvml/nvml_abi.h"

struct dylib;

/* The three lists of running processes. */
enum nvml_list_kind { NVML_LIST_COMPUTE, NVML_LIST_GRAPHICS, NVML_LIST_MPS, NVML_LIST_COUNT };

/* Index into the arrays by version. */
enum { NVML_V3, NVML_V2, NVML_V1, NVML_VERSION_COUNT };

typedef int32_t nvml_u32_fn(nvml_handle, uint32_t *);
typedef int32_t nvml_two_u32_fn(nvml_handle, uint32_t *, uint32_t *);
typedef int32_t nvml_selected_u32_fn(nvml_handle, uint32_t, uint32_t *);
typedef int32_t nvml_u64_fn(nvml_handle, uint64_t *);
typedef int32_t nvml_text_fn(nvml_handle, char *, uint32_t);
typedef int32_t nvml_system_text_fn(char *, uint32_t);
typedef int32_t nvml_list_fn(nvml_handle, uint32_t *, void *);
typedef int32_t nvml_struct_fn(nvml_handle, void *);

struct nvml_symbols {
    /* system */
    int32_t (*init_with_flags)(uint32_t);
    int32_t (*init)(void);
    int32_t (*shutdown)(void);
    const char *(*error_string)(int32_t);
    nvml_system_text_fn *driver_version, *library_version;
    int32_t (*cuda_version)(int32_t *);
    int32_t (*device_count)(uint32_t *);
    int32_t (*handle_by_index)(uint32_t, nvml_handle *);
    int (*simulator_pid_scope)(void);
    /* texts */
    nvml_text_fn *name, *uuid, *serial, *vbios_version, *board_part_number;
    /* numbers */
    nvml_u32_fn *minor_number, *architecture, *brand, *virtualization_mode;
    nvml_u32_fn *fan_speed, *fan_count, *power_usage, *power_limit, *power_limit_enforced;
    nvml_u32_fn *pcie_generation, *pcie_width, *pcie_generation_max, *pcie_width_max;
    nvml_u32_fn *display_active, *display_mode, *persistence_mode, *pstate, *compute_mode;
    nvml_u32_fn *gpu_instance_id, *compute_instance_id, *mig_count_max;
    nvml_two_u32_fn *encoder, *decoder, *jpeg, *ofa; /* percent, period in µs */
    nvml_two_u32_fn *power_limit_range, *mig_mode;
    nvml_two_u32_fn *driver_model[2]; /* _v2, plain: current, pending */
    nvml_selected_u32_fn *clock, *clock_max, *temperature, *temperature_threshold;
    nvml_selected_u32_fn *pcie_throughput;
    nvml_u64_fn *energy;
    nvml_u64_fn *event_reasons[2]; /* event, before 535 throttle */
    int32_t (*ecc_errors)(nvml_handle, uint32_t, uint32_t, uint64_t *);
    int32_t (*compute_capability)(nvml_handle, int32_t *, int32_t *);
    /* structs */
    nvml_struct_fn *pci[NVML_VERSION_COUNT];
    nvml_struct_fn *memory_v2, *memory, *bar1, *utilization, *temperature_v, *temperature_margin;
    nvml_struct_fn *fan_rpm, *attributes;
    nvml_struct_fn *protected_memory, *process_details; /* only their presence is looked at */
    int32_t (*fields)(nvml_handle, int32_t, struct nvml_abi_field_value *);
    /* MIG */
    int32_t (*mig_by_index)(nvml_handle, uint32_t, nvml_handle *);
    /* events */
    int32_t (*event_set_create)(nvml_event_set *);
    int32_t (*event_set_free)(nvml_event_set);
    int32_t (*event_set_wait)(nvml_event_set, struct nvml_abi_event *, uint32_t);
    int32_t (*register_events)(nvml_handle, uint64_t, nvml_event_set);
    /* GPM */
    int32_t (*gpm_support)(nvml_handle, struct nvml_abi_gpm_support *);
    int32_t (*gpm_sample_alloc)(nvml_gpm_sample *);
    int32_t (*gpm_sample_free)(nvml_gpm_sample);
    int32_t (*gpm_sample_get)(nvml_handle, nvml_gpm_sample);
    int32_t (*gpm_metrics_get)(struct nvml_abi_gpm_metrics *);
    /* processes */
    nvml_list_fn *lists[NVML_LIST_COUNT][NVML_VERSION_COUNT];
    int32_t (*process_samples)(nvml_handle, struct nvml_abi_process_sample *, uint32_t *, uint64_t);
};

/* Looks all of them up. NULL, or the name of a required function that is missing. */
const char *nvml_symbols_bind(struct dylib *lib, struct nvml_symbols *ret_symbols);

#endif
