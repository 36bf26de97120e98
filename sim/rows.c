/* Which processes run on a device now. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/sim.h"

/* Where on the call's device does it run? NULL: it does not. */
static const struct scenario_target *find_target(const struct scenario_entity *process,
                                                 const struct call *call)
{
    for (size_t i = 0; i < process->target_count; i++) {
        const struct scenario_target *target = &process->targets[i];
        if (target->device == call->device->number &&
            (!call->mig || target->mig == (int)call->mig->mig))
            return target;
    }
    return NULL;
}

static bool is_running(const struct scenario_entity *process, double now)
{
    return now >= scenario_constant(process, PROCESS_FROM, -INFINITY) &&
           now < scenario_constant(process, PROCESS_UNTIL, INFINITY);
}

static uint64_t memory_of(const struct scenario_entity *process, unsigned key, double now)
{
    const struct curve *curve = scenario_curve(process, key);
    if (curve->kind == CURVE_UNAVAILABLE || curve->kind == CURVE_ERROR)
        return NVML_ABI_NOT_AVAILABLE_U64;
    double bytes = curve_at(curve, now, answer_seed(process, key));
    return bytes > 0 ? (uint64_t)bytes : 0;
}

/* False: it runs in a MIG device that isn't there now. */
static bool fill_instance(const struct call *call, const struct scenario_target *target,
                          struct sim_row *row)
{
    row->gpu_instance = row->compute_instance = NVML_ABI_NO_INSTANCE;
    if (target->mig < 0)
        return true;
    const struct sim_handle *mig = sim_mig_handle(target->device, (unsigned)target->mig, call->now);
    return mig && !answer_u32(call, mig->mig, MIG_GI, &row->gpu_instance) &&
           !answer_u32(call, mig->mig, MIG_CI, &row->compute_instance);
}

static bool make_row(const struct call *call, char letter, const struct sim_pid_map *map,
                     struct sim_row *row)
{
    const struct scenario_entity *process = row->process;
    const struct scenario_target *target = find_target(process, call);
    if (!target || !is_running(process, call->now) ||
        (letter && !strchr(scenario_text(process, PROCESS_TYPE), letter)) ||
        !fill_instance(call, target, row) || !sim_pids_find(map, process, &row->pid))
        return false;
    row->used_memory = memory_of(process, PROCESS_MEM, call->now);
    row->protected_memory = memory_of(process, PROCESS_PROTECTED_MEM, call->now);
    return true;
}

size_t process_rows(const struct call *call, char letter, struct sim_row **ret_rows)
{
    const struct scenario *scenario = sim.scenario;
    const struct sim_pid_map *map = sim_pids_hold(sim.pids);
    struct sim_row *rows = NULL;
    size_t count = 0, cap = 0;
    for (size_t i = 0; i < scenario->process_count; i++) {
        struct sim_row row = { .process = &scenario->processes[i] };
        if (!make_row(call, letter, map, &row))
            continue;
        if (count == cap) {
            cap = MAX_OF(cap * 2, (size_t)32);
            rows = xreallocarray(rows, cap, sizeof(*rows));
        }
        rows[count++] = row;
    }
    sim_pids_release(sim.pids);
    *ret_rows = rows;
    return count;
}
