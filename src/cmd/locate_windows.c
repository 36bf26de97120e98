/* Programs of Windows lie together in one folder, so a helper is there first. The simulator is in a
 * folder of its own below, for a driver that is found beside the program has to be a real one. */
#include "cmd/locate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"

enum { PATH_SIZE = 32768 };

/* Relative to the folder of the program: an archive, a prefix, installed by pip for all or for one
 * user, then the build tree. */
static const char *const folders[] = { ".",
                                       "sim",
                                       "..\\libexec\\nvitop",
                                       "..\\share\\nvitop\\libexec",
                                       "..\\..\\share\\nvitop\\libexec",
                                       "..\\sim",
                                       "..\\src\\cuda" };

char *locate_self(void)
{
    wchar_t *wide = xcalloc(PATH_SIZE, sizeof(*wide));
    DWORD len = GetModuleFileNameW(NULL, wide, PATH_SIZE - 1);
    char *path = len ? wide_to(wide, len) : NULL;
    free(wide);
    return path;
}

static bool is_there(const char *path)
{
    wchar_t *wide = wide_from(path);
    DWORD attributes = GetFileAttributesW(wide);
    free(wide);
    return attributes != INVALID_FILE_ATTRIBUTES;
}

char *locate_helper(const char *program)
{
    char *self = locate_self();
    char *end = self ? strrchr(self, '\\') : NULL;
    struct str path = { 0 };
    bool is_found = false;
    for (size_t i = 0; end && i < ARRAY_LEN(folders) && !is_found; i++) {
        str_clear(&path);
        str_printf(&path, "%.*s\\%s\\%s.exe", (int)(end - self), self, folders[i], program);
        is_found = is_there(str_text(&path));
    }
    free(self);
    if (is_found)
        return str_take(&path);
    str_done(&path);
    return NULL;
}

char *locate_library(const char *launcher)
{
    struct str path = { 0 };
    str_printf(&path, "%.*s\\nvml.dll", (int)(strrchr(launcher, '\\') - launcher), launcher);
    return str_take(&path);
}
