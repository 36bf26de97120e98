/* Names are the process table's own, and so is which of them stay; nothing is said twice. */
#include "cmd/columns.h"

#include <strings.h>

#include "base/str.h"
#include "view/process_columns.h"

bool columns_bit(const char *name, uint32_t *ret_bit)
{
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        if (!process_columns[i].stays && strcasecmp(name, process_column_name(i)) == 0) {
            *ret_bit = 1u << i;
            return true;
        }
    return false;
}

void columns_names(uint32_t bits, const char *between, struct str *out)
{
    bool is_first = true;
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        if (!process_column_is_hidden(bits, i))
            continue;
        if (!is_first)
            str_append(out, between);
        str_append(out, process_column_name(i));
        is_first = false;
    }
}
