/* Helpers are looked for relative to the program, so that a moved or unpacked tree works. */
#include "cmd/locate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

/* Relative to the folder of the program: installed, installed by pip, then the build tree. */
static const char *const folders[] = { "../libexec/nvitop", "../share/nvitop/libexec", "../sim",
                                       "../src/cuda" };

char *locate_self(void)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (len <= 0)
        return NULL;
    path[len] = 0;
    return xstrdup(path);
}

char *locate_helper(const char *program)
{
    char *self = locate_self();
    if (!self)
        return NULL;
    *strrchr(self, '/') = 0;
    struct str path = { 0 };
    bool is_found = false;
    for (size_t i = 0; i < ARRAY_LEN(folders) && !is_found; i++) {
        str_clear(&path);
        str_printf(&path, "%s/%s/%s", self, folders[i], program);
        is_found = access(str_text(&path), X_OK) == 0;
    }
    free(self);
    if (is_found)
        return str_take(&path);
    str_done(&path);
    return NULL;
}

char *locate_library(const char *launcher)
{
    (void)launcher;
    return NULL;
}
