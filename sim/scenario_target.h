/* Where a process runs: the value of its `device` key. */
#ifndef NVITOP_SIM_SCENARIO_TARGET_H
#define NVITOP_SIM_SCENARIO_TARGET_H

#include "sim/scenario.h"

/* Fills targets and target_count; 0, or NVITOP_EINVAL with *ret_error. */
int scenario_find_targets(struct scenario *scenario, struct scenario_entity *process,
                          struct scenario_error *ret_error);

#endif
