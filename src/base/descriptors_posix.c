/* From below upwards, so that each open takes the number it shall hold. */
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void descriptors_hold(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", O_RDONLY); /* takes the lowest free number, which is this one */
}

void descriptors_put_back(void)
{
    /* a terminal has nothing of the kind */
}

int descriptors_write(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        text += put;
        len -= (size_t)put;
    }
    return 0;
}

/* SIGPIPE has ended whoever would ask, but those who want to hear of it. */
bool descriptors_have_no_reader(void)
{
    return false;
}

int descriptors_hide_stdout(void)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (out < 0 || null < 0 || dup2(null, STDOUT_FILENO) < 0)
        return -1;
    close(null);
    return out;
}
