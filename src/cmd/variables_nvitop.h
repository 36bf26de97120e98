/* The environment variables of nvitop. */
#ifndef NVITOP_CMD_VARIABLES_NVITOP_H
#define NVITOP_CMD_VARIABLES_NVITOP_H

#include "cmd/option_table.h"

enum { VARIABLES_NVITOP_COUNT = 20 };

extern const struct option_variable variables_nvitop[VARIABLES_NVITOP_COUNT];

#endif
