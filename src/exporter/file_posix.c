/* Opened without waiting: a pipe that nobody writes into would hold up the start, and the server.
 */
#include "exporter/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { BYTES_MAX = 1024 * 1024, PIECE_BYTES = 4096, PATIENCE_MS = 1000 };

static bool fail(const char *path, const char *why, struct str *err)
{
    str_printf(err, "%s: %s", path, why);
    return false;
}

/* NULL: there is nothing more. */
static const char *read_all(int fd, struct str *out)
{
    char piece[PIECE_BYTES];
    size_t begin = out->len;
    for (;;) {
        struct pollfd readable = { .fd = fd, .events = POLLIN };
        if (poll(&readable, 1, PATIENCE_MS) == 0)
            return "nobody writes into it";
        ssize_t count = read(fd, piece, sizeof(piece));
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return strerror(errno);
        if (count == 0)
            return NULL;
        if (count > 0)
            str_append_bytes(out, piece, (size_t)count);
        mem_wipe(piece, sizeof(piece));
        if (out->len - begin > BYTES_MAX)
            return "longer than 1 MiB";
    }
}

bool file_read(const char *path, struct str *out, struct str *err)
{
    struct stat about;
    size_t begin = out->len;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fail(path, strerror(errno), err);
    const char *why = fstat(fd, &about) < 0 ? strerror(errno) : read_all(fd, out);
    if (!why && out->len == begin && S_ISFIFO(about.st_mode))
        why = "nothing is in it";
    close(fd);
    return !why || fail(path, why, err);
}

void file_forget(struct str *text)
{
    if (text->data)
        mem_wipe(text->data, text->len);
    str_done(text);
}
