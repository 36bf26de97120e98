/* The socket that requests come in by. */
#ifndef NVITOP_EXPORTER_LISTEN_H
#define NVITOP_EXPORTER_LISTEN_H

#include <stdint.h>
#include <sys/types.h>

struct str;

struct listen_options {
    const char *address; /* a host name, or an IPv4 or IPv6 address */
    uint16_t port;       /* 0: any that is free */
    const char *path;    /* of a Unix socket, instead of those two; NULL */
    /* What a supervisor says of sockets that it has opened: for which process, and how many. */
    long long handed_pid, handed_count;
};

struct listening {
    int fd;
    const char *path; /* of the Unix socket that was made; NULL: none */
    dev_t device;     /* what was made there, whatever is there later */
    ino_t inode;
};

/* A socket that listens: the one that a supervisor such as systemd has opened for this process (see
 * sd_listen_fds(3)), else one as the options say. What is left of an earlier process at `path` is
 * replaced; its user and group may connect (mode 0660). NVITOP_OK, or a negative status with one
 * line in *err that names the place. */
int listen_open(const struct listen_options *options, struct listening *ret_listening,
                struct str *err);

/* Where it listens, for people: `127.0.0.1:8000`, `[::1]:8000` or the path. */
void listen_place(int fd, struct str *out);

/* Removes the Unix socket that listen_open made, and closes. */
void listen_close(const struct listening *listening);

#endif
