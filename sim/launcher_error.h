/* Errors on stderr, in the name of the program that the user called. */
#ifndef NVITOP_SIM_LAUNCHER_ERROR_H
#define NVITOP_SIM_LAUNCHER_ERROR_H

#include <stdbool.h>

/* Whether `nvitop --demo` became this launcher: then its user knows of no nvitop-sim. */
bool launcher_is_demo(void);

/* One line. */
void launcher_error(const char *format, ...) __attribute__((format(NVITOP_PRINTF, 1, 2)));

#endif
