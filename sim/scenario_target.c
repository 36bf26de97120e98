/* `device = 0,2-3,5:1` or `all` → a list of GPUs and MIG devices that exist in the file. */
#include "scenario_target.h"

#include <stdio.h>
#include <string.h>

#include "nvitop/nvitop.h"
#include "sim/scenario_read.h"

static bool has_mig(const struct scenario *scenario, unsigned device, unsigned mig)
{
    for (size_t i = 0; i < scenario->mig_count; i++) {
        if (scenario->migs[i].number == device && scenario->migs[i].mig == mig)
            return true;
    }
    return false;
}

/* One item as the GPUs first…last, or a MIG device of one. */
static bool parse_item(const struct scenario *scenario, const char *item, unsigned *ret_first,
                       unsigned *ret_last, int *ret_mig)
{
    unsigned mig = 0;
    char rest;
    *ret_mig = -1;
    if (!strcmp(item, "all")) {
        *ret_first = 0;
        *ret_last = scenario->device_count ? (unsigned)scenario->device_count - 1 : 0;
    } else if (sscanf(item, "%4u:%4u%c", ret_first, &mig, &rest) == 2) {
        *ret_last = *ret_first;
        *ret_mig = (int)mig;
        return has_mig(scenario, *ret_first, mig);
    } else if (sscanf(item, "%4u-%4u%c", ret_first, ret_last, &rest) != 2) {
        if (sscanf(item, "%4u%c", ret_first, &rest) != 1)
            return false;
        *ret_last = *ret_first;
    }
    return *ret_first <= *ret_last && *ret_last < scenario->device_count;
}

static void append(struct scenario *scenario, struct scenario_entity *process, unsigned device,
                   int mig)
{
    struct scenario_target *grown =
        arena_array(&scenario->arena, process->target_count + 1, sizeof(*grown));
    if (process->target_count)
        memcpy(grown, process->targets, process->target_count * sizeof(*grown));
    grown[process->target_count++] = (struct scenario_target){ device, mig };
    process->targets = grown;
}

int scenario_find_targets(struct scenario *scenario, struct scenario_entity *process,
                          struct scenario_error *ret_error)
{
    const struct scenario_value *value = &process->values[PROCESS_DEVICE];
    char *list = arena_strdup(&scenario->arena, value->text), *rest = NULL;
    for (const char *item = strtok_r(list, ", ", &rest); item; item = strtok_r(NULL, ", ", &rest)) {
        unsigned first = 0, last = 0;
        int mig;
        if (!parse_item(scenario, item, &first, &last, &mig))
            return scenario_complain(ret_error, value->line,
                                     "process %s: there is no device '%.40s'", process->name, item);
        for (unsigned device = first; device <= last && process->target_count < SCENARIO_DEVICE_MAX;
             device++)
            append(scenario, process, device, mig);
    }
    return NVITOP_OK;
}
