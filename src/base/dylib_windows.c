/*
 * LoadLibrary. A name is looked for as a program of Windows would, but not in the current folder,
 * where anybody may have put a file; a path is taken as it is, and its own folder looked through
 * for what it needs.
 */
#include "dylib.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "mem.h"
#include "wide_windows.h"

enum { REASON_SIZE = 512 };

struct dylib {
    HMODULE module;
    char *path;
};

static _Thread_local char reason[REASON_SIZE];

/* The system's sentence, on one line and without its end. */
static const char *explain(const char *name, DWORD code)
{
    wchar_t text[256] = L"";
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    FormatMessageW(flags, NULL, code, 0, text, ARRAY_LEN(text), NULL);
    char *said = wide_to(text, wcscspn(text, L"\r\n"));
    snprintf(reason, sizeof(reason), "%.200s: %s (error %lu)", name,
             said[0] ? said : "it cannot be loaded", code);
    free(said);
    return reason;
}

static HMODULE load(const char *name_or_path)
{
    bool is_path = strpbrk(name_or_path, "/\\") != NULL;
    wchar_t *name = wide_from(name_or_path), full[MAX_PATH];
    DWORD len = is_path ? GetFullPathNameW(name, ARRAY_LEN(full), full, NULL) : 0;
    bool is_full = len > 0 && len < ARRAY_LEN(full);
    HMODULE module = LoadLibraryExW(is_full ? full : name, NULL,
                                    LOAD_LIBRARY_SEARCH_DEFAULT_DIRS |
                                        (is_full ? LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR : 0U));
    DWORD code = GetLastError();
    free(name);
    SetLastError(code);
    return module;
}

struct dylib *dylib_open(const char *name_or_path, const char **ret_reason)
{
    HMODULE module = load(name_or_path);
    if (!module) {
        if (ret_reason)
            *ret_reason = explain(name_or_path, GetLastError());
        return NULL;
    }
    struct dylib *lib = xcalloc(1, sizeof(*lib));
    *lib = (struct dylib){ module, wide_module_path(module) };
    return lib;
}

void *dylib_symbol(struct dylib *lib, const char *name)
{
    FARPROC found = GetProcAddress(lib->module, name);
    void *address;
    memcpy(&address, &found, sizeof(address));
    return address;
}

const char *dylib_path(struct dylib *lib, void *symbol)
{
    return symbol ? lib->path : NULL;
}

char *dylib_holding(const void *address)
{
    HMODULE module;
    bool is_told = GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                          GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                                      (const wchar_t *)address, &module);
    char *path = is_told ? wide_module_path(module) : NULL;
    for (char *at = path; at && *at; at++)
        *at = *at == '\\' ? '/' : *at;
    return path;
}

void dylib_close(struct dylib *lib)
{
    if (!lib)
        return;
    FreeLibrary(lib->module);
    free(lib->path);
    free(lib);
}
