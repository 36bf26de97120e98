/* A thread that nobody joins. Two files implement it, thread_posix.c and thread_windows.c. */
#ifndef NVITOP_CORE_THREAD_H
#define NVITOP_CORE_THREAD_H

#include <stdbool.h>

/* Runs run(arg) on it, with all signals blocked. False if the system gives none. */
bool thread_start(void *(*run)(void *arg), void *arg);

#endif
