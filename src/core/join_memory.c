/* What is remembered: nothing yet. */
#include "core/join_memory.h"

#include <stdlib.h>

#include "base/mem.h"

struct join_memory {
    void (*notify)(void *arg);
    void *arg;
};

struct join_memory *join_memory_new(const char *procfs, void (*notify)(void *arg), void *arg)
{
    (void)procfs;
    struct join_memory *memory = xcalloc(1, sizeof(*memory));
    *memory = (struct join_memory){ notify, arg };
    return memory;
}

bool join_memory_free(struct join_memory *memory)
{
    free(memory);
    return true;
}
