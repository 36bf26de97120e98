/* No thread of Windows can be held so that it cannot even be killed. */
#include "sim/launcher_freezer.h"

#include <stddef.h>

char *freezer_make(const char **ret_why)
{
    *ret_why = "Windows has nothing that freezes a thread";
    return NULL;
}

void freezer_remove(const char *folder)
{
    (void)folder;
}
