/* Entry points about MIG devices. */
#include "sim/entry.h"

#include "sim/sim.h"

int nvmlDeviceIsMigDeviceHandle(nvml_handle device, uint32_t *is_mig)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceIsMigDeviceHandle, device);
    if (code || !is_mig)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    *is_mig = call.mig != NULL;
    return NVML_ABI_SUCCESS;
}

int nvmlDeviceGetMaxMigDeviceCount(nvml_handle device, uint32_t *count)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetMaxMigDeviceCount, device);
    if (code || !count)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    *count = 0;
    return sim_mig_is_on(call.device, call.now)
               ? answer_u32(&call, call.device, DEVICE_MIG_MAX, count)
               : NVML_ABI_SUCCESS;
}

/* Indices may have holes: an index without a device is NOT_FOUND, the next may be there. */
int nvmlDeviceGetMigDeviceHandleByIndex(nvml_handle device, uint32_t index, nvml_handle *mig)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetMigDeviceHandleByIndex, device);
    if (code)
        return code;
    if (!mig || call.mig)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    const struct sim_handle *found = sim_mig_handle(call.device->number, index, call.now);
    if (!found)
        return NVML_ABI_ERROR_NOT_FOUND;
    *mig = sim_handle_out(found);
    return NVML_ABI_SUCCESS;
}

int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvml_handle device, nvml_handle *parent)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetDeviceHandleFromMigDeviceHandle, device);
    if (code)
        return code;
    if (!parent || !call.mig)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    *parent = sim_handle_out(sim_gpu_handle(call.device->number));
    return NVML_ABI_SUCCESS;
}

static int instance_id(enum symbol_id symbol, nvml_handle device, unsigned key, uint32_t *id)
{
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    if (code)
        return code;
    if (!call.mig || !id)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    return answer_u32(&call, call.mig, key, id);
}

int nvmlDeviceGetGpuInstanceId(nvml_handle device, uint32_t *id)
{
    return instance_id(SYM_nvmlDeviceGetGpuInstanceId, device, MIG_GI, id);
}

int nvmlDeviceGetComputeInstanceId(nvml_handle device, uint32_t *id)
{
    return instance_id(SYM_nvmlDeviceGetComputeInstanceId, device, MIG_CI, id);
}

static int fill_attributes(const struct call *call, struct nvml_abi_attributes *attributes)
{
    const struct {
        unsigned key;
        uint32_t *number;
    } parts[] = {
        { MIG_SMS, &attributes->multiprocessors },  { MIG_COPY_ENGINES, &attributes->copy_engines },
        { MIG_DECODERS, &attributes->decoders },    { MIG_ENCODERS, &attributes->encoders },
        { MIG_JPEGS, &attributes->jpegs },          { MIG_OFAS, &attributes->ofas },
        { MIG_GI_SLICES, &attributes->gpu_slices }, { MIG_CI_SLICES, &attributes->compute_slices },
    };
    struct sim_memory memory;
    int code = answer_memory(call, &memory);
    for (size_t i = 0; !code && i < sizeof(parts) / sizeof(parts[0]); i++)
        code = answer_u32(call, call->mig, parts[i].key, parts[i].number);
    if (!code)
        attributes->memory_mb = memory.total / 1048576;
    return code;
}

static int attributes_of(enum symbol_id symbol, nvml_handle device,
                         struct nvml_abi_attributes *attributes)
{
    struct call call;
    struct nvml_abi_attributes now = { 0 };
    int code = call_enter_device(&call, symbol, device);
    if (code || !attributes)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    code = call.mig ? fill_attributes(&call, &now) : NVML_ABI_ERROR_NOT_SUPPORTED;
    if (!code)
        *attributes = now;
    return code;
}

int nvmlDeviceGetAttributes(nvml_handle device, struct nvml_abi_attributes *attributes)
{
    return attributes_of(SYM_nvmlDeviceGetAttributes, device, attributes);
}

int nvmlDeviceGetAttributes_v2(nvml_handle device, struct nvml_abi_attributes *attributes)
{
    return attributes_of(SYM_nvmlDeviceGetAttributes_v2, device, attributes);
}
