/* Entry points that answer texts and structs of a device: identity, memory, rates, counters. */
#include "sim/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fields.h"
#include "sim/sim.h"

/* ---- identity ---- */

int nvmlDeviceGetName(nvml_handle device, char *text, uint32_t size)
{
    struct call call;
    char name[512];
    int code = call_enter_device(&call, SYM_nvmlDeviceGetName, device);
    if (code || !call.mig)
        return code ? code : answer_text_key(call.device, DEVICE_NAME, text, size);
    snprintf(name, sizeof(name), "%.200s MIG %.200s", scenario_text(call.device, DEVICE_NAME),
             scenario_text(call.mig, MIG_PROFILE));
    return answer_text(name, text, size);
}

int nvmlDeviceGetUUID(nvml_handle device, char *text, uint32_t size)
{
    struct call call;
    char uuid[96];
    int code = call_enter_device(&call, SYM_nvmlDeviceGetUUID, device);
    if (code)
        return code;
    answer_uuid(call.handle, uuid);
    code = curve_parse_code(uuid);
    return code > 0 ? code : answer_text(uuid, text, size);
}

/* Texts of the board, which a MIG device has not. */
static int board_text(enum symbol_id symbol, nvml_handle device, unsigned key, char *text,
                      uint32_t size)
{
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    if (!code && call.mig)
        code = NVML_ABI_ERROR_NOT_SUPPORTED;
    return code ? code : answer_text_key(call.device, key, text, size);
}

int nvmlDeviceGetSerial(nvml_handle device, char *text, uint32_t size)
{
    return board_text(SYM_nvmlDeviceGetSerial, device, DEVICE_SERIAL, text, size);
}

int nvmlDeviceGetVbiosVersion(nvml_handle device, char *text, uint32_t size)
{
    return board_text(SYM_nvmlDeviceGetVbiosVersion, device, DEVICE_VBIOS, text, size);
}

int nvmlDeviceGetBoardPartNumber(nvml_handle device, char *text, uint32_t size)
{
    return board_text(SYM_nvmlDeviceGetBoardPartNumber, device, DEVICE_PART_NUMBER, text, size);
}

int nvmlDeviceGetIndex(nvml_handle device, uint32_t *number)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetIndex, device);
    if (code)
        return code;
    if (!number)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    *number = call.mig ? call.mig->mig : call.device->number;
    return NVML_ABI_SUCCESS;
}

int nvmlDeviceGetCudaComputeCapability(nvml_handle device, int *major, int *minor)
{
    struct call call;
    char text[64];
    int code = call_enter_device(&call, SYM_nvmlDeviceGetCudaComputeCapability, device);
    if (!code)
        code = answer_text_key(call.device, DEVICE_CC, text, sizeof(text));
    if (code)
        return code;
    return major && minor && sscanf(text, "%d.%d", major, minor) == 2
               ? NVML_ABI_SUCCESS
               : NVML_ABI_ERROR_INVALID_ARGUMENT;
}

static uint32_t hex_of(const struct call *call, unsigned key)
{
    return (uint32_t)strtoul(scenario_text(call->device, key), NULL, 16);
}

/* The newest layout; the older ones are made from it. A MIG device has its GPU's address. */
static int fill_pci(enum symbol_id symbol, nvml_handle device, const void *out,
                    struct nvml_abi_pci *ret_pci)
{
    struct call call;
    int code = call_enter_device(&call, symbol, device);
    if (!code && !out)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code)
        code =
            answer_text_key(call.device, DEVICE_BUS_ID, ret_pci->bus_id, sizeof(ret_pci->bus_id));
    if (code)
        return code;
    sscanf(ret_pci->bus_id, "%x:%x:%x", &ret_pci->domain, &ret_pci->bus, &ret_pci->device);
    snprintf(ret_pci->bus_id_legacy, sizeof(ret_pci->bus_id_legacy), "%04X:%02X:%02X.0",
             ret_pci->domain & 0xffff, ret_pci->bus & 0xff, ret_pci->device & 0xff);
    ret_pci->device_id = hex_of(&call, DEVICE_PCI_ID);
    ret_pci->subsystem_id = hex_of(&call, DEVICE_PCI_SUBSYSTEM);
    return NVML_ABI_SUCCESS;
}

