/* The codeset of the locales that may be there; the process's own locale stays as it is. */
#include "utf8.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "mem.h"

bool utf8_has_locale(void)
{
    static const char *const names[] = { "C.UTF-8", "en_US.UTF-8", "" };
    bool is_utf8 = false;
    for (size_t i = 0; i < ARRAY_LEN(names) && !is_utf8; i++) {
        locale_t locale = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
        if (!locale)
            continue;
        is_utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
        freelocale(locale);
    }
    return is_utf8;
}
