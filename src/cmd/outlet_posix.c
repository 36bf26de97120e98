/*
 * Stdout is shared with others, a shell above all, so it is never made non-blocking: a pipe or a
 * terminal is opened anew through /proc, with an open file description of our own. Where that can't
 * be done (a socket, a pipe of another user), and for files, which never make anyone wait, bytes go
 * to stdout itself, after a poll has said that there is room, and no more than a pipe is sure to
 * have room for then.
 */
#include "cmd/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/await.h"
#include "base/clock.h"
#include "base/mem.h"

enum { CHUNK = 65536 };

/* What can't be written to, as the stand-in for a closed stdout, is not opened for it. */
static int open_anew(void)
{
    struct stat what;
    if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
        return -1;
    if (fstat(STDOUT_FILENO, &what) != 0 || !(S_ISFIFO(what.st_mode) || S_ISCHR(what.st_mode)))
        return -1;
    return open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void outlet_open(struct outlet *outlet)
{
    int fd = open_anew();
    signal(SIGPIPE, SIG_IGN);
    *outlet = (struct outlet){ .fd = fd < 0 ? STDOUT_FILENO : fd,
                               .is_own = fd >= 0,
                               .chunk = fd < 0 ? PIPE_BUF : CHUNK };
}

void outlet_close(struct outlet *outlet)
{
    if (outlet->is_own)
        close(outlet->fd);
    str_done(&outlet->pending);
}

static bool has_pending(const struct outlet *outlet)
{
    return outlet->taken < outlet->pending.len;
}

unsigned outlet_wants(const struct outlet *outlet, bool is_waiting)
{
    return is_waiting || has_pending(outlet) ? AWAIT_WRITE : 0U;
}

static enum outlet_state state_of_error(void)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return OUTLET_BUSY;
    return errno == EPIPE ? OUTLET_GONE : OUTLET_ERROR;
}

enum outlet_state outlet_go_on(struct outlet *outlet, unsigned seen)
{
    if (seen & AWAIT_BROKEN)
        return OUTLET_GONE;
    if (!has_pending(outlet))
        return OUTLET_READY;
    if (!(seen & AWAIT_WRITE))
        return OUTLET_BUSY;
    size_t len = MIN_OF(outlet->pending.len - outlet->taken, outlet->chunk);
    ssize_t put = write(outlet->fd, outlet->pending.data + outlet->taken, len);
    if (put < 0)
        return state_of_error();
    outlet->taken += (size_t)put;
    return has_pending(outlet) ? OUTLET_BUSY : OUTLET_READY;
}

void outlet_put(struct outlet *outlet, struct str *lines)
{
    str_done(&outlet->pending);
    outlet->pending = *lines;
    outlet->taken = 0;
    *lines = (struct str){ 0 };
}

void outlet_finish(struct outlet *outlet, uint64_t deadline_ns)
{
    uint64_t now;
    while (has_pending(outlet) && (now = clock_mono_ns()) < deadline_ns) {
        struct awaited room = { .fd = outlet->fd, .wanted = AWAIT_WRITE };
        await(&room, 1, (int)((deadline_ns - now) / CLOCK_NS_PER_MS) + 1);
        enum outlet_state state = outlet_go_on(outlet, room.seen);
        if (state == OUTLET_GONE || state == OUTLET_ERROR)
            return;
    }
}
