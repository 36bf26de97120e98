/*
 * Files of the launcher. Those that it writes are its own as long as it lives: each is held by a
 * handle with which it goes, however the launcher ends. So they need no folder of their own, which
 * nobody would remove, and their names begin with the launcher's pid.
 */
#include "sim/launcher_place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"
#include "nvitop/nvitop.h"

enum { PATH_SIZE = 32768 };

static DWORD attributes_of(const char *path)
{
    wchar_t *wide = wide_from(path);
    DWORD attributes = GetFileAttributesW(wide);
    free(wide);
    return attributes;
}

char *place_absolute(const char *path)
{
    wchar_t *wide = wide_from(path), *whole = xcalloc(PATH_SIZE, sizeof(*whole));
    DWORD len = GetFullPathNameW(wide, PATH_SIZE, whole, NULL);
    char *found = len && len < PATH_SIZE ? wide_to(whole, len) : xstrdup(path);
    free(wide);
    free(whole);
    return found;
}

bool place_is_file(const char *path)
{
    return wide_is_file(path);
}

static char *own_folder(void)
{
    char *path = wide_module_path(NULL), *end = path ? strrchr(path, '\\') : NULL;
    if (end)
        *end = 0;
    return path;
}

char *place_find_folder(const char *name)
{
    /* Build tree and archive, then a prefix, then installed by pip. */
    static const char *const folders[] = { ".", "..\\share\\nvitop", "..\\..\\share\\nvitop",
                                           ".." };
    struct str path = { 0 };
    char *own = own_folder(), *found = NULL;
    for (size_t i = 0; own && !found && i < ARRAY_LEN(folders); i++) {
        str_clear(&path);
        str_printf(&path, "%s\\%s\\%s", own, folders[i], name);
        if (attributes_of(str_text(&path)) == INVALID_FILE_ATTRIBUTES)
            continue;
        str_clear(&path);
        str_printf(&path, "%s\\%s", own, folders[i]);
        found = place_absolute(str_text(&path));
    }
    free(own);
    str_done(&path);
    return found;
}

char *place_find(const char *name)
{
    struct str path = { 0 };
    char *folder = place_find_folder(name);
    if (!folder)
        return NULL;
    for (str_printf(&path, "%s\\", folder); *name; name++)
        str_append_char(&path, *name == '/' ? '\\' : *name);
    free(folder);
    return str_take(&path);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t place_list(const char *folder, const char *ending, char ***ret_names)
{
    struct str pattern = { 0 };
    WIN32_FIND_DATAW entry;
    size_t count = 0, cap = 0;
    char **names = NULL;
    str_printf(&pattern, "%s\\*%s", folder, ending);
    wchar_t *wide = wide_from(str_text(&pattern));
    HANDLE search = FindFirstFileW(wide, &entry);
    bool is_more = search != INVALID_HANDLE_VALUE;
    for (; is_more; is_more = FindNextFileW(search, &entry)) {
        if (count == cap) {
            cap = MAX_OF(cap * 2, (size_t)64);
            names = xreallocarray(names, cap, sizeof(*names));
        }
        names[count++] = wide_to(entry.cFileName, wcslen(entry.cFileName));
    }
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    if (count)
        qsort(names, count, sizeof(*names), compare_names);
    free(wide);
    str_done(&pattern);
    *ret_names = names;
    return count;
}

const char place_root_variable[] = "TMP";

const char *place_root(void)
{
    static char root[PATH_SIZE];
    wchar_t wide[MAX_PATH + 2];
    DWORD len = GetTempPathW(ARRAY_LEN(wide), wide);
    char *text = wide_to(wide, len && len < ARRAY_LEN(wide) ? len - 1 : 0); /* it ends with \ */
    snprintf(root, sizeof(root), "%s", text);
    free(text);
    return root;
}

int place_make(struct place *ret_place)
{
    struct str path = { 0 };
    DWORD attributes = attributes_of(place_root());
    if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        errno = ENOENT;
        return NVITOP_EPERM;
    }
    str_printf(&path, "%s\\nvitop-sim-%lu-", place_root(), GetCurrentProcessId());
    *ret_place = (struct place){ .prefix = str_take(&path), .lock = -1 };
    return NVITOP_OK;
}

/* The handle stays open: the file is there until this process ends. */
bool place_write(const struct place *place, const char *name, const char *text, size_t len)
{
    char *path = place_file(place, name);
    wchar_t *wide = wide_from(path);
    DWORD written = 0;
    HANDLE file =
        CreateFileW(wide, GENERIC_WRITE | DELETE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                    CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    free(wide);
    free(path);
    errno = EACCES;
    return file != INVALID_HANDLE_VALUE && WriteFile(file, text, (DWORD)len, &written, NULL) &&
           written == len;
}

void place_remove(const struct place *place)
{
    (void)place; /* the handles do it */
}
