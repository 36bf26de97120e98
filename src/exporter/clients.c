/* One array of all; a peer is counted with its connections. */
#include "exporter/clients.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "exporter/sockets.h"

enum { KEY_LEN = SOCKETS_V6_LEN, NETWORK_LEN = 8 };

struct peer {
    unsigned char key[KEY_LEN];
    size_t references;
    size_t staying; /* of them, those that were not shut */
};

struct client {
    int fd;
    struct peer *peer;
    enum client_step step;
    uint64_t since_ns;
    size_t bytes;
    bool is_shut;
};

struct clients {
    struct clients_limits limits;
    struct client **all;
    size_t count, cap, staying, bytes;
    uint64_t seed;
};

struct clients *clients_new(const struct clients_limits *limits)
{
    struct clients *clients = xcalloc(1, sizeof(*clients));
    clients->limits = *limits;
    clients->seed = sockets_secret();
    return clients;
}

void clients_free(struct clients *clients)
{
    if (!clients)
        return;
    while (clients->count)
        clients_leave(clients, clients->all[clients->count - 1]);
    free(clients->all);
    free(clients);
}

/* ---- peers ---- */

static void make_key(const struct sockaddr *address, unsigned char key[KEY_LEN])
{
    static const unsigned char mapped[] = { [10] = 0xff, [11] = 0xff };
    unsigned char bytes[SOCKETS_V6_LEN];
    size_t len = sockets_bytes(address, bytes);
    memset(key, 0, KEY_LEN);
    if (len == SOCKETS_V4_LEN) {
        memcpy(key, mapped, sizeof(mapped));
        memcpy(key + sizeof(mapped), bytes, len);
    } else if (len == SOCKETS_V6_LEN) {
        bool is_v4 = memcmp(bytes, mapped, sizeof(mapped)) == 0;
        memcpy(key, bytes, is_v4 ? KEY_LEN : NETWORK_LEN);
    }
}

static struct peer *peer_ref(struct clients *clients, const struct sockaddr *address)
{
    unsigned char key[KEY_LEN];
    struct peer *peer = NULL;
    make_key(address, key);
    for (size_t i = 0; i < clients->count && !peer; i++)
        if (memcmp(clients->all[i]->peer->key, key, KEY_LEN) == 0)
            peer = clients->all[i]->peer;
    if (!peer) {
        peer = xcalloc(1, sizeof(*peer));
        memcpy(peer->key, key, KEY_LEN);
    }
    peer->references++;
    return peer;
}

static void peer_unref(struct peer *peer)
{
    if (--peer->references == 0)
        free(peer);
}

/* FNV-1a, from a seed. */
uint64_t clients_peer(const struct clients *clients, const struct client *client)
{
    uint64_t number = clients->seed;
    for (size_t i = 0; i < KEY_LEN; i++)
        number = (number ^ client->peer->key[i]) * UINT64_C(0x100000001b3);
    return number ^ number >> 32;
}

/* ---- who goes ---- */

static void forget_bytes(struct clients *clients, struct client *client)
{
    clients->bytes -= client->bytes;
    client->bytes = 0;
}

static void shut(struct clients *clients, struct client *client)
{
    if (client->is_shut)
        return;
    client->is_shut = true;
    client->peer->staying--;
    clients->staying--;
    forget_bytes(clients, client);
    sockets_shut(client->fd);
}

static bool goes_before(const struct client *a, const struct client *b)
{
    if (a->peer->staying != b->peer->staying)
        return a->peer->staying > b->peer->staying;
    return a->since_ns < b->since_ns;
}

static void shut_one(struct clients *clients, bool is_owed)
{
    struct client *found = NULL;
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = clients->all[i];
        if (!client->is_shut && (client->bytes || !is_owed) &&
            (!found || goes_before(client, found)))
            found = client;
    }
    if (found)
        shut(clients, found);
}

/* ---- coming and going ---- */

struct client *clients_enter(struct clients *clients, int fd, const struct sockaddr *address,
                             uint64_t now_ns)
{
    if (clients->count == clients->cap) {
        clients->cap = MAX_OF(clients->cap * 2, (size_t)16);
        clients->all = xreallocarray(clients->all, clients->cap, sizeof(struct client *));
    }
    struct client *client = xcalloc(1, sizeof(*client));
    *client = (struct client){ .fd = fd, .peer = peer_ref(clients, address), .since_ns = now_ns };
    clients->all[clients->count++] = client;
    client->peer->staying++;
    if (++clients->staying > clients->limits.count)
        shut_one(clients, false);
    return client;
}

void clients_leave(struct clients *clients, struct client *client)
{
    size_t at = 0;
    while (clients->all[at] != client)
        at++;
    clients->all[at] = clients->all[--clients->count];
    if (!client->is_shut) {
        client->peer->staying--;
        clients->staying--;
        forget_bytes(clients, client);
    }
    peer_unref(client->peer);
    free(client);
}

void clients_step(struct clients *clients, struct client *client, enum client_step step,
                  uint64_t now_ns)
{
    client->step = step;
    client->since_ns = now_ns;
    forget_bytes(clients, client);
}

void clients_owe(struct clients *clients, struct client *client, size_t bytes)
{
    if (client->is_shut)
        return;
    forget_bytes(clients, client);
    client->bytes = bytes;
    clients->bytes += bytes;
    while (clients->bytes > clients->limits.bytes && clients->bytes > bytes)
        shut_one(clients, true);
}

uint64_t clients_sweep(struct clients *clients, uint64_t now_ns)
{
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = clients->all[i];
        uint64_t late_ns = client->since_ns + clients->limits.step_ns[client->step];
        if (client->is_shut)
            continue;
        if (late_ns <= now_ns)
            shut(clients, client);
        else
            next = MIN_OF(next, late_ns);
    }
    return next;
}
