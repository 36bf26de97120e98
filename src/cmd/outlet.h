/*
 * Where lines go whose reader may be slow, or leave. Nothing here waits for the reader but
 * outlet_finish, and that for a bounded time.
 */
#ifndef NVITOP_CMD_OUTLET_H
#define NVITOP_CMD_OUTLET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct outlet_writer;

struct outlet {
    int fd;             /* await what outlet_wants says */
    bool is_own;        /* opened here */
    size_t chunk;       /* so many bytes are written at once at most */
    struct str pending; /* whole lines, and how much of them has been taken */
    size_t taken;
    struct outlet_writer *writer; /* of Windows, where a thread has what is pending */
};

enum outlet_state {
    OUTLET_READY, /* nothing is pending */
    OUTLET_BUSY,  /* the reader has not taken all yet */
    OUTLET_GONE,  /* there is no reader any more */
    OUTLET_ERROR, /* errno says why */
};

/* Over stdout. From now on a reader that leaves does not end the process. */
void outlet_open(struct outlet *outlet);
void outlet_close(struct outlet *outlet);

/* What to await: AWAIT_WRITE only while something waits to be written. A reader that leaves shows
 * as AWAIT_BROKEN whatever is wanted. */
unsigned outlet_wants(const struct outlet *outlet, bool is_waiting);

/* Afterwards: writes what the reader takes. */
enum outlet_state outlet_go_on(struct outlet *outlet, unsigned seen);

/* Takes these whole lines over; only while READY. */
void outlet_put(struct outlet *outlet, struct str *lines);

/* Gives the reader until the deadline (clock_mono_ns) to take what is pending. */
void outlet_finish(struct outlet *outlet, uint64_t deadline_ns);

#endif
