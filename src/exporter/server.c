/* HTTP is libmicrohttpd's; here it is told which limits hold, and an answer is handed over. */
#include "exporter/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/str.h"
#include "exporter/answer.h"
#include "nvitop/nvitop.h"

enum { CONNECTIONS_MAX = 128, IDLE_S = 15, REQUEST_BYTES_MAX = 16 * 1024 };

struct server {
    struct MHD_Daemon *daemon;
    struct server_options options;
    struct answer_state state;
};

/* ---- one request ---- */

static enum MHD_Result hand_over(struct MHD_Connection *connection, struct answer *answer)
{
    size_t len = answer->body.len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, str_take(&answer->body), MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
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

static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request_state)
{
    struct server *server = arg;
    (void)version, (void)upload, (void)upload_size, (void)request_state;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    struct request request = { url, MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                                MHD_HTTP_HEADER_ACCEPT) };
    struct answer answer;
    answer_request(&server->state, &request, &answer);
    return hand_over(connection, &answer);
}

/* ---- the daemon ---- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool parse_address(const struct server_options *options, union address *ret_address)
{
    *ret_address = (union address){ 0 };
    if (inet_pton(AF_INET, options->address, &ret_address->v4.sin_addr) == 1) {
        ret_address->v4.sin_family = AF_INET;
        ret_address->v4.sin_port = htons(options->port);
        return true;
    }
    if (inet_pton(AF_INET6, options->address, &ret_address->v6.sin6_addr) == 1) {
        ret_address->v6.sin6_family = AF_INET6;
        ret_address->v6.sin6_port = htons(options->port);
        return true;
    }
    return false;
}

static struct MHD_Daemon *start(struct server *server, const union address *address)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    if (address->any.sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, server->options.port, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR,
        &address->any, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)REQUEST_BYTES_MAX, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
}

int server_open(const struct server_options *options, struct server **ret_server, struct str *err)
{
    union address address;
    if (!parse_address(options, &address)) {
        str_printf(err, "cannot listen on '%s': expected an IPv4 or IPv6 address",
                   options->address);
        return NVITOP_EINVAL;
    }
    struct server *server = xmalloc(sizeof(*server));
    *server = (struct server){ .options = *options };
    server->state.served = &server->options.served;
    errno = 0;
    server->daemon = start(server, &address);
    if (!server->daemon) {
        str_printf(err, "cannot listen on %s, port %u: %s", options->address,
                   (unsigned)options->port, errno ? strerror(errno) : "no thread or descriptor");
        free(server);
        return NVITOP_EUNKNOWN;
    }
    *ret_server = server;
    return NVITOP_OK;
}

uint16_t server_port(const struct server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void server_close(struct server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    free(server);
}
