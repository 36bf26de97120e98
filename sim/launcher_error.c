/* A program that follows its --demo leaves its name in our environment, in the variable that tells
 * its second run what it is. */
#include "sim/launcher_error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/environment.h"

bool launcher_is_demo(void)
{
    return environment_get("NVITOP_DEMO_ACTIVE") != NULL;
}

void launcher_error(const char *format, ...)
{
    va_list args;
    const char *program = environment_get("NVITOP_DEMO_ACTIVE");
    if (program)
        fprintf(stderr, "%s: error: argument --demo: ", program);
    else
        fputs("nvitop-sim: error: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}
