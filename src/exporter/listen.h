/* The socket that requests come in by. */
#ifndef NVITOP_EXPORTER_LISTEN_H
#define NVITOP_EXPORTER_LISTEN_H

#include <stdint.h>

struct str;

struct listen_options {
    const char *address; /* a host name, or an IPv4 or IPv6 address */
    uint16_t port;       /* 0: any that is free */
    const char *path;    /* of a Unix socket, instead of those two; NULL */
    /* What a supervisor says of sockets that it has opened: for which process, and how many. */
    long long handed_pid, handed_count;
};

/* A socket that listens: the one that a supervisor such as systemd has opened for this process (see
 * sd_listen_fds(3)), else one as the options say. What is left of an earlier process at `path` is
 * replaced. A descriptor, or a negative status with one line in *err that names the place. */
int listen_open(const struct listen_options *options, struct str *err);

/* Where it listens, for people: `127.0.0.1:8000`, `[::1]:8000` or the path. */
void listen_place(int fd, struct str *out);

/* After the descriptor was closed: removes the Unix socket that listen_open made. */
void listen_forget(const struct listen_options *options);

#endif
