/*
 * Requests, over a socket to the server itself. Whatever bytes come, it answers with statuses that
 * it has, keeps its descriptors, and lets in only who knows a password, where there is one. The
 * first byte says which of two servers is asked, and how the rest comes: at once or in pieces.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "exporter/auth.h"
#include "exporter/server.h"
#include "exporter/tls.h"
#include "report/query.h"

enum { HAS_USERS = 1, IS_PIECEMEAL = 2, IS_HALF_CLOSED = 4, PIECE = 7, TURNS = 3 };

#define PASSWORD "Basic YW5uOnJpZ2h0" /* ann:right */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- what is served: a snapshot of nothing ---- */

struct still {
    struct source source;
    struct snapshot *snapshot;
};

static struct snapshot *still_latest(struct source *source)
{
    return snapshot_ref(((struct still *)source)->snapshot);
}

static const struct source_ops still_ops = { .latest = still_latest };
static const struct auth_user users[] = {
    { "ann", "$2y$04$In/QbtjHIWdvviPEW49cp.z1Rr1vgEyXPv4hQJDotHJyq8Z4EK23a" }
};

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static struct server *open_server(const char *path, size_t user_count)
{
    static struct still still = { .source = { &still_ops } };
    static struct query query;
    static struct tls tls;
    struct server *server;
    struct str err = { 0 };
    if (!still.snapshot)
        still.snapshot = snapshot_new();
    struct server_options options = {
        .listen = { .path = path },
        .served = { .prometheus = { .version = "0" },
                    .query = &query,
                    .source = &still.source,
                    .patience_ns = UINT64_MAX },
        .access = { &tls, users, user_count },
    };
    demand(server_open(&options, &server, &err) == 0);
    return server;
}

/* ---- one exchange ---- */

static int always_readable; /* so the server takes one turn */

static void turn(struct server *server)
{
    server_run(server, &always_readable, 1);
}

static void hear(int fd, struct str *answer)
{
    char bytes[65536];
    for (ssize_t got; (got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0;)
        str_append_bytes(answer, bytes, (size_t)got);
}

static void turns(struct server *server, int fd, struct str *answer)
{
    for (int i = 0; i < TURNS; i++) {
        turn(server);
        hear(fd, answer);
    }
}

static void say(struct server *server, int fd, const uint8_t *data, size_t size, size_t piece,
                struct str *answer)
{
    for (size_t len; size; data += len, size -= len) {
        len = MIN_OF(size, piece);
        if (send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            break; /* it has closed, or reads no further */
        turns(server, fd, answer);
    }
}

static size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    demand(folder != NULL);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static int status_of(const struct str *answer)
{
    static const char head[] = "HTTP/1.";
    const char *text = answer->data;
    if (!answer->len)
        return 0;
    demand(answer->len > 12 && strncmp(text, head, strlen(head)) == 0);
    return atoi(text + strlen("HTTP/1.1 "));
}

static void check(const struct str *answer, const uint8_t *data, size_t size, int has_users)
{
    static const int known[] = { 0,   100, 200, 400, 401, 404, 405, 408, 411,
                                 413, 414, 429, 431, 500, 501, 503, 505 };
    int status = status_of(answer);
    size_t at = 0;
    while (at < ARRAY_LEN(known) && known[at] != status)
        at++;
    demand(at < ARRAY_LEN(known));
    if (has_users && status == 200)
        demand(memmem(data, size, PASSWORD, strlen(PASSWORD)) != NULL);
}

/* ---- two servers, without users and with ---- */

static struct server *servers[2];
static struct sockaddr_un addresses[2];

static void close_servers(void)
{
    for (size_t i = 0; i < ARRAY_LEN(servers); i++)
        server_close(servers[i]);
}

static void open_servers(void)
{
    for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
        addresses[i].sun_family = AF_UNIX;
        snprintf(addresses[i].sun_path, sizeof(addresses[i].sun_path), "/tmp/fuzz-request-%d-%zu",
                 getpid(), i);
        servers[i] = open_server(addresses[i].sun_path, i);
    }
    always_readable = eventfd(1, EFD_CLOEXEC);
    atexit(close_servers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!servers[0])
        open_servers();
    if (!size)
        return 0;
    struct str answer = { 0 };
    size_t which = (data[0] & HAS_USERS) != 0, descriptors = count_descriptors();
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    demand(connect(fd, (const struct sockaddr *)&addresses[which], sizeof(addresses[which])) == 0);
    say(servers[which], fd, data + 1, size - 1, data[0] & IS_PIECEMEAL ? PIECE : size, &answer);
    if (data[0] & IS_HALF_CLOSED)
        shutdown(fd, SHUT_WR);
    turns(servers[which], fd, &answer);
    close(fd);
    for (int i = 0; i < TURNS; i++)
        turn(servers[which]);
    demand(count_descriptors() == descriptors);
    check(&answer, data, size, (int)which);
    str_done(&answer);
    return 0;
}
