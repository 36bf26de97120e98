/* What `nvitop` does once its command line is read. */
#ifndef NVITOP_CMD_RUN_H
#define NVITOP_CMD_RUN_H

#include <stdbool.h>

struct nvitop_settings;

/* The report, the monitor, or data for programs, as the settings ask; all messages go to stderr
 * after it. Returns the exit status. *ret_is_stuck: a thread never came back from the driver, so
 * only _exit(2) may end the process. */
int nvitop_run(const struct nvitop_settings *settings, const char *version, bool *ret_is_stuck);

#endif
