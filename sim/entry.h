/* The exported functions, declared from the rows of symbols.h. Which names the library
 * shows is in nvidia-ml.map; a DLL shows all of them. */
#ifndef NVITOP_SIM_ENTRY_H
#define NVITOP_SIM_ENTRY_H

#include "sim/symbols.h"

#define SIM_PROTOTYPE(symbol, since, gone, back, arguments) int symbol arguments;
SIM_SYMBOLS(SIM_PROTOTYPE)

const char *nvmlErrorString(int code);

/* Not a driver's: whose process numbers are listed (enum nvml_pid_scope): 0 as a driver's, so
 * the caller has to find out; 1 the caller's, also in a container; 2 those of a namespace that it
 * can't see. */
int nvitopSimulatorPidScope(void);

#endif
