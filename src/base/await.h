/*
 * Waiting for whichever of several things comes first. What an `fd` is, the system says: a
 * descriptor, or on Windows the value of a handle. Two files implement it, await_posix.c and
 * await_windows.c.
 */
#ifndef NVITOP_BASE_AWAIT_H
#define NVITOP_BASE_AWAIT_H

#include <stddef.h>

enum await_event {
    AWAIT_READ = 1,   /* there is something to take */
    AWAIT_WRITE = 2,  /* there is room */
    AWAIT_BROKEN = 4, /* told without being asked for: the other end is gone, or it is no good */
};

struct awaited {
    int fd;
    unsigned wanted, seen; /* of await_event */
};

/* Waits until one of them is seen, or the time is up; a negative time is for ever. May come back
 * early with nothing seen. */
void await(struct awaited *things, size_t count, int timeout_ms);

#endif
