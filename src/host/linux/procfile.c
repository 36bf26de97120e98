/*
 * The kernel makes the text of such a file while it is read, so a length is known only at its end.
 * Most fit into the buffer on the stack and cost open, read, read, close.
 */
#include "procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

int procfile_read(int dir, const char *path, size_t limit, struct str *ret_text)
{
    char part[8192];
    int error = 0;
    int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return errno;
    str_clear(ret_text);
    str_append(ret_text, "");
    while (ret_text->len < limit) {
        ssize_t got = read(fd, part, MIN_OF(sizeof(part), limit - ret_text->len));
        if (got == 0)
            break;
        if (got > 0)
            str_append_bytes(ret_text, part, (size_t)got);
        else if (errno != EINTR && (error = errno))
            break;
    }
    close(fd);
    return error;
}

int procfile_reread(int fd, char *ret_text, size_t size)
{
    ssize_t got;
    do
        got = pread(fd, ret_text, size - 1, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    ret_text[got] = 0;
    return (int)got;
}
