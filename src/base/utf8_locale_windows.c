/* What is written is UTF-8 whatever the language of the system: descriptors_hold says so to the
 * console, and files and pipes take bytes. */
#include "utf8.h"

bool utf8_has_locale(void)
{
    return true;
}
