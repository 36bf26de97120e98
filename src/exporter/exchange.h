/* One request and its answer, as libmicrohttpd has them. */
#ifndef NVITOP_EXPORTER_EXCHANGE_H
#define NVITOP_EXPORTER_EXCHANGE_H

#include <microhttpd.h>

#include "exporter/answer.h"
#include "exporter/shared.h"

struct auth;
struct clients;

struct exchange {
    struct answer_state state;
    struct shared shared;
    struct auth *auth;
    struct clients *clients; /* their connections' socket contexts are the `struct client` */
};

/* The daemon's callbacks; `exchange` is their argument. */
enum MHD_Result exchange_handle(void *exchange, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **request_state);
void exchange_end(void *exchange, struct MHD_Connection *connection, void **request_state,
                  enum MHD_RequestTerminationCode code);

#endif
