/* Which driver had which entry point. */
#include "symbols.h"

#include <stdio.h>
#include <string.h>

#include "sim/fault.h"

#define SYMBOL_ROW(symbol, since, gone, back, arguments)                                           \
    [SYM_##symbol] = { #symbol, since, gone, back },
const struct symbol symbols[SYM_COUNT] = { SIM_SYMBOLS(SYMBOL_ROW) };

bool symbol_exists(enum symbol_id id, uint32_t version)
{
    const struct symbol *symbol = &symbols[id];
    bool is_in_hole = symbol->gone && version >= symbol->gone && version < symbol->back;
    return version >= symbol->since && !is_in_hole;
}

bool symbol_pattern_is_known(const char *pattern)
{
    for (int id = 0; id < SYM_COUNT; id++) {
        if (fault_pattern_matches(pattern, symbols[id].name))
            return true;
    }
    return false;
}

uint32_t symbol_version(const char *text)
{
    unsigned branch, minor = 999;
    char rest;
    int read = sscanf(text, "%4u.%4u%c", &branch, &minor, &rest);
    bool is_whole =
        read == 2 || (read == 3 && rest == '.') || (read == 1 && !text[strspn(text, "0123456789")]);
    return is_whole && branch && minor <= 999 ? branch * 1000 + minor : 0;
}
