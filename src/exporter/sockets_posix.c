/* The library has an epoll descriptor for all of its connections, which is polled with the rest. */
#include "exporter/sockets.h"

#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/mem.h"

size_t sockets_bytes(const struct sockaddr *address, unsigned char ret_bytes[SOCKETS_V6_LEN])
{
    const void *whole = address;
    if (address && address->sa_family == AF_INET) {
        memcpy(ret_bytes, &((const struct sockaddr_in *)whole)->sin_addr, SOCKETS_V4_LEN);
        return SOCKETS_V4_LEN;
    }
    if (address && address->sa_family == AF_INET6) {
        memcpy(ret_bytes, &((const struct sockaddr_in6 *)whole)->sin6_addr, SOCKETS_V6_LEN);
        return SOCKETS_V6_LEN;
    }
    return 0;
}

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

bool sockets_wait(const struct sockets_wait *wait)
{
    struct pollfd polled[SOCKETS_OTHERS_MAX + 2];
    nfds_t count = 0;
    assert(wait->count <= SOCKETS_OTHERS_MAX);
    for (size_t i = 0; i < wait->count; i++)
        polled[count++] = (struct pollfd){ .fd = wait->fds[i], .events = POLLIN };
    polled[count++] = (struct pollfd){
        .fd = MHD_get_daemon_info(wait->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
        .events = POLLIN,
    };
    if (wait->listening_fd >= 0)
        polled[count++] = (struct pollfd){ .fd = wait->listening_fd, .events = POLLIN };
    if (poll(polled, count, wait->patience_ms) < 0)
        return false;
    bool is_any = false;
    for (size_t i = 0; i < wait->count; i++)
        is_any |= polled[i].revents != 0;
    return is_any;
}

uint64_t sockets_secret(void)
{
    uint64_t secret = 0;
    if (getrandom(&secret, sizeof(secret), 0) < 0)
        secret = (uint64_t)(uintptr_t)&errno;
    return secret;
}
