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
