/* This process's environment, in UTF-8. Two files implement it, environment_posix.c and
 * environment_windows.c. */
#ifndef NVITOP_BASE_ENVIRONMENT_H
#define NVITOP_BASE_ENVIRONMENT_H

/* A variable's value; NULL where it is not set. It is good until the variable is changed. */
const char *environment_get(const char *name);

/* The same; NULL, too, where this process has more rights than whoever set it. */
const char *environment_trusted(const char *name);

/* All of it, as NAME=value, ended by NULL; good until a variable is changed. */
const char *const *environment_all(void);

/* For us and whoever we start, while nobody else reads it. */
void environment_set(const char *name, const char *value);
void environment_drop(const char *name);

#endif
