/* Titles are the process table's own; nothing is named twice. */
#include "cmd/columns.h"

#include <strings.h>

#include "base/str.h"
#include "view/process_columns.h"

/* Without these a row would say nothing. */
static const uint32_t always = 1u << COLUMN_GPU | 1u << COLUMN_PID | 1u << COLUMN_COMMAND;

static const char *name_of(unsigned column)
{
    const char *title = process_columns[column].title;
    return *title ? title : "TYPE";
}

bool columns_bit(const char *name, uint32_t *ret_bit)
{
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        if (!(always >> i & 1) && strcasecmp(name, name_of(i)) == 0) {
            *ret_bit = 1u << i;
            return true;
        }
    return false;
}

void columns_names(uint32_t bits, const char *between, struct str *out)
{
    bool is_first = true;
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        if (!(bits >> i & 1) || always >> i & 1)
            continue;
        if (!is_first)
            str_append(out, between);
        str_append(out, name_of(i));
        is_first = false;
    }
}
