/*
 * All sockets that are waited for ring one event, so that it can be waited for together with what
 * is no socket. Which of them rang does not matter: the library looks at each. Saying again what a
 * socket is to ring for rings at once if there is something, so nothing is missed in between.
 */
#include "exporter/sockets.h"

#include <microhttpd.h> /* its winsock2.h must come before windows.h */
#include <stddef.h>
#include <ws2tcpip.h>

#include <bcrypt.h>

#include "base/await.h"
#include "base/clock.h"
#include "base/mem.h"

const struct sockets_family sockets_families[SOCKETS_FAMILIES] = {
    { AF_INET, offsetof(struct sockaddr_in, sin_addr), SOCKETS_V4_LEN },
    { AF_INET6, offsetof(struct sockaddr_in6, sin6_addr), SOCKETS_V6_LEN },
};

/* Handles are not counted here; a set of sockets has room for more than anybody asks for. */
size_t sockets_room(size_t most, size_t part)
{
    return MIN_OF(most, (size_t)FD_SETSIZE / part);
}

enum sockets_coming sockets_accept(int listening_fd, struct MHD_Daemon *daemon)
{
    struct sockaddr_storage address = { 0 };
    int len = sizeof(address);
    SOCKET fd = accept((SOCKET)listening_fd, (struct sockaddr *)&address, &len);
    if (fd != INVALID_SOCKET) {
        u_long is_nonblocking = 1;
        WSAEventSelect(fd, NULL, 0); /* it came with what the listening one rings for */
        ioctlsocket(fd, (long)FIONBIO, &is_nonblocking);
        SetHandleInformation((HANDLE)fd, HANDLE_FLAG_INHERIT, 0);
        MHD_add_connection(daemon, fd, (struct sockaddr *)&address, len);
        return SOCKETS_CAME;
    }
    int error = WSAGetLastError();
    if (error == WSAECONNRESET || error == WSAEINTR)
        return SOCKETS_LEFT;
    return error == WSAEWOULDBLOCK ? SOCKETS_NONE : SOCKETS_SHORT;
}

void sockets_shut(int fd)
{
    shutdown((SOCKET)fd, SD_BOTH);
}

unsigned sockets_daemon_flags(void)
{
    return MHD_NO_FLAG;
}

static void let_ring(const struct sockets_wait *wait, WSAEVENT bell)
{
    fd_set readable, writable, broken;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&broken);
    MHD_get_fdset(wait->daemon, &readable, &writable, &broken, NULL);
    for (u_int i = 0; i < readable.fd_count; i++) {
        SOCKET fd = readable.fd_array[i];
        WSAEventSelect(fd, bell,
                       FD_READ | FD_CLOSE | (FD_ISSET(fd, &writable) ? (long)FD_WRITE : 0L));
    }
    for (u_int i = 0; i < writable.fd_count; i++)
        if (!FD_ISSET(writable.fd_array[i], &readable))
            WSAEventSelect(writable.fd_array[i], bell, FD_WRITE | FD_CLOSE);
    if (wait->listening_fd >= 0)
        WSAEventSelect((SOCKET)wait->listening_fd, bell, FD_ACCEPT);
}

size_t sockets_arm(const struct sockets_wait *wait, struct awaited *ret_things)
{
    WSAEVENT bell = WSACreateEvent();
    if (bell == WSA_INVALID_EVENT)
        return 0;
    let_ring(wait, bell);
    *ret_things = (struct awaited){ .fd = (int)(intptr_t)bell, .wanted = AWAIT_READ };
    return 1;
}

void sockets_disarm(const struct awaited *things, size_t count)
{
    if (count)
        WSACloseEvent((WSAEVENT)(intptr_t)things->fd);
}

uint64_t sockets_secret(void)
{
    uint64_t secret = 0;
    if (BCryptGenRandom(NULL, (PUCHAR)&secret, sizeof(secret), BCRYPT_USE_SYSTEM_PREFERRED_RNG) < 0)
        secret = (uint64_t)(uintptr_t)&secret ^ clock_mono_ns();
    return secret;
}
