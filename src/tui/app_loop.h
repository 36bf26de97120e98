/*
 * The monitor: one loop over input, the source's wake descriptor, signals and timers. It calls no
 * driver function and opens no file of another process.
 */
#ifndef NVITOP_TUI_APP_LOOP_H
#define NVITOP_TUI_APP_LOOP_H

#include "tui/app_options.h"

struct nvml_failure;

/* Runs until the viewer leaves. Starts the source, and does not close it. */
void app_run(const struct app_options *options, struct app_result *ret_result,
             struct nvml_failure *ret_failure);

#endif
