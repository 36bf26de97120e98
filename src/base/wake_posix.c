/* Invariant: a byte is in the pipe exactly while `is_rung`, so it never fills. */
#include "wake.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"

struct wake {
    int ends[2];
    bool is_rung;
};

struct wake *wake_new(void)
{
    struct wake *wake = xcalloc(1, sizeof(*wake));
    if (pipe2(wake->ends, O_CLOEXEC | O_NONBLOCK) == 0)
        return wake;
    free(wake);
    return NULL;
}

void wake_free(struct wake *wake)
{
    close(wake->ends[0]);
    close(wake->ends[1]);
    free(wake);
}

void wake_ring(struct wake *wake)
{
    if (!wake->is_rung)
        wake->is_rung = write(wake->ends[1], "!", 1) == 1;
}

void wake_clear(struct wake *wake)
{
    char byte;
    if (wake->is_rung)
        wake->is_rung = read(wake->ends[0], &byte, 1) != 1;
}

int wake_fd(const struct wake *wake)
{
    return wake->ends[0];
}
