/*
 * A socket of an address and a port. No other program can take its place while it is open: Windows
 * would let one. Unix sockets and supervisors that hand sockets over are other systems'.
 */
#include "exporter/listen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <wchar.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"
#include "nvitop/nvitop.h"

enum { BACKLOG = 511, PLACE_SIZE = 64 };

static int fail(const struct listen_options *options, int error, struct str *err)
{
    str_printf(err, "cannot listen on %s, port %u: ", options->address, (unsigned)options->port);
    switch (error) {
    case WSAEADDRINUSE:
    case WSAEACCES: str_append(err, "another program has it"); break;
    case WSAEADDRNOTAVAIL: str_append(err, "not an address of this machine"); break;
    case WSAHOST_NOT_FOUND: str_append(err, "no such address or host"); break;
    default: str_printf(err, "Windows error %d", error); break;
    }
    return NVITOP_EUNKNOWN;
}

/* Why a socket cannot be had in another way; false: nobody wants one. */
static bool is_foreign(const struct listen_options *options, struct str *err)
{
    if (options->path)
        str_printf(err,
                   "cannot listen on %s: expected an address and a port, Windows has no Unix "
                   "sockets here",
                   options->path);
    else if (options->handed_pid)
        str_append(err, "LISTEN_PID is set: expected none, nobody hands sockets over on Windows");
    return err->len;
}

static SOCKET bind_to(const ADDRINFOW *address)
{
    BOOL yes = TRUE;
    u_long is_nonblocking = 1;
    SOCKET fd = WSASocketW(address->ai_family, SOCK_STREAM, 0, NULL, 0,
                           WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (fd == INVALID_SOCKET)
        return fd;
    setsockopt(fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&yes, sizeof(yes));
    if (bind(fd, address->ai_addr, (int)address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0 &&
        ioctlsocket(fd, (long)FIONBIO, &is_nonblocking) == 0)
        return fd;
    int error = WSAGetLastError();
    closesocket(fd);
    WSASetLastError(error);
    return INVALID_SOCKET;
}

static int open_internet(const struct listen_options *options, struct str *err)
{
    wchar_t port[8], *address = wide_from(options->address);
    swprintf(port, ARRAY_LEN(port), L"%u", (unsigned)options->port);
    ADDRINFOW hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *list;
    int error = GetAddrInfoW(address, port, &hints, &list);
    free(address);
    if (error)
        return fail(options, error, err);
    SOCKET fd = INVALID_SOCKET;
    for (const ADDRINFOW *at = list; at && fd == INVALID_SOCKET; at = at->ai_next)
        fd = bind_to(at);
    error = WSAGetLastError();
    FreeAddrInfoW(list);
    return fd == INVALID_SOCKET ? fail(options, error, err) : (int)fd;
}

int listen_open(const struct listen_options *options, struct listening *ret_listening,
                struct str *err)
{
    WSADATA about;
    if (is_foreign(options, err))
        return NVITOP_ENOTSUP;
    int error = WSAStartup(MAKEWORD(2, 2), &about);
    if (error)
        return fail(options, error, err);
    int fd = open_internet(options, err);
    if (fd < 0) {
        WSACleanup();
        return fd;
    }
    *ret_listening = (struct listening){ .fd = fd };
    return NVITOP_OK;
}

void listen_place(int fd, struct str *out)
{
    struct sockaddr_storage address = { 0 };
    char text[PLACE_SIZE] = "", port[8] = "";
    int len = sizeof(address);
    if (getsockname((SOCKET)fd, (struct sockaddr *)&address, &len) != 0 ||
        getnameinfo((const struct sockaddr *)&address, len, text, sizeof(text), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    str_printf(out, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", text, port);
}

void listen_close(const struct listening *listening)
{
    closesocket((SOCKET)listening->fd);
    WSACleanup();
}
