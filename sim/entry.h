/* The exported functions, declared from the rows of symbols.h. */
#ifndef NVITOP_SIM_ENTRY_H
#define NVITOP_SIM_ENTRY_H

#include "sim/symbols.h"

#define SIM_API __attribute__((visibility("default")))

#define SIM_PROTOTYPE(symbol, since, gone, back, arguments) SIM_API int symbol arguments;
SIM_SYMBOLS(SIM_PROTOTYPE)

SIM_API const char *nvmlErrorString(int code);

/* Not a driver's: whose process numbers are listed (enum nvml_pid_scope): 0 as a driver's, so
 * the caller has to find out; 1 the caller's, also in a container; 2 those of a namespace that it
 * can't see. */
SIM_API int nvitopSimulatorPidScope(void);

#endif
