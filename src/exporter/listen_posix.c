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
enum { HANDED_FD = 3, BACKLOG = 511, UMASK = 0117 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un path;
};

/* ---- from a supervisor ---- */

static int option_of(int fd, int name)
{
    int value = -1;
    socklen_t len = sizeof(value);
    return getsockopt(fd, SOL_SOCKET, name, &value, &len) < 0 ? -1 : value;
}

static int take_handed(const struct listen_options *options, struct str *err)
{
    if (options->handed_count != 1)
        str_printf(err, "LISTEN_FDS is %lld: expected one socket", options->handed_count);
    else if (option_of(HANDED_FD, SO_TYPE) != SOCK_STREAM ||
             option_of(HANDED_FD, SO_ACCEPTCONN) != 1)
        str_printf(err, "LISTEN_FDS: descriptor %d is no stream socket that listens", HANDED_FD);
    else if (fcntl(HANDED_FD, F_SETFL, O_NONBLOCK) == 0 &&
             fcntl(HANDED_FD, F_SETFD, FD_CLOEXEC) == 0)
        return HANDED_FD;
    else
        str_printf(err, "LISTEN_FDS: %s", strerror(errno));
    return NVITOP_EUNKNOWN;
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

/* A socket that nobody listens on any more stays in its folder. One whose queue is full is alive.
 */
static void remove_dead(const union address *address)
{
    struct stat info;
    if (lstat(address->path.sun_path, &info) < 0 || !S_ISSOCK(info.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
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
    mode_t before = umask(UMASK); /* right from the start: who connects once is in */
    int fd = bind_to(AF_UNIX, &address.any, sizeof(address.path));
    int error = errno;
    umask(before);
    return fd < 0 ? fail(options, strerror(error), err) : fd;
}

static int open_one(const struct listen_options *options, struct str *err)
{
    if (options->handed_pid == getpid())
        return take_handed(options, err);
    return options->path ? open_path(options, err) : open_internet(options, err);
}

static void remember(const struct listen_options *options, struct listening *listening)
{
    struct stat info;
    if (options->handed_pid == getpid() || !options->path || lstat(options->path, &info) < 0)
        return;
    listening->path = options->path;
    listening->device = info.st_dev;
    listening->inode = info.st_ino;
}

int listen_open(const struct listen_options *options, struct listening *ret_listening,
                struct str *err)
{
    int fd = open_one(options, err);
    if (fd < 0)
        return fd;
    *ret_listening = (struct listening){ .fd = fd };
    remember(options, ret_listening);
    return NVITOP_OK;
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

/* As long as it is open, no other file has its number. */
void listen_close(const struct listening *listening)
{
    struct stat info;
    if (listening->path && lstat(listening->path, &info) == 0 && info.st_dev == listening->device &&
        info.st_ino == listening->inode)
        unlink(listening->path);
    close(listening->fd);
}
