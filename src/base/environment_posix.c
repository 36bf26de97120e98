/* unsetenv(3). */
#include "environment.h"

#include <stdlib.h>

void environment_drop(const char *name)
{
    unsetenv(name);
}
