/* What is the same on every system of where things are. */
#include "sim/launcher_place.h"

#include "base/str.h"

char *place_file(const struct place *place, const char *name)
{
    struct str path = { 0 };
    str_printf(&path, "%s%s", place->prefix, name);
    return str_take(&path);
}