int nvmlDeviceGetPciInfo_v3(nvml_handle device, struct nvml_abi_pci *pci)
{
    struct nvml_abi_pci full = { 0 };
    int code = fill_pci(SYM_nvmlDeviceGetPciInfo_v3, device, pci, &full);
    if (!code)
        *pci = full;
    return code;
}

/* The first layouts begin like the newest one: the short address, four or five numbers. */
static int old_pci(enum symbol_id symbol, nvml_handle device, void *pci, size_t size)
{
    struct nvml_abi_pci full = { 0 };
    int code = fill_pci(symbol, device, pci, &full);
    if (!code)
        memcpy(pci, &full, size);
    return code;
}

int nvmlDeviceGetPciInfo(nvml_handle device, void *pci)
{
    return old_pci(SYM_nvmlDeviceGetPciInfo, device, pci,
                   offsetof(struct nvml_abi_pci_v2, subsystem_id));
}

int nvmlDeviceGetPciInfo_v2(nvml_handle device, struct nvml_abi_pci_v2 *pci)
{
    return old_pci(SYM_nvmlDeviceGetPciInfo_v2, device, pci,
                   offsetof(struct nvml_abi_pci_v2, reserved));
}

int nvmlDeviceGetPciInfoExt(nvml_handle device, struct nvml_abi_pci_ext *pci)
{
    struct nvml_abi_pci full = { 0 };
    int code = fill_pci(SYM_nvmlDeviceGetPciInfoExt, device, pci, &full);
    if (code)
        return code;
    if (pci->version != NVML_ABI_TAG_PCI_EXT)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    *pci = (struct nvml_abi_pci_ext){
        .version = pci->version,
        .domain = full.domain,
        .bus = full.bus,
        .device = full.device,
        .device_id = full.device_id,
        .subsystem_id = full.subsystem_id,
        .base_class = 3,
    };
    memcpy(pci->bus_id, full.bus_id, sizeof(pci->bus_id));
    return NVML_ABI_SUCCESS;
}

/* ---- memory ---- */

int nvmlDeviceGetMemoryInfo(nvml_handle device, struct nvml_abi_memory *memory)
{
    struct call call;
    struct sim_memory now;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetMemoryInfo, device);
    if (!code)
        code = memory ? answer_memory(&call, &now) : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code) /* the driver's own share counts as used here */
        *memory = (struct nvml_abi_memory){ now.total, now.free, now.used + now.reserved };
    return code;
}

int nvmlDeviceGetMemoryInfo_v2(nvml_handle device, struct nvml_abi_memory_v2 *memory)
{
    struct call call;
    struct sim_memory now;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetMemoryInfo_v2, device);
    if (!code && !memory)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code && memory->version != NVML_ABI_TAG_MEMORY_V2)
        code = NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (!code)
        code = answer_memory(&call, &now);
    if (!code)
        *memory = (struct nvml_abi_memory_v2){ memory->version, now.total, now.reserved, now.free,
                                               now.used };
    return code;
}

int nvmlDeviceGetBAR1MemoryInfo(nvml_handle device, struct nvml_abi_bar1 *bar1)
{
    struct call call;
    double total, used;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetBAR1MemoryInfo, device);
    if (code || !bar1)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    const struct scenario_entity *entity = call.mig ? call.mig : call.device;
    code = answer_number(&call, entity, call.mig ? MIG_BAR1_TOTAL : DEVICE_BAR1_TOTAL, &total);
    if (!code)
        code = answer_number(&call, entity, call.mig ? MIG_BAR1_USED : DEVICE_BAR1_USED, &used);
    if (!code)
        *bar1 = (struct nvml_abi_bar1){ (uint64_t)total, (uint64_t)(total - used), (uint64_t)used };
    return code;
}

int nvmlDeviceGetConfComputeMemSizeInfo(nvml_handle device,
                                        struct nvml_abi_protected_memory *memory)
{
    struct call call;
    struct sim_memory now;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetConfComputeMemSizeInfo, device);
    if (!code)
        code = memory ? answer_memory(&call, &now) : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code)
        *memory = (struct nvml_abi_protected_memory){ 0, now.total / 1024 };
    return code;
}

/* ---- rates and counters ---- */

