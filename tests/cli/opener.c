/* A driver's library that opens a file for reading and writing as soon as it is loaded, as drivers
 * open their devices: it must not be given a standard descriptor's number. */
#include <fcntl.h>
#include <stdlib.h>

int nvmlInit_v2(void);
int (*const opener_needs)(void) = nvmlInit_v2; /* so that the simulator is loaded, too */

static __attribute__((constructor)) void open_file(void)
{
    const char *path = getenv("OPENER_FILE");
    if (path)
        open(path, O_RDWR);
}
