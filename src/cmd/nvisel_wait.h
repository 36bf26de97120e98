/* Watching the devices until there is something to choose. */
#ifndef NVITOP_CMD_NVISEL_WAIT_H
#define NVITOP_CMD_NVISEL_WAIT_H

#include <stdbool.h>

struct chooser;
struct choice;
struct nvml_failure;
struct sampler_options;
struct source;

/*
 * Starts the source and looks at each of its snapshots: with --wait until the choice is good or
 * the time is up, else for as long as --sustain says. NVITOP_OK and the last choice, or a negative
 * status with *ret_failure filled: there is no driver.
 */
int nvisel_wait(struct chooser *chooser, struct source *source,
                const struct sampler_options *options, struct choice *ret_choice,
                struct nvml_failure *ret_failure);

#endif
