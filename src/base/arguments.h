/* What a program was started with, in UTF-8. Two files implement it, arguments_posix.c and
 * arguments_windows.c. */
#ifndef NVITOP_BASE_ARGUMENTS_H
#define NVITOP_BASE_ARGUMENTS_H

/* Call in main with what it got: the arguments, ended by NULL, good until the end of the process.
 */
char **arguments_take(int *argc, char *argv[]);

#endif
