/* Sockets of all kinds come to one descriptor that listens. */
#include "exporter/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "nvitop/nvitop.h"

/* Descriptors that a supervisor hands over begin here. */
enum { HANDED_FD = 3, BACKLOG = 511 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un path;
};

/* ---- from a supervisor ---- */

static bool is_handed_over(const struct listen_options *options)
{
    return options->handed_pid == getpid() && options->handed_count == 1;
}

/* ---- our own ---- */

static int fail(const struct listen_options *options, const char *why, struct str *err)
{
    if (options->path)
        str_printf(err, "cannot listen on %s: %s", options->path, why);
    else
        str_printf(err, "cannot listen on %s, port %u: %s", options->address,
                   (unsigned)options->port, why);
    return NVITOP_EUNKNOWN;
}

static int bind_to(int family, const struct sockaddr *address, socklen_t len)
{
    int one = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, address, len) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int open_internet(const struct listen_options *options, struct str *err)
{
    char port[8];
    snprintf(port, sizeof(port), "%u", (unsigned)options->port);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *list;
    int error = getaddrinfo(options->address, port, &hints, &list);
    if (error)
        return fail(options, gai_strerror(error), err);
    int fd = -1;
    for (const struct addrinfo *at = list; at && fd < 0; at = at->ai_next)
        fd = bind_to(at->ai_family, at->ai_addr, at->ai_addrlen);
    if (fd < 0)
        fd = fail(options, strerror(errno), err);
    freeaddrinfo(list);
    return fd;
}

/* A socket that nobody listens on any more stays in its folder. */
static void remove_dead(const union address *address)
{
    struct stat info;
    if (lstat(address->path.sun_path, &info) < 0 || !S_ISSOCK(info.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, &address->any, sizeof(address->path)) < 0 && errno == ECONNREFUSED)
        unlink(address->path.sun_path);
    close(fd);
}

static int open_path(const struct listen_options *options, struct str *err)
{
    union address address = { .path = { .sun_family = AF_UNIX } };
    if (strlen(options->path) >= sizeof(address.path.sun_path))
        return fail(options, strerror(ENAMETOOLONG), err);
    strcpy(address.path.sun_path, options->path);
    remove_dead(&address);
    int fd = bind_to(AF_UNIX, &address.any, sizeof(address.path));
    return fd < 0 ? fail(options, strerror(errno), err) : fd;
}

int listen_open(const struct listen_options *options, struct str *err)
{
    if (is_handed_over(options)) {
        fcntl(HANDED_FD, F_SETFL, O_NONBLOCK);
        fcntl(HANDED_FD, F_SETFD, FD_CLOEXEC);
        return HANDED_FD;
    }
    return options->path ? open_path(options, err) : open_internet(options, err);
}

void listen_place(int fd, struct str *out)
{
    union address address = { 0 };
    char text[INET6_ADDRSTRLEN] = "";
    socklen_t len = sizeof(address);
    if (getsockname(fd, &address.any, &len) < 0)
        return;
    switch (address.any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof(text));
        str_printf(out, "%s:%u", text, (unsigned)ntohs(address.v4.sin_port));
        break;
    case AF_INET6:
        inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof(text));
        str_printf(out, "[%s]:%u", text, (unsigned)ntohs(address.v6.sin6_port));
        break;
    case AF_UNIX: str_append(out, address.path.sun_path); break;
    default: break;
    }
}

void listen_forget(const struct listen_options *options)
{
    if (options->path && !is_handed_over(options))
        unlink(options->path);
}
