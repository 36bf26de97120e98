/* How wide the terminal is. Two files implement it, terminal_width_posix.c and
 * terminal_width_windows.c. */
#ifndef NVITOP_CMD_TERMINAL_WIDTH_H
#define NVITOP_CMD_TERMINAL_WIDTH_H

/* Columns of the terminal on stdout; 0: there is none, or it does not tell. */
int terminal_width(void);

#endif
