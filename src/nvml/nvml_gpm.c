/*
 * GPM, the performance counters of Hopper and later: a metric is what happened between two samples,
 * so the first reading of a handle takes a sample and tells nothing. Samples are the driver's, and
 * are given back before the handle is.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "nvml/nvml_read.h"

static int ask_support(struct nvml_device *device)
{
    struct nvml_abi_gpm_support support = { .version = NVML_ABI_GPM_SUPPORT_VERSION };
    if (device->gpm.is_supported)
        return NVML_ABI_SUCCESS;
    int code = NVML_CALL(device->nvml, device->nvml->symbols.gpm_support, device->handle, &support);
    device->gpm.is_supported = !code && support.is_supported;
    return code || support.is_supported ? code : NVML_ABI_ERROR_NOT_SUPPORTED;
}

static int make_sample(struct nvml_device *device, nvml_gpm_sample *sample)
{
    return *sample ? NVML_ABI_SUCCESS
                   : NVML_CALL(device->nvml, device->nvml->symbols.gpm_sample_alloc, sample);
}

static int take_sample(struct nvml_device *device)
{
    struct nvml_gpm *gpm = &device->gpm;
    int code = ask_support(device);
    if (!code)
        code = make_sample(device, &gpm->last);
    if (!code)
        code = make_sample(device, &gpm->next);
    if (!code)
        code = NVML_CALL(device->nvml, device->nvml->symbols.gpm_sample_get, device->handle,
                         gpm->next);
    return code;
}

static void swap(struct nvml_gpm *gpm)
{
    nvml_gpm_sample newest = gpm->next;
    gpm->next = gpm->last;
    gpm->last = newest;
    gpm->has_last = true;
}

static int ask_metrics(struct nvml_device *device, struct value *out)
{
    static const uint32_t ids[] = { NVML_ABI_GPM_METRIC_SM_UTIL,
                                    NVML_ABI_GPM_METRIC_ANY_TENSOR_UTIL,
                                    NVML_ABI_GPM_METRIC_DRAM_BW_UTIL };
    /* as large as the driver may take it to be */
    struct nvml_abi_gpm_metrics *metrics = xcalloc(1, sizeof(*metrics));
    metrics->version = NVML_ABI_GPM_METRICS_GET_VERSION;
    metrics->count = ARRAY_LEN(ids);
    metrics->sample1 = device->gpm.last;
    metrics->sample2 = device->gpm.next;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        metrics->metrics[i] =
            (struct nvml_abi_gpm_metric){ .id = ids[i], .code = NVML_ABI_ERROR_NOT_SUPPORTED };
    int code = NVML_CALL(device->nvml, device->nvml->symbols.gpm_metrics_get, metrics);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        out[i] = metrics->metrics[i].code ? nvml_code_value(metrics->metrics[i].code)
                                          : value_real(metrics->metrics[i].value);
    free(metrics);
    return code;
}

int nvml_read_gpm(struct nvml_device *device, const struct nvml_row *row, struct arena *arena,
                  struct value *out)
{
    (void)row;
    (void)arena;
    int code = take_sample(device);
    if (code)
        return code;
    for (size_t i = 0; i < NVML_FILLS_MAX; i++)
        out[i] = value_na(NVITOP_WHY_NO_SAMPLE);
    if (device->gpm.has_last)
        code = ask_metrics(device, out);
    swap(&device->gpm);
    return code;
}

void nvml_gpm_done(struct nvml_device *device)
{
    struct nvml_gpm *gpm = &device->gpm;
    if (gpm->last)
        (void)NVML_CALL(device->nvml, device->nvml->symbols.gpm_sample_free, gpm->last);
    if (gpm->next)
        (void)NVML_CALL(device->nvml, device->nvml->symbols.gpm_sample_free, gpm->next);
    *gpm = (struct nvml_gpm){ 0 };
}
