/* Allocation that cannot fail (out of memory ends the program) and the usual small macros.
 * Sizes that came from the driver or a file are bounded by the caller first. */
#ifndef NVITOP_BASE_MEM_H
#define NVITOP_BASE_MEM_H

#include <stddef.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size); /* zeroed */
void *xreallocarray(void *block, size_t count, size_t size);
char *xstrdup(const char *text);

/* Zeroes what nobody may find later, though nothing reads it any more. NULL of no size is fine. */
void mem_wipe(void *block, size_t size);

#endif
