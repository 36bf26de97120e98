/* Files, processes and time as Windows has them. Either slash parts folders. */
#include "sim/system.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <windows.h>

#include "base/wide_windows.h"

static int open_wide(const char *path, int flags)
{
    wchar_t *wide = wide_from(path);
    int fd = _wopen(wide, flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
    free(wide);
    return fd;
}

/* Even one that will be deleted, as the launcher's are when it ends. */
int system_open(const char *path)
{
    wchar_t *wide = wide_from(path);
    HANDLE file =
        CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    free(wide);
    errno = ENOENT;
    return file == INVALID_HANDLE_VALUE
               ? -1
               : _open_osfhandle((intptr_t)file, _O_RDONLY | _O_BINARY | _O_NOINHERIT);
}

int system_open_log(const char *path)
{
    return open_wide(path, _O_WRONLY | _O_CREAT | _O_APPEND);
}

size_t system_folder_len(const char *path)
{
    size_t len = 0;
    for (size_t i = 0; path[i]; i++)
        if (path[i] == '/' || path[i] == '\\')
            len = i + 1;
    return len;
}

bool system_is_absolute(const char *path)
{
    return *path == '/' || *path == '\\' || (*path && path[1] == ':');
}

bool system_mark(const char *path, struct system_mark *ret_mark)
{
    WIN32_FILE_ATTRIBUTE_DATA now;
    wchar_t *wide = wide_from(path);
    bool is_there = GetFileAttributesExW(wide, GetFileExInfoStandard, &now);
    free(wide);
    if (!is_there)
        return false;
    *ret_mark = (struct system_mark){
        .file =
            (uint64_t)now.ftCreationTime.dwHighDateTime << 32 | now.ftCreationTime.dwLowDateTime,
        .size = (uint64_t)now.nFileSizeHigh << 32 | now.nFileSizeLow,
        .changed =
            (uint64_t)now.ftLastWriteTime.dwHighDateTime << 32 | now.ftLastWriteTime.dwLowDateTime,
    };
    return true;
}

/* One that may not be opened is there. */
bool system_is_alive(uint32_t pid)
{
    DWORD status = STILL_ACTIVE;
    HANDLE process = pid ? OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid) : NULL;
    if (!process)
        return pid && GetLastError() == ERROR_ACCESS_DENIED;
    GetExitCodeProcess(process, &status);
    CloseHandle(process);
    return status == STILL_ACTIVE;
}

void system_sleep(double seconds)
{
    Sleep((DWORD)(seconds * 1e3));
}

_Noreturn void system_hang(void)
{
    for (;;)
        Sleep(INFINITE);
}
