/* What `nvisel` does once its command line is read. */
#ifndef NVITOP_CMD_NVISEL_RUN_H
#define NVITOP_CMD_NVISEL_RUN_H

#include <stdbool.h>

struct nvisel_settings;

/* Chooses and prints. Returns the exit status. *ret_is_stuck: a thread never came back from the
 * driver, so only _exit(2) may end the process. */
int nvisel_run(const struct nvisel_settings *settings, bool *ret_is_stuck);

#endif
