/* This process's environment, where it is to be another or may be another's. Two files implement
 * it, environment_posix.c and environment_windows.c. */
#ifndef NVITOP_BASE_ENVIRONMENT_H
#define NVITOP_BASE_ENVIRONMENT_H

/* Takes a variable out, for us and whoever we start; nobody else reads the environment yet. */
void environment_drop(const char *name);

/* A variable's value; NULL where it is not set, or where this process has more rights than whoever
 * set it. */
const char *environment_trusted(const char *name);

#endif
