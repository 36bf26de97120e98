/*
 * The memory of a GPU or MIG device: what the scenario says of it, and what its processes add up
 * to. Stands on answers and rows, which know nothing of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/environment.h"
#include "sim/sim.h"
#include "sim/system.h"

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
    const char *root = environment_get("NVITOP_PROCFS");
    char path[512];
    snprintf(path, sizeof(path), "%s/meminfo", root && *root ? root : "/proc");
    int fd = system_open(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
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
