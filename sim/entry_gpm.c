/*
 * Entry points about GPM: a sample is a moment, and a metric the curve's value at the later one.
 * Only Hopper and later GPUs have it.
 */
#include "sim/entry.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sim/sim.h"

/* What an nvml_gpm_sample points at. */
struct sample {
    const struct sim_handle *handle; /* NULL: nothing was taken yet */
    double at;
};

static struct sample *sample_of(nvml_gpm_sample sample)
{
    return (struct sample *)(void *)sample;
}

/* SUCCESS only where there is GPM. */
static int ask_arch(const struct call *call)
{
    uint32_t arch;
    int code = call->mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                         : answer_u32(call, call->device, DEVICE_ARCH, &arch);
    return !code && arch < NVML_ABI_DEVICE_ARCH_HOPPER ? NVML_ABI_ERROR_NOT_SUPPORTED : code;
}

int nvmlGpmQueryDeviceSupport(nvml_handle device, struct nvml_abi_gpm_support *support)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlGpmQueryDeviceSupport, device);
    if (!code && !support)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code && support->version != NVML_ABI_GPM_SUPPORT_VERSION)
        code = NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (!code)
        support->is_supported = ask_arch(&call) == NVML_ABI_SUCCESS;
    return code;
}

int nvmlGpmSampleAlloc(nvml_gpm_sample *sample)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlGpmSampleAlloc);
    if (code || !sample)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    *sample = (nvml_gpm_sample)(void *)xcalloc(1, sizeof(struct sample));
    return NVML_ABI_SUCCESS;
}

int nvmlGpmSampleFree(nvml_gpm_sample sample)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlGpmSampleFree);
    if (!code)
        free(sample_of(sample));
    return code;
}

int nvmlGpmSampleGet(nvml_handle device, nvml_gpm_sample sample)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlGpmSampleGet, device);
    if (!code)
        code = sample ? ask_arch(&call) : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code)
        *sample_of(sample) = (struct sample){ call.handle, call.now };
    return code;
}

static int read_metric(struct call *call, uint32_t id, double *ret_value)
{
    static const struct {
        uint32_t id;
        unsigned key;
    } metrics[] = { { NVML_ABI_GPM_METRIC_SM_UTIL, DEVICE_SM_ACTIVE },
                    { NVML_ABI_GPM_METRIC_ANY_TENSOR_UTIL, DEVICE_TENSOR_ACTIVE },
                    { NVML_ABI_GPM_METRIC_DRAM_BW_UTIL, DEVICE_DRAM_ACTIVE } };
    for (size_t i = 0; i < ARRAY_LEN(metrics); i++)
        if (metrics[i].id == id)
            return answer_number(call, call->device, metrics[i].key, ret_value);
    return NVML_ABI_ERROR_NOT_SUPPORTED;
}

int nvmlGpmMetricsGet(struct nvml_abi_gpm_metrics *metrics)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlGpmMetricsGet);
    if (code)
        return code;
    if (!metrics || !metrics->sample1 || !metrics->sample2 ||
        metrics->count > NVML_ABI_GPM_METRIC_MAX)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (metrics->version != NVML_ABI_GPM_METRICS_GET_VERSION)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    const struct sample *first = sample_of(metrics->sample1), *second = sample_of(metrics->sample2);
    if (!first->handle || first->handle != second->handle || first == second)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    call.device = second->handle->device;
    call.now = second->at;
    for (uint32_t i = 0; i < metrics->count; i++)
        metrics->metrics[i].code =
            read_metric(&call, metrics->metrics[i].id, &metrics->metrics[i].value);
    return NVML_ABI_SUCCESS;
}
