/* What the scenario's keys come to as driver answers. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

/* ---- numbers ---- */

uint64_t answer_seed(const struct scenario_entity *entity, unsigned key)
{
    bool is_process = entity->section == SCENARIO_PROCESS;
    uint64_t number = is_process ? (uint64_t)(entity - sim.scenario->processes) : entity->number;
    return sim_hash(entity->section, number, key * 1000 + entity->mig);
}

int answer_number(const struct call *call, const struct scenario_entity *entity, unsigned key,
                  double *ret_number)
{
    const struct curve *curve = scenario_curve(entity, key);
    if (curve->kind == CURVE_ERROR)
        return curve->code;
    if (curve->kind == CURVE_UNSET || curve->kind == CURVE_HOST)
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    *ret_number = curve->kind == CURVE_UNAVAILABLE
                      ? (double)UINT32_MAX
                      : curve_at(curve, call->now, answer_seed(entity, key));
    return NVML_ABI_SUCCESS;
}

int answer_u32(const struct call *call, const struct scenario_entity *entity, unsigned key,
               uint32_t *ret_number)
{
    double number = 0;
    int code = answer_number(call, entity, key, &number);
    if (!code)
        *ret_number = number < 0 ? (uint32_t)(int32_t)lround(fmax(number, INT32_MIN))
                                 : (uint32_t)fmin(round(number), UINT32_MAX);
    return code;
}

/* ---- texts ---- */

int answer_text(const char *text, char *ret_text, uint32_t size)
{
    if (!ret_text)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (strlen(text) >= size)
        return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    strcpy(ret_text, text);
    return NVML_ABI_SUCCESS;
}

int answer_text_key(const struct scenario_entity *entity, unsigned key, char *ret_text,
                    uint32_t size)
{
    const char *text = scenario_text(entity, key);
    int code = isupper((unsigned char)*text) ? curve_parse_code(text) : 0;
    return code > 0 ? code : answer_text(text, ret_text, size);
}

static void make_uuid(const char *kind, uint64_t a, uint64_t b, char ret_uuid[96])
{
    uint64_t high = sim_hash(a, b, 1), low = sim_hash(a, b, 2);
    snprintf(ret_uuid, 96, "%s-%08x-%04x-%04x-%04x-%012llx", kind, (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff), (unsigned)(low >> 48),
             (unsigned long long)(low & UINT64_C(0xffffffffffff)));
}

static void gpu_uuid(const struct scenario_entity *device, char ret_uuid[96])
{
    const char *given = scenario_text(device, DEVICE_UUID);
    if (*given)
        snprintf(ret_uuid, 96, "%s", given);
    else
        make_uuid("GPU", 0, device->number, ret_uuid);
}

/* Before 470 a MIG device was named by its GPU and its two instance ids. */
static void old_mig_uuid(const struct sim_handle *handle, char ret_uuid[96])
{
    char parent[96];
    gpu_uuid(handle->device, parent);
    snprintf(ret_uuid, 96, "MIG-%.60s/%.0f/%.0f", parent, scenario_curve(handle->mig, MIG_GI)->low,
             scenario_curve(handle->mig, MIG_CI)->low);
}

void answer_uuid(const struct sim_handle *handle, char ret_uuid[96])
{
    if (!handle->mig) {
        gpu_uuid(handle->device, ret_uuid);
        return;
    }
    const char *given = scenario_text(handle->mig, MIG_UUID);
    bool is_second_life = sim_now() >= scenario_constant(handle->mig, MIG_RECREATED_AT, INFINITY);
    if (*given && !is_second_life)
        snprintf(ret_uuid, 96, "%s", given);
    else if (sim.era < 470000)
        old_mig_uuid(handle, ret_uuid);
    else
        make_uuid("MIG", 1 + is_second_life, handle->mig->number * 1000ULL + handle->mig->mig,
                  ret_uuid);
}

/* ---- memory ---- */

static bool read_meminfo(FILE *file, const char *label, uint64_t *ret_bytes)
{
    char line[128];
    unsigned long long kib;
    rewind(file);
    while (fgets(line, sizeof(line), file)) {
        if (!strncmp(line, label, strlen(label)) &&
            sscanf(line + strlen(label), ": %llu kB", &kib) == 1) {
            *ret_bytes = kib * 1024;
            return true;
        }
    }
    return false;
}

bool sim_host_memory(uint64_t *ret_total, uint64_t *ret_available)
{
    const char *root = getenv("NVITOP_PROCFS");
    char path[512];
    snprintf(path, sizeof(path), "%s/meminfo", root && *root ? root : "/proc");
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    bool is_good = read_meminfo(file, "MemTotal", ret_total) &&
                   read_meminfo(file, "MemAvailable", ret_available);
    fclose(file);
    return is_good;
}

static uint64_t memory_of_processes(const struct call *call)
{
    struct sim_row *rows;
    uint64_t sum = 0;
    size_t count = process_rows(call, 0, &rows);
    for (size_t i = 0; i < count; i++)
        sum += rows[i].used_memory == NVML_ABI_NOT_AVAILABLE_U64 ? 0 : rows[i].used_memory;
    free(rows);
    return sum;
}

static int size_of(const struct call *call, const struct scenario_entity *entity, unsigned key,
                   uint64_t *ret_bytes)
{
    double number = 0;
    int code = answer_number(call, entity, key, &number);
    if (!code)
        *ret_bytes = number > 0 ? (uint64_t)number : 0;
    return code;
}

static int total_memory(const struct call *call, const struct scenario_entity *entity, unsigned key,
                        uint64_t *ret_bytes)
{
    uint64_t available;
    if (scenario_curve(entity, key)->kind != CURVE_HOST)
        return size_of(call, entity, key, ret_bytes);
    return sim_host_memory(ret_bytes, &available) ? NVML_ABI_SUCCESS : NVML_ABI_ERROR_UNKNOWN;
}

static int used_memory(const struct call *call, const struct scenario_entity *entity, unsigned key,
                       uint64_t *ret_bytes)
{
    const struct curve *curve = scenario_curve(entity, key);
    uint64_t total, available;
    if (curve->kind == CURVE_HOST) {
        if (!sim_host_memory(&total, &available))
            return NVML_ABI_ERROR_UNKNOWN;
        *ret_bytes = total - available;
        return NVML_ABI_SUCCESS;
    }
    int code = size_of(call, entity, key, ret_bytes);
    if (!code && curve->kind == CURVE_AUTO)
        *ret_bytes += memory_of_processes(call);
    return code;
}

int answer_memory(const struct call *call, struct sim_memory *ret_memory)
{
    const struct scenario_entity *entity = call->mig ? call->mig : call->device;
    struct sim_memory memory = { 0 };
    if (!call->mig && sim_mig_is_on(call->device, call->now) &&
        scenario_constant(call->device, DEVICE_MIG_PRIVATE, 0) != 0)
        return NVML_ABI_ERROR_NO_PERMISSION;
    int code =
        total_memory(call, entity, call->mig ? MIG_MEM_TOTAL : DEVICE_MEM_TOTAL, &memory.total);
    if (code)
        return code;
    if (memory.total) {
        code = used_memory(call, entity, call->mig ? MIG_MEM_USED : DEVICE_MEM_USED, &memory.used);
        if (!code)
            code = size_of(call, entity, call->mig ? MIG_MEM_RESERVED : DEVICE_MEM_RESERVED,
                           &memory.reserved);
    }
    if (code)
        return code;
    uint64_t taken = memory.used + memory.reserved;
    memory.free = taken < memory.total ? memory.total - taken : 0;
    *ret_memory = memory;
    return NVML_ABI_SUCCESS;
}
