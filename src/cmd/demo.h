/* --demo: the program once more, on simulated GPUs. */
#ifndef NVITOP_CMD_DEMO_H
#define NVITOP_CMD_DEMO_H

#include <stdbool.h>

struct str;

/*
 * Becomes `nvitop-sim SCENARIO -- OURSELVES ARGUMENTS`, or `nvitop-sim list` for "list"; NULL is
 * the default scenario. Returns only on failure: the exit status, with the error line of `program`
 * in *err.
 */
int demo_become(const char *program, const char *name, char *const argv[], struct str *err);

/* Whether this process was started by demo_become: its --demo is done already. */
bool demo_is_running(void);

/* A library that somebody with fewer rights has named is none of ours; that of a running demo is
 * found again where it belongs. */
void demo_drop_library(void);

#endif
