/* getenv(3) and its kin: what is in there is taken for UTF-8. */
#include "environment.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

const char *environment_get(const char *name)
{
    return getenv(name);
}

const char *environment_trusted(const char *name)
{
    return secure_getenv(name);
}

const char *const *environment_all(void)
{
    return (const char *const *)(uintptr_t)environ;
}

void environment_set(const char *name, const char *value)
{
    setenv(name, value, 1);
}

void environment_drop(const char *name)
{
    unsetenv(name);
}
