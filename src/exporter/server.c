/*
 * HTTP is libmicrohttpd's, but connections are accepted here, all that wait, and it is told which
 * limits hold: a crowd that fills the queue then costs a newcomer no time. All is done by the
 * thread that calls server_run, and no request waits for anything but its bytes.
 */
#include "exporter/server.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "exporter/auth.h"
#include "exporter/clients.h"
#include "exporter/exchange.h"
#include "exporter/sockets.h"
#include "exporter/tls.h"
#include "nvitop/nvitop.h"

/* A scraper that comes once a minute keeps its connection. Of the descriptors, a part is for
 * connections, half as many for those that were shut and whose end is not seen yet, and the rest
 * for others: the driver, /proc, the libraries. */
enum {
    CONNECTIONS_MAX = 256,
    CONNECTIONS_MIN = 2,
    DESCRIPTORS_PART = 4,
    HEAD_S = 10,
    ANSWER_S = 30,
    REST_S = 75,
    HEAD_BYTES_MAX = 16 * 1024,
    UNREAD_BYTES_MAX = 16 * 1024 * 1024,
    SHORTAGE_MS = 100,
};

struct server {
    struct MHD_Daemon *daemon;
    struct listening listening;
    struct server_options options;
    struct exchange exchange;
    size_t connections_max;
    bool is_short; /* accepting fails right now, most likely for want of a descriptor */
};

/* ---- connections ---- */

static void connection_changes(void *arg, struct MHD_Connection *connection, void **client,
                               enum MHD_ConnectionNotificationCode code)
{
    struct server *server = arg;
    if (code != MHD_CONNECTION_NOTIFY_STARTED) {
        clients_leave(server->exchange.clients, *client);
        return;
    }
    *client = clients_enter(
        server->exchange.clients,
        (int)MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
        clock_mono_ns());
    if (server->options.access.tls->certificate.len)
        tls_begin(
            server->options.access.tls,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session);
}

/* Has one more come? */
static bool admit_one(struct server *server)
{
    enum sockets_coming coming = sockets_accept(server->listening.fd, server->daemon);
    server->is_short = coming == SOCKETS_SHORT;
    return coming == SOCKETS_CAME || coming == SOCKETS_LEFT;
}

/* Half of the room at a time: who is new gets his turn before others push him out. */
static void admit(struct server *server)
{
    for (size_t left = server->connections_max / 2; left && admit_one(server); left--)
        ;
}

static size_t count_room(void)
{
    return MAX_OF(sockets_room(CONNECTIONS_MAX, DESCRIPTORS_PART), (size_t)CONNECTIONS_MIN);
}

static struct clients *make_clients(const struct server *server)
{
    struct clients_limits limits = {
        .count = server->connections_max,
        .bytes = UNREAD_BYTES_MAX,
        .step_ns = { [CLIENT_ASKS] = HEAD_S * CLOCK_NS_PER_S,
                     [CLIENT_LISTENS] = ANSWER_S * CLOCK_NS_PER_S,
                     [CLIENT_RESTS] = REST_S * CLOCK_NS_PER_S },
    };
    return clients_new(&limits);
}

/* ---- the daemon ---- */

static struct MHD_Daemon *start(struct server *server)
{
    const struct tls *tls = server->options.access.tls;
    bool is_tls = tls->certificate.len, has_trusted = tls->trusted.len;
    struct MHD_OptionItem for_tls[] = {
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls->priorities },
        { MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate.data },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key.data },
        { has_trusted ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, tls->trusted.data },
        { MHD_OPTION_END, 0, NULL },
    };
    return MHD_start_daemon(
        sockets_daemon_flags() | MHD_USE_NO_LISTEN_SOCKET | (is_tls ? MHD_USE_TLS : 0), 0, NULL,
        NULL, exchange_handle, &server->exchange, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(2 * server->connections_max), MHD_OPTION_CONNECTION_TIMEOUT, 0U,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES_MAX, MHD_OPTION_NOTIFY_CONNECTION,
        connection_changes, server, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, &server->exchange,
        MHD_OPTION_ARRAY, is_tls ? for_tls : for_tls + ARRAY_LEN(for_tls) - 1, MHD_OPTION_END);
}

/* The library leaves errno as the system set it, and has no other word. */
static void say_why(const struct server_access *access, int error, struct str *err)
{
    bool is_without =
        access->tls->certificate.len && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES;
    str_printf(err, "cannot start the web server: %s",
               is_without ? "libmicrohttpd was built without TLS"
               : error    ? strerror(error)
                          : "libmicrohttpd refuses it");
}

/* Those who stay the same need not pay for a hash again. */
static void change_users(struct server *server, const struct server_access *access)
{
    struct auth *auth = auth_new(access->users, access->user_count);
    if (server->exchange.auth)
        auth_inherit(auth, server->exchange.auth);
    auth_free(server->exchange.auth);
    server->exchange.auth = auth;
}

int server_open(const struct server_options *options, struct server **ret_server, struct str *err)
{
    struct listening listening;
    int status = listen_open(&options->listen, &listening, err);
    if (status < 0)
        return status;
    struct server *server = xcalloc(1, sizeof(*server));
    server->options = *options;
    server->listening = listening;
    server->connections_max = count_room();
    answer_begin(&server->exchange.state, &server->options.served);
    server->exchange.clients = make_clients(server);
    status = server_change(server, &options->access, err);
    if (status < 0)
        server_close(server);
    else
        *ret_server = server;
    return status;
}

int server_change(struct server *server, const struct server_access *access, struct str *err)
{
    struct server_access before = server->options.access;
    server->options.access = *access;
    errno = 0;
    struct MHD_Daemon *daemon = start(server);
    if (!daemon) {
        say_why(access, errno, err);
        server->options.access = before;
        return NVITOP_EUNKNOWN;
    }
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    server->daemon = daemon;
    change_users(server, access);
    return NVITOP_OK;
}

/* Until the library, a client that is late or a newcomer wants something; -1: nobody does. */
static int patience_ms(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG wanted_ms;
    uint64_t now = clock_mono_ns(), late = clients_sweep(server->exchange.clients, now);
    uint64_t ms = server->is_short ? SHORTAGE_MS : INT_MAX;
    if (late != UINT64_MAX)
        ms = MIN_OF(ms, (late - now) / CLOCK_NS_PER_MS + 1);
    if (MHD_get_timeout(server->daemon, &wanted_ms) == MHD_YES)
        ms = MIN_OF(ms, wanted_ms);
    return (int)ms;
}

void server_run(struct server *server, const int *fds, size_t count)
{
    struct sockets_wait wait = { .daemon = server->daemon, .fds = fds, .count = count };
    for (bool is_over = false; !is_over;) {
        wait.listening_fd = server->is_short ? -1 : server->listening.fd;
        wait.patience_ms = patience_ms(server);
        is_over = sockets_wait(&wait);
        admit(server);
        MHD_run(server->daemon);
    }
}

void server_place(const struct server *server, struct str *out)
{
    listen_place(server->listening.fd, out);
}

void server_close(struct server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    listen_close(&server->listening);
    shared_done(&server->exchange.shared);
    clients_free(server->exchange.clients);
    auth_free(server->exchange.auth);
    free(server);
}
