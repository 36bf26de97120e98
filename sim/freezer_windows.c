/* Windows has no cgroups, so nothing is frozen. */
#include "sim/freezer.h"

bool freezer_freeze_self(const char *dir)
{
    (void)dir;
    return false;
}
