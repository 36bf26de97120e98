/* What the program needs to know of the terminal before it draws a report. */
#ifndef NVITOP_CMD_TERMINAL_H
#define NVITOP_CMD_TERMINAL_H

#include <stdbool.h>

enum { TERMINAL_COLUMNS_DEFAULT = 79 };

/* COLUMNS if it is a positive number, else the size of the terminal on stdout, else `otherwise`. */
int terminal_columns(int otherwise);

/* Colour on this descriptor: forced, or a terminal that is not dumb and no NO_COLOR or
 * ANSI_COLORS_DISABLED in the environment. */
bool terminal_has_colour(int fd, bool is_forced);

#endif
