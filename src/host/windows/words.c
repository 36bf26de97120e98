/* What several files of this folder say in our words: reasons, texts, times. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/wide_windows.h"
#include "host/windows/internal.h"

enum nvitop_why why_of_error(DWORD error)
{
    switch (error) {
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD: return NVITOP_WHY_NO_PERMISSION;
    case ERROR_INVALID_PARAMETER: /* no process has that pid */
    case ERROR_NOT_FOUND:
    case ERROR_PARTIAL_COPY: return NVITOP_WHY_GONE;
    case ERROR_NOT_SUPPORTED:
    case ERROR_CALL_NOT_IMPLEMENTED: return NVITOP_WHY_NOT_SUPPORTED;
    default: return NVITOP_WHY_ERROR;
    }
}

char *printable_of(struct arena *arena, const wchar_t *text, size_t len)
{
    char *bytes = wide_to(text, len);
    char *shown = utf8_printable(arena, bytes, strlen(bytes));
    free(bytes);
    return shown;
}

uint64_t ticks_of(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}
