/* Programs of Windows lie together in one folder, so a helper is there first. The simulator is in a
 * folder of its own below, for a driver that is found beside the program has to be a real one. */
#include "cmd/locate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"

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
    return wide_module_path(NULL);
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
        is_found = wide_is_file(str_text(&path));
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
