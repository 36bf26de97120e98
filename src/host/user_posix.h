/* Names of users: POSIX, shared by the platforms that have uids. */
#ifndef NVITOP_HOST_USER_POSIX_H
#define NVITOP_HOST_USER_POSIX_H

#include <sys/types.h>

struct arena;

/* The name of `uid`, printable; NULL when nobody knows one, or none could be told. May ask a
 * directory server. */
char *user_name(struct arena *arena, uid_t uid);

/* What it is called then. */
char *user_digits(struct arena *arena, uid_t uid);

#endif
