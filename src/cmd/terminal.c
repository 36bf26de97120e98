/* Environment and ioctl(2), read when asked; nothing is kept. */
#include "cmd/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/option_table.h"

enum { COLUMNS_MAX = 10000 };

int terminal_columns(int otherwise)
{
    const char *text = getenv("COLUMNS");
    int64_t columns;
    if (text && option_parse_integer(text, &columns) && columns > 0)
        return (int)MIN_OF(columns, (int64_t)COLUMNS_MAX);
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return otherwise;
}

bool terminal_has_colour(int fd, bool is_forced)
{
    if (is_forced)
        return true;
    const char *term = getenv("TERM");
    return isatty(fd) && !(term && strcmp(term, "dumb") == 0) && !getenv("NO_COLOR") &&
           !getenv("ANSI_COLORS_DISABLED");
}

bool terminal_is_utf8(void)
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
