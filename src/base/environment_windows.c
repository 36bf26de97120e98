/* A variable that is set to nothing is none. */
#include "environment.h"

#include <stdlib.h>

void environment_drop(const char *name)
{
    _putenv_s(name, "");
}
