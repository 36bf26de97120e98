/* nvitop leaves a variable in our environment, the same that tells its second run what it is. */
#include "sim/launcher_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool launcher_is_demo(void)
{
    return getenv("NVITOP_DEMO_ACTIVE") != NULL;
}

void launcher_error(const char *format, ...)
{
    va_list args;
    fputs(launcher_is_demo() ? "nvitop: error: argument --demo: " : "nvitop-sim: error: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}