int nvmlDeviceGetUtilizationRates(nvml_handle device, struct nvml_abi_utilization *rates)
{
    struct call call;
    struct nvml_abi_utilization now;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetUtilizationRates, device);
    if (code || !rates)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (sim_mig_is_on(call.device, call.now))
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    code = answer_u32(&call, call.device, DEVICE_GPU_UTIL, &now.gpu);
    if (!code)
        code = answer_u32(&call, call.device, DEVICE_MEM_UTIL, &now.memory);
    if (!code)
        *rates = now;
    return code;
}

int nvmlDeviceGetTotalEccErrors(nvml_handle device, uint32_t type, uint32_t counter,
                                uint64_t *count)
{
    static const unsigned keys[2][2] = {
        [NVML_ABI_MEMORY_ERROR_TYPE_CORRECTED] = { DEVICE_ECC_CORRECTED,
                                                   DEVICE_ECC_CORRECTED_EVER },
        [NVML_ABI_MEMORY_ERROR_TYPE_UNCORRECTED] = { DEVICE_ECC_ERRORS, DEVICE_ECC_ERRORS_EVER },
    };
    struct call call;
    double number;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetTotalEccErrors, device);
    if (code)
        return code;
    if (!count || type > NVML_ABI_MEMORY_ERROR_TYPE_UNCORRECTED || counter > NVML_ABI_AGGREGATE_ECC)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    unsigned key = keys[type][counter];
    if (scenario_curve(call.device, key)->kind == CURVE_UNSET)
        key = keys[type][NVML_ABI_VOLATILE_ECC];
    code = answer_number(&call, call.device, key, &number);
    if (!code)
        *count = (uint64_t)number;
    return code;
}

static int event_reasons(enum symbol_id symbol, nvml_handle device, uint64_t *bits)
{
    struct call call;
    uint32_t number;
    int code = call_enter_device(&call, symbol, device);
    if (code || !bits)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    code = call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                    : answer_u32(&call, call.device, DEVICE_EVENT_REASONS, &number);
    if (!code)
        *bits = number;
    return code;
}

int nvmlDeviceGetCurrentClocksEventReasons(nvml_handle device, uint64_t *number)
{
    return event_reasons(SYM_nvmlDeviceGetCurrentClocksEventReasons, device, number);
}

int nvmlDeviceGetCurrentClocksThrottleReasons(nvml_handle device, uint64_t *number)
{
    return event_reasons(SYM_nvmlDeviceGetCurrentClocksThrottleReasons, device, number);
}

int nvmlDeviceGetTotalEnergyConsumption(nvml_handle device, uint64_t *number)
{
    struct call call;
    double mj;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetTotalEnergyConsumption, device);
    if (code || !number)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    code = call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED : fields_energy(&call, &mj);
    if (!code)
        *number = (uint64_t)mj;
    return code;
}

/* ---- versioned structs ---- */

int nvmlDeviceGetTemperatureV(nvml_handle device, struct nvml_abi_temperature *temperature)
{
    struct call call;
    uint32_t celsius;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetTemperatureV, device);
    if (code || !temperature)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (temperature->version != NVML_ABI_TAG_TEMPERATURE)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (temperature->sensor != NVML_ABI_TEMPERATURE_GPU)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    code = call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                    : answer_u32(&call, call.device, DEVICE_TEMPERATURE, &celsius);
    if (!code)
        temperature->temperature = (int32_t)celsius;
    return code;
}

int nvmlDeviceGetMarginTemperature(nvml_handle device, struct nvml_abi_margin_temperature *margin)
{
    struct call call;
    uint32_t celsius;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetMarginTemperature, device);
    if (code || !margin)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (margin->version != NVML_ABI_TAG_MARGIN_TEMPERATURE)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    code = call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                    : answer_u32(&call, call.device, DEVICE_TEMPERATURE_MARGIN, &celsius);
    if (!code)
        margin->margin = (int32_t)celsius;
    return code;
}

int nvmlDeviceGetFanSpeedRPM(nvml_handle device, struct nvml_abi_fan_speed *speed)
{
    struct call call;
    uint32_t count;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetFanSpeedRPM, device);
    if (code || !speed)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (speed->version != NVML_ABI_TAG_FAN_SPEED)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    code = call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED
                    : answer_u32(&call, call.device, DEVICE_NUM_FANS, &count);
    if (!code && speed->fan >= count)
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    return code ? code : answer_u32(&call, call.device, DEVICE_FAN_RPM, &speed->rpm);
}
