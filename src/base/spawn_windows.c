/*
 * CreateProcess. What the child shall hold is listed, so it inherits nothing else. Its output comes
 * by a named pipe, the only kind that can be waited for.
 */
#include "spawn.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#include "clock.h"
#include "environment.h"
#include "mem.h"
#include "nvitop/nvitop.h"
#include "str.h"
#include "wide_windows.h"

enum { PIPE_SIZE = 65536, NAME_SIZE = 96 };

/* ---- starting ---- */

static bool start(const char *const argv[], STARTUPINFOW *startup, DWORD flags,
                  PROCESS_INFORMATION *ret_child)
{
    wchar_t *program = wide_from(argv[0]), *line = wide_command(argv);
    bool is_started =
        CreateProcessW(program, line, NULL, NULL, TRUE, flags, NULL, NULL, startup, ret_child);
    free(program);
    free(line);
    return is_started;
}

/* With these two handles and no others; both are inheritable. */
static bool start_alone(const char *const argv[], HANDLE null, HANDLE out,
                        PROCESS_INFORMATION *ret_child)
{
    bool is_started = false;
    HANDLE handles[] = { null, out };
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    STARTUPINFOEXW startup = { .StartupInfo = { .cb = sizeof(startup),
                                                .dwFlags = STARTF_USESTDHANDLES,
                                                .hStdInput = null,
                                                .hStdOutput = out,
                                                .hStdError = null },
                               .lpAttributeList = xmalloc(size) };
    if (InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size)) {
        bool is_listed =
            UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                      handles, sizeof(handles), NULL, NULL);
        is_started =
            is_listed && start(argv, &startup.StartupInfo, EXTENDED_STARTUPINFO_PRESENT, ret_child);
        DeleteProcThreadAttributeList(startup.lpAttributeList);
    }
    free(startup.lpAttributeList);
    return is_started;
}

/* ---- reading ---- */

static bool open_pipe(HANDLE *ret_ours, HANDLE *ret_theirs)
{
    wchar_t name[NAME_SIZE];
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof(inherited), .bInheritHandle = TRUE };
    swprintf(name, NAME_SIZE, L"\\\\.\\pipe\\nvitop-%lu-%lu-%llx", GetCurrentProcessId(),
             GetCurrentThreadId(), (unsigned long long)clock_mono_ns());
    *ret_ours = CreateNamedPipeW(
        name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, PIPE_SIZE, PIPE_SIZE, 0, NULL);
    if (*ret_ours == INVALID_HANDLE_VALUE)
        return false;
    *ret_theirs = CreateFileW(name, GENERIC_WRITE, 0, &inherited, OPEN_EXISTING, 0, NULL);
    if (*ret_theirs != INVALID_HANDLE_VALUE)
        return true;
    CloseHandle(*ret_ours);
    return false;
}

static DWORD left_ms(uint64_t deadline_ns)
{
    uint64_t now = clock_mono_ns();
    return now < deadline_ns ? (DWORD)((deadline_ns - now) / CLOCK_NS_PER_MS) + 1 : 0;
}

/* One piece of it: false at its end; *ret_is_late: the deadline came first. */
static bool read_some(HANDLE pipe, OVERLAPPED *wait, uint64_t deadline_ns, char *into, size_t room,
                      DWORD *ret_got, bool *ret_is_late)
{
    ResetEvent(wait->hEvent);
    if (!ReadFile(pipe, into, (DWORD)room, NULL, wait) && GetLastError() != ERROR_IO_PENDING)
        return false;
    if (WaitForSingleObject(wait->hEvent, left_ms(deadline_ns)) != WAIT_OBJECT_0) {
        CancelIo(pipe);
        *ret_is_late = true;
    }
    return GetOverlappedResult(pipe, wait, ret_got, TRUE) && !*ret_is_late;
}

