/* Shared libraries, opened by name or path at run time. */
#ifndef NVITOP_BASE_DYLIB_H
#define NVITOP_BASE_DYLIB_H

struct dylib;

/* NULL if it cannot be loaded; *ret_reason (may be NULL) is then the loader's own words, valid
 * until the thread's next dylib call. */
struct dylib *dylib_open(const char *name_or_path, const char **ret_reason);

/* Address of an exported symbol, or NULL. Convert to the function pointer with memcpy. */
void *dylib_symbol(struct dylib *lib, const char *name);

/* The file it was loaded from (absolute where the loader tells), for as long as lib is open; NULL
 * if unknown. */
const char *dylib_path(struct dylib *lib, void *symbol);

/* The file that holds what is at this address of the process, from the root on, with slashes and
 * behind all links; malloc'd, NULL if unknown. */
char *dylib_holding(const void *address);

void dylib_close(struct dylib *lib); /* NULL is fine */

#endif
