/* The library is in lib, in a folder of lib for this kind of machine, or on Windows in bin; linked
 * into a program, it is where that is. */
#include "api/helper.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/dylib.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"

static const char *const folders[] = { "../libexec/nvitop", "../../libexec/nvitop" };

static char *find_below(const char *library)
{
    struct str path = { 0 };
    size_t folder_len = strlen(library) - strlen(strrchr(library, '/'));
    bool is_found = false;
    for (size_t i = 0; i < ARRAY_LEN(folders) && !is_found; i++) {
        str_clear(&path);
        str_printf(&path, "%.*s/%s%s", (int)folder_len, library, folders[i],
                   strrchr(NVITOP_CUDA_HELPER, '/'));
        is_found = spawn_is_there(str_text(&path));
    }
    if (is_found)
        return str_take(&path);
    str_done(&path);
    return NULL;
}

char *helper_find(void)
{
    char *library = dylib_holding(folders), *found = library ? find_below(library) : NULL;
    free(library);
    return found ? found : xstrdup(NVITOP_CUDA_HELPER);
}
