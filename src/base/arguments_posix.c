/* They are what main got. */
#include "arguments.h"

char **arguments_take(int *argc, char *argv[])
{
    (void)argc;
    return argv;
}
