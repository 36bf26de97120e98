/*
 * Scenario files. One that is refused says why; one that is taken has devices without a gap,
 * processes on devices that exist, and numbers at any time.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check_numbers(const struct scenario_entity *entity)
{
    const struct scenario_section_keys *known = &scenario_sections[entity->section];
    for (unsigned key = 0; key < known->key_count; key++) {
        demand(scenario_text(entity, key) != NULL);
        demand(!isnan(curve_at(scenario_curve(entity, key), 8.0, 1)));
    }
}

static void check_processes(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->process_count; i++) {
        const struct scenario_entity *process = &scenario->processes[i];
        demand(process->name[0] != 0);
        for (size_t k = 0; k < process->target_count; k++)
            demand(process->targets[k].device < scenario->device_count);
        check_numbers(process);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario *scenario;
    struct scenario_error error;
    if (scenario_parse("fuzz", (const char *)data, size, &scenario, &error) < 0) {
        demand(error.text[0] != 0);
        return 0;
    }
    for (size_t i = 0; i < scenario->device_count; i++) {
        demand(scenario->devices[i].number == i);
        check_numbers(&scenario->devices[i]);
    }
    for (size_t i = 0; i < scenario->mig_count; i++)
        demand(scenario->migs[i].number < scenario->device_count);
    check_processes(scenario);
    scenario_free(scenario);
    return 0;
}
