/* The library has an epoll descriptor for all of its connections, which is waited for with the
 * rest. */
#include "exporter/sockets.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/await.h"
#include "base/mem.h"

const struct sockets_family sockets_families[SOCKETS_FAMILIES] = {
    { AF_INET, offsetof(struct sockaddr_in, sin_addr), SOCKETS_V4_LEN },
    { AF_INET6, offsetof(struct sockaddr_in6, sin6_addr), SOCKETS_V6_LEN },
};

size_t sockets_room(size_t most, size_t part)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return most;
    return (size_t)MIN_OF(limit.rlim_cur / part, (rlim_t)most);
}

enum sockets_coming sockets_accept(int listening_fd, struct MHD_Daemon *daemon)
{
    struct sockaddr_storage address = { 0 };
    socklen_t len = sizeof(address);
    int fd = accept4(listening_fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        MHD_add_connection(daemon, fd, (struct sockaddr *)&address, len);
        return SOCKETS_CAME;
    }
    if (errno == ECONNABORTED || errno == EINTR)
        return SOCKETS_LEFT;
    return errno == EAGAIN ? SOCKETS_NONE : SOCKETS_SHORT;
}

void sockets_shut(int fd)
{
    shutdown(fd, SHUT_RDWR);
}

unsigned sockets_daemon_flags(void)
{
    return MHD_USE_EPOLL;
}

size_t sockets_arm(const struct sockets_wait *wait, struct awaited *ret_things)
{
    int all = MHD_get_daemon_info(wait->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    ret_things[0] = (struct awaited){ .fd = all, .wanted = AWAIT_READ };
    ret_things[1] = (struct awaited){ .fd = wait->listening_fd, .wanted = AWAIT_READ };
    return wait->listening_fd < 0 ? 1 : 2;
}

void sockets_disarm(const struct awaited *things, size_t count)
{
    (void)things;
    (void)count;
}

uint64_t sockets_secret(void)
{
    uint64_t secret = 0;
    if (getrandom(&secret, sizeof(secret), 0) < 0)
        secret = (uint64_t)(uintptr_t)&errno;
    return secret;
}
