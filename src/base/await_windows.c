/*
 * WaitForMultipleObjects. A handle's value fits an int on every Windows. Whatever has no handle to
 * wait for, a file or a pipe that is written to, has a negative `fd` and is always ready.
 */
#include "await.h"

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "mem.h"

enum { THINGS_MAX = 8 };

static HANDLE handle_of(const struct awaited *thing)
{
    return (HANDLE)(intptr_t)thing->fd;
}

/* Those that need no waiting; true if there is one. */
static bool see_ready(struct awaited *things, size_t count)
{
    bool is_any = false;
    for (size_t i = 0; i < count; i++) {
        bool is_ready = things[i].wanted &&
                        (things[i].fd < 0 || WaitForSingleObject(handle_of(&things[i]), 0) == 0);
        things[i].seen = is_ready ? things[i].wanted : 0;
        is_any |= is_ready;
    }
    return is_any;
}

void await(struct awaited *things, size_t count, int timeout_ms)
{
    HANDLE handles[THINGS_MAX];
    DWORD waited = 0;
    count = MIN_OF(count, (size_t)THINGS_MAX);
    if (see_ready(things, count))
        return;
    for (size_t i = 0; i < count; i++)
        if (things[i].wanted)
            handles[waited++] = handle_of(&things[i]);
    DWORD patience = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;
    if (waited)
        WaitForMultipleObjects(waited, handles, FALSE, patience);
    else
        Sleep(patience);
    see_ready(things, count);
}
