/* Where the command finds the driver's library, and how it is started. Two files implement it,
 * launcher_command_posix.c and launcher_command_windows.c. */
#ifndef NVITOP_SIM_LAUNCHER_COMMAND_H
#define NVITOP_SIM_LAUNCHER_COMMAND_H

#include <stdbool.h>

/* The driver's library, as programs ask for it. */
extern const char command_library[];

/* Makes programs find the driver's library in that folder, first of all; whether they can. */
void command_set_library(const char *folder);
bool command_can_search(const char *folder);

/* Becomes the command, searched in PATH. Returns only on failure: the system's error number. */
int command_become(char *const *argv);

#endif
