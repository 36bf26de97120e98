/* dlopen(3). A struct dylib is the loader's own handle, seen through an incomplete type. */
#include "dylib.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct dylib *dylib_open(const char *name_or_path, const char **ret_reason)
{
    void *handle = dlopen(name_or_path, RTLD_NOW | RTLD_LOCAL);
    if (!handle && ret_reason)
        *ret_reason = dlerror();
    return handle;
}

void *dylib_symbol(struct dylib *lib, const char *name)
{
    return dlsym(lib, name);
}

const char *dylib_path(struct dylib *lib, void *symbol)
{
    Dl_info info;
    (void)lib;
    return symbol && dladdr(symbol, &info) ? info.dli_fname : NULL;
}

char *dylib_holding(const void *address)
{
    Dl_info info;
    bool is_told = dladdr(address, &info) && info.dli_fname && *info.dli_fname == '/';
    return is_told ? realpath(info.dli_fname, NULL) : NULL;
}

void dylib_close(struct dylib *lib)
{
    if (lib)
        dlclose(lib);
}
