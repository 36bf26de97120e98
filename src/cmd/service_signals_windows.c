/*
 * Ctrl-C, Ctrl-Break, and that the console, the session or the system ends: each of them is the
 * end. Whatever comes is told on a thread of the system's own. The process is over when the handler
 * of one that cannot be refused returns, so that one stays, and is cut off by our end.
 */
#include "cmd/service_signals.h"

#include <stdint.h>
#include <windows.h>

enum { CLOSING_MS = 4000 };

static HANDLE ending; /* set once, never reset */

static BOOL WINAPI end(DWORD event)
{
    SetEvent(ending);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        Sleep(CLOSING_MS);
    return TRUE;
}

int service_signals_open(void)
{
    ending = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!ending)
        return -1;
    SetConsoleCtrlHandler(NULL, FALSE); /* whoever started us may have ignored Ctrl-C */
    SetConsoleCtrlHandler(end, TRUE);
    return (int)(intptr_t)ending;
}

enum service_word service_signals_next(int fd)
{
    return WaitForSingleObject((HANDLE)(intptr_t)fd, 0) == WAIT_OBJECT_0 ? SERVICE_END
                                                                         : SERVICE_NOTHING;
}
