/* Entry points about processes: the lists in their layouts, and the utilization samples. */
#include "sim/entry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/samples.h"
#include "sim/sim.h"

/* ---- lists ---- */

enum { STRIDE_V1 = 16, STRIDE_V2 = 24, STRIDE_535 = 32 };

static_assert(sizeof(struct nvml_abi_process_v1) == STRIDE_V1, "rows of the plain list");
static_assert(sizeof(struct nvml_abi_process_v2) == STRIDE_V2, "rows of _v2 and _v3");
static_assert(sizeof(struct nvml_abi_process_detail) == STRIDE_535,
              "rows of _v3 in 535.43 to 535.86");

/* The size of a row is not in the symbol's name: 535.43 to 535.86 wrote 32 bytes from _v3. */
static size_t stride_of(unsigned version, bool is_the_newest)
{
    size_t forced = (size_t)scenario_constant(&sim.scenario->system, SYSTEM_PROCESS_STRIDE, 0);
    if (forced && is_the_newest)
        return forced;
    if (version == 1)
        return STRIDE_V1;
    return version == 3 && sim.era >= 535043 && sim.era <= 535086 ? STRIDE_535 : STRIDE_V2;
}

static void write_row(const struct sim_row *row, char *out, size_t stride)
{
    const struct nvml_abi_process_detail full = {
        .pid = row->pid,
        .used_memory = row->used_memory,
        .gpu_instance = row->gpu_instance,
        .compute_instance = row->compute_instance,
        .used_protected_memory = row->protected_memory,
    };
    memcpy(out, &full, MIN_OF(stride, sizeof(full)));
}

/* May a caller without privilege see this list? */
static bool is_private(const struct call *call)
{
    return !call->mig && sim_mig_is_on(call->device, call->now) &&
           scenario_constant(call->device, DEVICE_MIG_PRIVATE, 0) != 0;
}

/* True while the scenario says that the list has grown since it was sized. */
static bool has_grown(const struct call *call)
{
    unsigned times = (unsigned)scenario_constant(call->device, DEVICE_PROCESS_GROWTH, 0);
    atomic_uint *grown = &sim.growth[call->device->number * (size_t)SYM_COUNT + call->symbol];
    return atomic_load(grown) < times && atomic_fetch_add(grown, 1) < times;
}

static int fill_list(const struct call *call, char letter, size_t stride, uint32_t *count,
                     void *out)
{
    struct sim_row *rows;
    uint32_t room = *count, have = (uint32_t)process_rows(call, letter, &rows);
    int code = NVML_ABI_SUCCESS;
    *count = have;
    if (room < have || (have && !out)) {
        code = NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    } else if (have && has_grown(call)) {
        *count = room + 1;
        code = NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    }
    for (uint32_t i = 0; !code && i < have; i++)
        write_row(&rows[i], (char *)out + i * stride, stride);
    free(rows);
    return code;
}

struct list {
    enum symbol_id symbol;
    char letter;
    unsigned version;
    enum symbol_id newer; /* this list is the newest if that symbol is missing; itself: it is */
};

static int read_list(nvml_handle device, const struct list *list, uint32_t *count, void *rows)
{
    struct call call;
    int code = call_enter_device(&call, list->symbol, device);
    if (code)
        return code;
    if (!count)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (is_private(&call))
        return NVML_ABI_ERROR_NO_PERMISSION;
    bool is_the_newest = list->newer == list->symbol || sim.is_missing[list->newer];
    return fill_list(&call, list->letter, stride_of(list->version, is_the_newest), count, rows);
}

