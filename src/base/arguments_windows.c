/*
 * The command line, cut again. What main got was cut by the C library from a line in which a
 * character is lost that the system's old code page does not have, and names of files were put
 * where there were asterisks, which no shell of Windows does and nobody here asks for.
 */
#include "arguments.h"

#include <windows.h>

#include <shellapi.h>

#include "mem.h"
#include "wide_windows.h"

char **arguments_take(int *argc, char *argv[])
{
    int count = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &count);
    if (!wide)
        return argv;
    char **words = xcalloc((size_t)count + 1, sizeof(*words));
    for (int i = 0; i < count; i++)
        words[i] = wide_to(wide[i], wcslen(wide[i]));
    LocalFree(wide);
    *argc = count;
    return words;
}
