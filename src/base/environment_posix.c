/* unsetenv(3), secure_getenv(3). */
#include "environment.h"

#include <stdlib.h>

void environment_drop(const char *name)
{
    unsetenv(name);
}

const char *environment_trusted(const char *name)
{
    return secure_getenv(name);
}