/* Until its end or the deadline; false past the deadline. */
static bool read_all(HANDLE pipe, uint64_t deadline_ns, char *out, size_t size)
{
    OVERLAPPED wait = { .hEvent = CreateEventW(NULL, TRUE, FALSE, NULL) };
    bool is_late = false, is_more = true;
    size_t len = 0;
    while (is_more && !is_late) {
        char spill[256];
        size_t room = size - 1 - len;
        DWORD got = 0;
        is_more = read_some(pipe, &wait, deadline_ns, room ? out + len : spill,
                            room ? room : sizeof(spill), &got, &is_late);
        len += room ? got : 0;
    }
    out[len] = 0;
    CloseHandle(wait.hEvent);
    return !is_late;
}

/* ---- the whole of it ---- */

static int reap(const PROCESS_INFORMATION *child, uint64_t deadline_ns)
{
    DWORD status = 0;
    if (WaitForSingleObject(child->hProcess, left_ms(deadline_ns)) != WAIT_OBJECT_0) {
        TerminateProcess(child->hProcess, 1);
        return NVITOP_ETIMEOUT;
    }
    GetExitCodeProcess(child->hProcess, &status);
    return status <= 255 ? (int)status : NVITOP_EUNKNOWN;
}

static void forget(const PROCESS_INFORMATION *child)
{
    CloseHandle(child->hThread);
    CloseHandle(child->hProcess);
}

bool spawn_is_there(const char *program)
{
    return wide_is_file(program);
}

int spawn_capture(const char *const argv[], unsigned timeout_ms, char *ret_out, size_t size)
{
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof(inherited), .bInheritHandle = TRUE };
    HANDLE ours, theirs;
    PROCESS_INFORMATION child;
    if (!spawn_is_there(argv[0]))
        return NVITOP_ENOTFOUND;
    if (!open_pipe(&ours, &theirs))
        return NVITOP_EUNKNOWN;
    HANDLE null =
        CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                    &inherited, OPEN_EXISTING, 0, NULL);
    uint64_t deadline_ns = clock_mono_ns() + timeout_ms * CLOCK_NS_PER_MS;
    bool is_started = start_alone(argv, null, theirs, &child);
    CloseHandle(theirs);
    CloseHandle(null);
    int status = NVITOP_EUNKNOWN;
    if (is_started) {
        bool is_read = read_all(ours, deadline_ns, ret_out, size);
        status = reap(&child, is_read ? deadline_ns : 0);
        forget(&child);
    }
    CloseHandle(ours);
    return status;
}

/* A job of one process, which ends when we do, however that is; whoever it starts is free. */
static void tie(HANDLE process)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = { .BasicLimitInformation.LimitFlags =
                                                        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                                                        JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK };
    HANDLE job = CreateJobObjectW(NULL, NULL); /* open until we end */
    if (job &&
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)))
        AssignProcessToJobObject(job, process);
}

/* Ctrl-C goes to all who have the console; the child says what becomes of it. */
int spawn_replace(const char *const argv[], const char *name, const char *value)
{
    STARTUPINFOW startup = { .cb = sizeof(startup),
                             .dwFlags = STARTF_USESTDHANDLES,
                             .hStdInput = GetStdHandle(STD_INPUT_HANDLE),
                             .hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
                             .hStdError = GetStdHandle(STD_ERROR_HANDLE) };
    PROCESS_INFORMATION child;
    SetHandleInformation(startup.hStdInput, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    SetHandleInformation(startup.hStdOutput, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    SetHandleInformation(startup.hStdError, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    environment_set(name, value);
    if (!start(argv, &startup, CREATE_SUSPENDED, &child)) {
        environment_drop(name);
        return ENOENT;
    }
    DWORD status = 1;
    SetConsoleCtrlHandler(NULL, TRUE);
    tie(child.hProcess); /* where that can't be, it outlives a killed parent */
    ResumeThread(child.hThread);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &status);
    forget(&child);
    exit((int)status); /* what was set of the console is put back */
}
