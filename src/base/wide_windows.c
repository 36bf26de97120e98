/* MultiByteToWideChar and back, and what is asked for by such a text in several places. */
#include "wide_windows.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "mem.h"
#include "str.h"

enum { PATH_SIZE = 32768 };

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

bool wide_is_file(const char *path)
{
    wchar_t *wide = wide_from(path);
    DWORD attributes = GetFileAttributesW(wide);
    free(wide);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

char *wide_module_path(void *module)
{
    wchar_t *wide = xcalloc(PATH_SIZE, sizeof(*wide));
    DWORD len = GetModuleFileNameW(module, wide, PATH_SIZE - 1);
    char *path = len ? wide_to(wide, len) : NULL;
    free(wide);
    return path;
}

/* Backslashes are themselves but before a quote, where each stands twice. */
static void append_quoted(struct str *line, const char *text)
{
    size_t slashes = 0;
    str_append_char(line, '"');
    for (; *text; text++) {
        for (size_t i = 0; *text == '"' && i <= slashes; i++)
            str_append_char(line, '\\');
        slashes = *text == '\\' ? slashes + 1 : 0;
        str_append_char(line, *text);
    }
    for (size_t i = 0; i < slashes; i++)
        str_append_char(line, '\\');
    str_append_char(line, '"');
}

wchar_t *wide_command(const char *const argv[])
{
    struct str line = { 0 };
    for (size_t i = 0; argv[i]; i++) {
        if (i)
            str_append_char(&line, ' ');
        if (*argv[i] && !strpbrk(argv[i], " \t\n\v\""))
            str_append(&line, argv[i]);
        else
            append_quoted(&line, argv[i]);
    }
    wchar_t *wide = wide_from(str_text(&line));
    str_done(&line);
    return wide;
}