#define LISTS(X)                                                                                   \
    X(nvmlDeviceGetComputeRunningProcesses, 'C', 1, nvmlDeviceGetComputeRunningProcesses_v2)       \
    X(nvmlDeviceGetComputeRunningProcesses_v2, 'C', 2, nvmlDeviceGetComputeRunningProcesses_v3)    \
    X(nvmlDeviceGetComputeRunningProcesses_v3, 'C', 3, nvmlDeviceGetComputeRunningProcesses_v3)    \
    X(nvmlDeviceGetGraphicsRunningProcesses, 'G', 1, nvmlDeviceGetGraphicsRunningProcesses_v2)     \
    X(nvmlDeviceGetGraphicsRunningProcesses_v2, 'G', 2, nvmlDeviceGetGraphicsRunningProcesses_v3)  \
    X(nvmlDeviceGetGraphicsRunningProcesses_v3, 'G', 3, nvmlDeviceGetGraphicsRunningProcesses_v3)  \
    X(nvmlDeviceGetMPSComputeRunningProcesses, 'M', 1, nvmlDeviceGetMPSComputeRunningProcesses_v2) \
    X(nvmlDeviceGetMPSComputeRunningProcesses_v2, 'M', 2,                                          \
      nvmlDeviceGetMPSComputeRunningProcesses_v3)                                                  \
    X(nvmlDeviceGetMPSComputeRunningProcesses_v3, 'M', 3,                                          \
      nvmlDeviceGetMPSComputeRunningProcesses_v3)

#define LIST(name, letter, version, newer)                                                         \
    int name(nvml_handle device, uint32_t *count, void *rows)                                      \
    {                                                                                              \
        static const struct list list = { SYM_##name, letter, version, SYM_##newer };              \
        return read_list(device, &list, count, rows);                                              \
    }
LISTS(LIST)

int nvmlDeviceGetRunningProcessDetailList(nvml_handle device,
                                          struct nvml_abi_process_detail_list *list)
{
    static const char letters[] = { 'C', 'G', 'M' };
    struct call call;
    uint32_t arch;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetRunningProcessDetailList, device);
    if (code || !list)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (list->version != NVML_ABI_TAG_PROCESS_DETAIL_LIST)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (list->mode >= ARRAY_LEN(letters))
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (answer_u32(&call, call.device, DEVICE_ARCH, &arch) || arch < NVML_ABI_DEVICE_ARCH_HOPPER)
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    if (is_private(&call))
        return NVML_ABI_ERROR_NO_PERMISSION;
    return fill_list(&call, letters[list->mode], STRIDE_535, &list->count, list->rows);
}

/* ---- utilization ---- */

static int take_samples(enum symbol_id symbol, nvml_handle device, uint64_t since,
                        struct samples *ret_samples)
{
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    if (code)
        return code;
    if (sim_mig_is_on(call.device, call.now))
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    samples_take(&call, since, ret_samples);
    return ret_samples->count ? NVML_ABI_SUCCESS : NVML_ABI_ERROR_NOT_FOUND;
}

/* Sizes as the driver does: the count out, and INSUFFICIENT_SIZE if the rows don't fit. */
static int fit(const struct samples *samples, const void *rows, uint32_t *count)
{
    uint32_t room = *count;
    *count = (uint32_t)samples->count;
    return !rows || room < samples->count ? NVML_ABI_ERROR_INSUFFICIENT_SIZE : NVML_ABI_SUCCESS;
}

int nvmlDeviceGetProcessUtilization(nvml_handle device, struct nvml_abi_process_sample *rows,
                                    uint32_t *count, uint64_t since)
{
    struct samples samples = { 0 };
    int code = take_samples(SYM_nvmlDeviceGetProcessUtilization, device, since, &samples);
    if (!code)
        code = count ? fit(&samples, rows, count) : NVML_ABI_ERROR_INVALID_ARGUMENT;
    for (size_t i = 0; !code && i < samples.count; i++) {
        const struct nvml_abi_process_utilization *from = &samples.rows[i];
        rows[i] = (struct nvml_abi_process_sample){
            .pid = from->pid,
            .timestamp = from->timestamp,
            .sm = from->sm,
            .memory = from->memory,
            .encoder = from->encoder,
            .decoder = from->decoder,
        };
    }
    free(samples.rows);
    return code;
}

int nvmlDeviceGetProcessesUtilizationInfo(nvml_handle device,
                                          struct nvml_abi_processes_utilization *info)
{
    struct samples samples = { 0 };
    int code = take_samples(SYM_nvmlDeviceGetProcessesUtilizationInfo, device,
                            info ? info->since : 0, &samples);
    if (!code && !info)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code && info->version != NVML_ABI_TAG_PROCESSES_UTILIZATION)
        code = NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (!code)
        code = fit(&samples, info->rows, &info->count);
    if (!code)
        memcpy(info->rows, samples.rows, samples.count * sizeof(*samples.rows));
    free(samples.rows);
    return code;
}
