/* What `nvitop-exporter` does once its command line is read. */
#ifndef NVITOP_CMD_EXPORTER_RUN_H
#define NVITOP_CMD_EXPORTER_RUN_H

#include <stdbool.h>

struct exporter_settings;

/* Serves until a signal ends it. Returns the exit status; *ret_is_stuck as in program.h. */
int exporter_run(const struct exporter_settings *settings, bool *ret_is_stuck);

#endif
