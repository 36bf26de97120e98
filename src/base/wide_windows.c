/* MultiByteToWideChar and back. */
#include "wide_windows.h"

#include <limits.h>
#include <windows.h>

#include "mem.h"

wchar_t *wide_from(const char *text)
{
    int size = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *wide = xcalloc((size_t)size + 1, sizeof(*wide));
    MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, size);
    return wide;
}

char *wide_to(const wchar_t *text, size_t len)
{
    int units = (int)MIN_OF(len, (size_t)INT_MAX / 4);
    int size = units ? WideCharToMultiByte(CP_UTF8, 0, text, units, NULL, 0, NULL, NULL) : 0;
    char *bytes = xcalloc((size_t)size + 1, 1);
    if (size)
        WideCharToMultiByte(CP_UTF8, 0, text, units, bytes, size, NULL, NULL);
    return bytes;
}
