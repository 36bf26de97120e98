/*
 * Allocation that cannot fail. A program that shows processes has nothing sensible left to do
 * without memory, so it stops at once; overflow of count * size counts as no memory.
 */
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *block)
{
    if (!block)
        abort();
    return block;
}

void *xmalloc(size_t size)
{
    return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *block, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        abort();
    return checked(realloc(block, count && size ? count * size : 1));
}

char *xstrdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(xmalloc(size), text, size);
}

/* The compiler must believe that somebody looks at it. */
void mem_wipe(void *block, size_t size)
{
    if (size)
        memset(block, 0, size);
    __asm__ volatile("" : : "r"(block) : "memory");
}
