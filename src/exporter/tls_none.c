/* A build without: whoever wants HTTPS is told at the start, and none is served in its place. */
#include "exporter/tls.h"

#include <stddef.h>

bool tls_load(const struct tls_options *options, struct tls *ret_tls, struct str *err)
{
    *ret_tls = (struct tls){ .client = TLS_CLIENT_ANY };
    if (!options->certfile)
        return true;
    str_printf(err, "%s: expected no certificate: this build has no TLS", options->certfile);
    return false;
}

void tls_done(struct tls *tls)
{
    (void)tls;
}

void tls_begin(const struct tls *tls, void *gnutls_session)
{
    (void)tls;
    (void)gnutls_session;
}
