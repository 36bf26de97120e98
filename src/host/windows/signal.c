/*
 * What comes nearest to signals. Windows ends a process or leaves it alone: SIGTERM and SIGKILL
 * both end it at once, with the signal's number for its status, and the others are refused.
 */
#include "base/signal_number.h"
#include "host/windows/internal.h"

static uint64_t created_of(HANDLE process)
{
    FILETIME created, exited, kernel, user;
    if (!GetProcessTimes(process, &created, &exited, &kernel, &user))
        return 0;
    return ticks_of(created);
}

static int end(HANDLE process, uint64_t start_ticks, int signal)
{
    DWORD status;
    if (created_of(process) != start_ticks)
        return NVITOP_EGONE;
    if (GetExitCodeProcess(process, &status) && status != STILL_ACTIVE)
        return NVITOP_EGONE;
    if (TerminateProcess(process, (UINT)signal))
        return NVITOP_OK;
    return GetLastError() == ERROR_ACCESS_DENIED ? NVITOP_EPERM : NVITOP_EUNKNOWN;
}

/* The handle holds the process, so nobody else can come to have the pid between the comparison and
 * the end. */
int host_signal(const char *root, pid_t pid, uint64_t start_ticks, int signal)
{
    (void)root;
    if (start_ticks == 0 || (signal != SIGNAL_TERM && signal != SIGNAL_KILL))
        return NVITOP_ENOTSUP;
    if (pid <= PID_SYSTEM || pid > UINT32_MAX)
        return NVITOP_EUNKNOWN;
    HANDLE process =
        OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE, FALSE, (DWORD)pid);
    if (!process)
        return GetLastError() == ERROR_ACCESS_DENIED ? NVITOP_EPERM : NVITOP_EGONE;
    int status = end(process, start_ticks, signal);
    CloseHandle(process);
    return status;
}
