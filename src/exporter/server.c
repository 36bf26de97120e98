/* HTTP is libmicrohttpd's; here it is told which limits hold, and an answer is handed over. */
#include "exporter/server.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "exporter/answer.h"
#include "exporter/auth.h"
#include "exporter/encode.h"
#include "exporter/tls.h"
#include "nvitop/nvitop.h"

enum { CONNECTIONS_MAX = 128, IDLE_S = 15, REQUEST_BYTES_MAX = 16 * 1024, PACKED_BYTES_MIN = 1024 };

struct server {
    struct MHD_Daemon *daemon;
    int fd; /* the daemon's, once there is one */
    struct server_options options;
    struct answer_state state;
    struct auth *auth;
};

/* ---- one request ---- */

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result hand_over(struct MHD_Connection *connection, struct answer *answer)
{
    bool is_packed = answer->body.len >= PACKED_BYTES_MIN &&
                     encode_is_accepted(header_of(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING)) &&
                     encode_gzip(&answer->body);
    size_t len = answer->body.len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, str_take(&answer->body), MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'self'; img-src data:; "
                            "frame-ancestors 'none'; "
                            "base-uri 'none'; form-action 'none'");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding");
    if (is_packed)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *why)
{
    struct answer answer = { .status = status, .content_type = "text/plain; charset=utf-8" };
    str_append(&answer.body, why);
    return hand_over(connection, &answer);
}

static enum MHD_Result ask_for_password(struct MHD_Connection *connection)
{
    static const char why[] = "a name and a password are needed\n";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof(why) - 1, (void *)(uintptr_t)why, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    enum MHD_Result result =
        MHD_queue_basic_auth_fail_response(connection, "nvitop-exporter", response);
    MHD_destroy_response(response);
    return result;
}

/* Else *ret_result is that of the refusal. */
static bool is_let_in(struct server *server, struct MHD_Connection *connection,
                      enum MHD_Result *ret_result)
{
    char *password = NULL, *name = MHD_basic_auth_get_username_password(connection, &password);
    enum auth_verdict verdict = auth_check(server->auth, name, password);
    if (password)
        explicit_bzero(password, strlen(password));
    MHD_free(password);
    MHD_free(name);
    if (verdict == AUTH_TOO_OFTEN)
        *ret_result = refuse(connection, MHD_HTTP_TOO_MANY_REQUESTS, "too many wrong passwords\n");
    else if (verdict == AUTH_WRONG)
        *ret_result = ask_for_password(connection);
    return verdict == AUTH_GOOD;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request_state)
{
    struct server *server = arg;
    enum MHD_Result result;
    (void)version, (void)upload;
    if (!*request_state) { /* the head alone: who answers now gives the connection up */
        *request_state = server;
        return MHD_YES;
    }
    if (*upload_size) { /* a body that nobody wants */
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    if (!is_let_in(server, connection, &result))
        return result;
    struct request request = { url, header_of(connection, MHD_HTTP_HEADER_ACCEPT) };
    struct answer answer;
    answer_request(&server->state, &request, &answer);
    return hand_over(connection, &answer);
}

/* ---- the daemon ---- */

static void connection_begins(void *arg, struct MHD_Connection *connection, void **socket_state,
                              enum MHD_ConnectionNotificationCode code)
{
    const struct server *server = arg;
    (void)socket_state;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        tls_begin(
            server->options.tls,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session);
}

static struct MHD_Daemon *start(struct server *server)
{
    const struct tls *tls = server->options.tls;
    bool is_tls = tls->certificate.len, has_trusted = tls->trusted.len;
    struct MHD_OptionItem for_tls[] = {
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_begins, server },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls->priorities },
        { MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate.data },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key.data },
        { has_trusted ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, tls->trusted.data },
        { MHD_OPTION_END, 0, NULL },
    };
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | (is_tls ? MHD_USE_TLS : 0);
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, server->fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES_MAX,
        MHD_OPTION_ARRAY, is_tls ? for_tls : for_tls + ARRAY_LEN(for_tls) - 1, MHD_OPTION_END);
}

int server_open(const struct server_options *options, struct server **ret_server, struct str *err)
{
    int fd = listen_open(&options->listen, err);
    if (fd < 0)
        return fd;
    struct server *server = xcalloc(1, sizeof(*server));
    server->options = *options;
    server->fd = fd;
    server->state.served = &server->options.served;
    server->auth = auth_new(options->users, options->user_count);
    server->daemon = start(server);
    if (!server->daemon) {
        str_append(err, "the system gives the server no thread or descriptor");
        server_close(server);
        return NVITOP_EUNKNOWN;
    }
    *ret_server = server;
    return NVITOP_OK;
}

void server_place(const struct server *server, struct str *out)
{
    listen_place(server->fd, out);
}

void server_close(struct server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon); /* closes the socket too */
    else
        close(server->fd);
    listen_forget(&server->options.listen);
    auth_free(server->auth);
    free(server);
}
