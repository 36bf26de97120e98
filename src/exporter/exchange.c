/* The head is waited for, a body is passed over, and the answer is handed over whole. */
#include "exporter/exchange.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "exporter/auth.h"
#include "exporter/clients.h"
#include "exporter/encode.h"
#include "exporter/served.h"

enum { BODY_BYTES_MAX = 64 * 1024, PACKED_BYTES_MIN = 1024 };

static struct client *client_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The answer's text becomes the response's. NULL: no memory. */
static struct MHD_Response *make_response(struct answer *answer, bool is_packed)
{
    size_t len = answer->body.len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, str_take(&answer->body), MHD_RESPMEM_MUST_FREE);
    if (!response)
        return NULL;
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
    return response;
}

/* What a status owes beside its text: a header, or NULL. */
struct refusal {
    unsigned status;
    const char *why, *header, *value;
};

static enum MHD_Result refuse(struct exchange *exchange, struct MHD_Connection *connection,
                              const struct refusal *refusal)
{
    struct answer answer = { .content_type = "text/plain; charset=utf-8" };
    tally_add(&exchange->state.tally, NULL, refusal->status);
    str_append(&answer.body, refusal->why);
    struct MHD_Response *response = make_response(&answer, false);
    if (!response)
        return MHD_NO;
    if (refusal->header)
        MHD_add_response_header(response, refusal->header, refusal->value);
    enum MHD_Result result = MHD_queue_response(connection, refusal->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result ask_for_password(struct exchange *exchange,
                                        struct MHD_Connection *connection)
{
    static const char why[] = "a name and a password are needed\n";
    tally_add(&exchange->state.tally, NULL, MHD_HTTP_UNAUTHORIZED);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof(why) - 1, (void *)(uintptr_t)why, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    enum MHD_Result result =
        MHD_queue_basic_auth_fail_response(connection, "nvitop-exporter", response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result ask_for_patience(struct exchange *exchange,
                                        struct MHD_Connection *connection, uint64_t peer)
{
    char seconds[24];
    struct refusal refusal = { MHD_HTTP_TOO_MANY_REQUESTS, "too many wrong passwords\n",
                               MHD_HTTP_HEADER_RETRY_AFTER, seconds };
    snprintf(seconds, sizeof(seconds), "%u", 1 + (unsigned)auth_wait_s(exchange->auth, peer));
    return refuse(exchange, connection, &refusal);
}

/* Else *ret_result is that of the refusal. */
static bool is_let_in(struct exchange *exchange, struct MHD_Connection *connection,
                      enum MHD_Result *ret_result)
{
    char *password = NULL, *name = MHD_basic_auth_get_username_password(connection, &password);
    uint64_t peer = clients_peer(exchange->clients, client_of(connection));
    enum auth_verdict verdict = auth_check(exchange->auth, peer, name, password);
    if (password)
        mem_wipe(password, strlen(password));
    MHD_free(password);
    MHD_free(name);
    if (verdict == AUTH_TOO_OFTEN)
        *ret_result = ask_for_patience(exchange, connection, peer);
    else if (verdict == AUTH_WRONG)
        *ret_result = ask_for_password(exchange, connection);
    return verdict == AUTH_GOOD;
}

/* ---- what is told ---- */

static enum MHD_Result hand_over(struct exchange *exchange, struct MHD_Connection *connection,
                                 const struct request *request, const struct shared_answer *answer)
{
    if (!request->is_head)
        clients_owe(exchange->clients, client_of(connection), answer->len);
    tally_add(&exchange->state.tally, answer->key.path, answer->status);
    return MHD_queue_response(connection, answer->status, answer->response);
}

static enum MHD_Result make_and_hand_over(struct exchange *exchange,
                                          struct MHD_Connection *connection,
                                          const struct request *request, struct snapshot *snapshot,
                                          const struct shared_key *key)
{
    struct answer answer;
    answer_request(&exchange->state, request, snapshot, &answer);
    bool is_packed =
        key->is_packed && answer.body.len >= PACKED_BYTES_MIN && encode_gzip(&answer.body);
    struct shared_answer made = { .key = *key, .status = answer.status, .len = answer.body.len };
    made.response = make_response(&answer, is_packed);
    if (!made.response)
        return MHD_NO;
    enum MHD_Result result = hand_over(exchange, connection, request, &made);
    if (snapshot)
        shared_keep(&exchange->shared, snapshot, &made);
    else
        MHD_destroy_response(made.response);
    return result;
}

static enum MHD_Result tell(struct exchange *exchange, struct MHD_Connection *connection,
                            struct request *request)
{
    struct snapshot *snapshot = source_latest(exchange->state.served->source);
    request->is_old = answer_is_old(&exchange->state, snapshot, clock_mono_ns());
    struct shared_key key = {
        request->path, request->is_openmetrics,
        encode_is_accepted(header_of(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING)), request->is_old
    };
    const struct shared_answer *shared = shared_find(&exchange->shared, snapshot, &key);
    answer_count(&exchange->state, request);
    enum MHD_Result result =
        shared ? hand_over(exchange, connection, request, shared)
               : make_and_hand_over(exchange, connection, request, snapshot, &key);
    snapshot_unref(snapshot);
    return result;
}

/* ---- one request ---- */

/* A part of a body that nobody wants. */
static enum MHD_Result pass_over(void **request_state, size_t *upload_size)
{
    uintptr_t read_bytes = (uintptr_t)*request_state + *upload_size;
    *request_state = (void *)read_bytes;
    *upload_size = 0;
    return read_bytes <= BODY_BYTES_MAX ? MHD_YES : MHD_NO;
}

static const struct refusal wrong_method = { MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n",
                                             MHD_HTTP_HEADER_ALLOW, "GET, HEAD" };
static const struct refusal not_found = { MHD_HTTP_NOT_FOUND, "not found\n", NULL, NULL };

/* A request's state is how much of its body was read, and 1 for its head. */
enum MHD_Result exchange_handle(void *arg, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **request_state)
{
    struct exchange *exchange = arg;
    enum MHD_Result result = MHD_NO;
    (void)version, (void)upload;
    if (!*request_state) { /* the head alone: who answers now gives the connection up */
        *request_state = (void *)(uintptr_t)1;
        clients_step(exchange->clients, client_of(connection), CLIENT_LISTENS, clock_mono_ns());
        return MHD_YES;
    }
    if (*upload_size)
        return pass_over(request_state, upload_size);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(exchange, connection, &wrong_method);
    if (!is_let_in(exchange, connection, &result))
        return result;
    struct request request = {
        .path = answer_path(url),
        .is_openmetrics = answer_is_openmetrics(header_of(connection, MHD_HTTP_HEADER_ACCEPT)),
        .is_head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0,
    };
    if (!request.path)
        return refuse(exchange, connection, &not_found);
    return tell(exchange, connection, &request);
}

void exchange_end(void *arg, struct MHD_Connection *connection, void **request_state,
                  enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = arg;
    (void)request_state, (void)code;
    clients_step(exchange->clients, client_of(connection), CLIENT_RESTS, clock_mono_ns());
}
