/* A variable that is set to nothing is none. */
#include "environment.h"

#include <stdlib.h>

void environment_drop(const char *name)
{
    _putenv_s(name, "");
}

/* No program is started here with more rights and somebody else's environment. */
const char *environment_trusted(const char *name)
{
    return getenv(name);
}
