/* Environment and the terminal's size, read when asked; nothing is kept. */
#include "cmd/terminal.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/mem.h"
#include "cmd/option_table.h"
#include "cmd/terminal_width.h"

enum { COLUMNS_MAX = 10000 };

int terminal_columns(int otherwise)
{
    const char *text = environment_get("COLUMNS");
    int64_t columns;
    if (text && option_parse_integer(text, &columns) && columns > 0)
        return (int)MIN_OF(columns, (int64_t)COLUMNS_MAX);
    int width = terminal_width();
    return width > 0 ? width : otherwise;
}

bool terminal_has_colour(int fd, bool is_forced)
{
    if (is_forced)
        return true;
    const char *term = environment_get("TERM");
    return isatty(fd) && !(term && strcmp(term, "dumb") == 0) && !environment_get("NO_COLOR") &&
           !environment_get("ANSI_COLORS_DISABLED");
}
