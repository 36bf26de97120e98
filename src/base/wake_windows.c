/* An event that stays set until it is reset. */
#include "wake.h"

#include <stdint.h>
#include <stdlib.h>
#include <windows.h>

#include "mem.h"

struct wake {
    HANDLE event;
};

struct wake *wake_new(void)
{
    struct wake *wake = xcalloc(1, sizeof(*wake));
    wake->event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (wake->event)
        return wake;
    free(wake);
    return NULL;
}

void wake_free(struct wake *wake)
{
    CloseHandle(wake->event);
    free(wake);
}

void wake_ring(struct wake *wake)
{
    SetEvent(wake->event);
}

void wake_clear(struct wake *wake)
{
    ResetEvent(wake->event);
}

int wake_fd(const struct wake *wake)
{
    return (int)(intptr_t)wake->event;
}
