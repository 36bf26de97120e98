/* Where our helper programs are: beside this program, in the build tree as when installed. Two
 * files implement it, locate_posix.c and locate_windows.c. */
#ifndef NVITOP_CMD_LOCATE_H
#define NVITOP_CMD_LOCATE_H

/* Path of the running program , malloc'd; NULL if unknown. */
char *locate_self(void);

/* Path of a helper (`nvitop-sim`, `nvitop-cuda-order`), malloc'd; NULL if there is none. */
char *locate_helper(const char *program);

/* The driver's library of a launcher, which stands beside it, malloc'd; NULL where a launcher's
 * word on it is always good enough. */
char *locate_library(const char *launcher);

#endif
