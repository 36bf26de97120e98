/* What HTTPS stands on: the server's certificate, and which clients are let in. */
#ifndef NVITOP_EXPORTER_TLS_H
#define NVITOP_EXPORTER_TLS_H

#include <stdbool.h>

#include "base/str.h"

enum tls_client {
    TLS_CLIENT_ANY,      /* no certificate is asked for */
    TLS_CLIENT_IF_GIVEN, /* one that is given must be good */
    TLS_CLIENT_REQUIRED, /* there is no connection without a good one */
};

struct tls_options {
    const char *certfile, *keyfile;            /* PEM; both or none (NULL): plain HTTP */
    const char *client_cafile, *client_capath; /* PEM: who signs clients' certificates; NULL */
    enum tls_client client;
    bool is_only_1_3; /* TLS 1.3; else 1.2 too */
};

/* The texts of the files, checked. Free with tls_done. */
struct tls {
    struct str certificate, key, trusted; /* the last one empty: no client is asked */
    enum tls_client client;
    const char *priorities; /* GnuTLS's */
};

/* Every file is read, and the key must be the certificate's. False: one line in *err names the file
 * and what was expected. */
bool tls_load(const struct tls_options *options, struct tls *ret_tls, struct str *err);
void tls_done(struct tls *tls); /* the key is wiped */

/* Before the handshake of a connection: a client is refused in it, not after it. */
void tls_begin(const struct tls *tls, void *gnutls_session);

#endif
