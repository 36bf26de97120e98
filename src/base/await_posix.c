/* poll(2), whose interruptions are those times when nothing is seen. */
#include "await.h"

#include <poll.h>
#include <stdbool.h>
#include <string.h>

#include "mem.h"

enum { THINGS_MAX = 8 };

static unsigned seen(short revents)
{
    return (revents & POLLIN ? AWAIT_READ : 0U) | (revents & POLLOUT ? AWAIT_WRITE : 0U) |
           (revents & (POLLERR | POLLHUP | POLLNVAL) ? AWAIT_BROKEN : 0U);
}

void await(struct awaited *things, size_t count, int timeout_ms)
{
    struct pollfd fds[THINGS_MAX];
    size_t polled = MIN_OF(count, (size_t)THINGS_MAX);
    for (size_t i = 0; i < polled; i++)
        fds[i] =
            (struct pollfd){ .fd = things[i].fd,
                             .events = (short)((things[i].wanted & AWAIT_READ ? POLLIN : 0) |
                                               (things[i].wanted & AWAIT_WRITE ? POLLOUT : 0)) };
    bool is_any = poll(fds, (nfds_t)polled, timeout_ms) > 0;
    for (size_t i = 0; i < polled; i++)
        things[i].seen = is_any ? seen(fds[i].revents) : 0;
}
