/* From below upwards, so that each open takes the number it shall hold. */
#include "descriptors.h"

#include <fcntl.h>
#include <unistd.h>

void descriptors_hold(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", O_RDONLY); /* takes the lowest free number, which is this one */
}
