/* Columns of the process table as the command line and the configuration name them. */
#ifndef NVITOP_CMD_COLUMNS_H
#define NVITOP_CMD_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

struct str;

/* The bit of the column with that name, in any case; false: there is none, or it stays. */
bool columns_bit(const char *name, uint32_t *ret_bit);

/* The names of these bits, with `between` between them; all that can be hidden: UINT32_MAX. */
void columns_names(uint32_t bits, const char *between, struct str *out);

#endif
