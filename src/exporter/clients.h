/*
 * Who is connected, and who has to go. There is room for so many, and nobody can take it all: when
 * it is full, the peer with the most connections loses the one of its that has waited longest. So
 * a newcomer gets in always, whoever holds however many, and one that asks at once is answered.
 * How long a connection may take for each step is counted from the step's begin, not from the last
 * byte: dripping does not help.
 */
#ifndef NVITOP_EXPORTER_CLIENTS_H
#define NVITOP_EXPORTER_CLIENTS_H

#include <stddef.h>
#include <stdint.h>

struct client; /* a connection */
struct clients;
struct sockaddr;

enum client_step {
    CLIENT_ASKS,    /* handshake and head of the first request */
    CLIENT_LISTENS, /* a request's body and its answer */
    CLIENT_RESTS,   /* until the head of the next request is there */
    CLIENT_STEP_COUNT,
};

struct clients_limits {
    size_t count; /* connections */
    size_t bytes; /* of answers that are not read yet */
    uint64_t step_ns[CLIENT_STEP_COUNT];
};

struct clients *clients_new(const struct clients_limits *limits);
void clients_free(struct clients *clients); /* when all have left; NULL is fine */

/* One more, if need be in place of another. Those of one IPv4 address, of one IPv6 network (/64)
 * or of a Unix socket are one peer. `fd` must stay open until clients_leave. */
struct client *clients_enter(struct clients *clients, int fd, const struct sockaddr *address,
                             uint64_t now_ns);
void clients_leave(struct clients *clients, struct client *client);

void clients_step(struct clients *clients, struct client *client, enum client_step step,
                  uint64_t now_ns);
/* So many bytes wait for this one, until its next step. */
void clients_owe(struct clients *clients, struct client *client, size_t bytes);

/* The same number for all of a peer, and hardly the same for two; nobody outside can tell which. */
uint64_t clients_peer(const struct clients *clients, const struct client *client);

/* Shuts the sockets of those who are late; whoever polls them sees their end, and lets them leave.
 * When the next one will be late; UINT64_MAX: nobody. */
uint64_t clients_sweep(struct clients *clients, uint64_t now_ns);

#endif
