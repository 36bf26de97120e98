/*
 * What differs from system to system of sockets that are there already. A descriptor is the
 * system's: on Windows, a handle's value. sockets.c has what is the same everywhere, and stands on
 * two files, sockets_posix.c and sockets_windows.c, of which one is built.
 */
#ifndef NVITOP_EXPORTER_SOCKETS_H
#define NVITOP_EXPORTER_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct MHD_Daemon;
struct awaited;
struct sockaddr;

enum { SOCKETS_V4_LEN = 4, SOCKETS_V6_LEN = 16 };

/* The bytes of an address, and how many they are: 4, 16, or 0 for one that is neither. NULL is one
 * of those. */
size_t sockets_bytes(const struct sockaddr *address, unsigned char ret_bytes[SOCKETS_V6_LEN]);

/* How many connections may be open at once, `most` at most: of the descriptors that this process
 * may have, one in `part`. */
size_t sockets_room(size_t most, size_t part);

/* Hands the next connection that waits at this socket to the daemon. SOCKETS_NONE: none does. */
enum sockets_coming {
    SOCKETS_CAME,
    SOCKETS_LEFT, /* it went away again */
    SOCKETS_NONE,
    SOCKETS_SHORT, /* the system has no room for it now */
};
enum sockets_coming sockets_accept(int listening_fd, struct MHD_Daemon *daemon);

/* Both directions, at once; whoever reads it sees the end. */
void sockets_shut(int fd);

/* What MHD_start_daemon is to be told of how its sockets are waited for. */
unsigned sockets_daemon_flags(void);

struct sockets_wait {
    struct MHD_Daemon *daemon;
    int listening_fd; /* -1: not now */
    const int *fds;   /* of others, to be readable */
    size_t count;     /* SOCKETS_OTHERS_MAX at most */
    int patience_ms;
};

/* Waits until the daemon has something to do, a connection comes, or one of the others is readable
 * (then true), or the time is over. */
enum { SOCKETS_OTHERS_MAX = 2 };
bool sockets_wait(const struct sockets_wait *wait);

/* A number that nobody outside can guess. */
uint64_t sockets_secret(void);

/* ---- for sockets.c ---- */

/* Where in an address of that family its bytes are. */
struct sockets_family {
    int number;
    size_t offset, len;
};
enum { SOCKETS_FAMILIES = 2 };
extern const struct sockets_family sockets_families[SOCKETS_FAMILIES];

/* What is to be waited for so that the daemon has something to do or a connection comes; how many
 * they are; 0: the system has nothing left to wait with. To be disarmed again. */
enum { SOCKETS_ARMED_MAX = 2 };
size_t sockets_arm(const struct sockets_wait *wait, struct awaited *ret_things);
void sockets_disarm(const struct awaited *things, size_t count);

#endif
