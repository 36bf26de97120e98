/* Loaded whole or not at all, so that what holds can be changed for it at any time. */
#include "cmd/exporter_web.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/options_exporter.h"
#include "exporter/web_config.h"

struct exporter_web {
    struct web_config config;
    struct tls tls;
};

static void take_options(const struct exporter_settings *settings, struct exporter_web *web)
{
    bool has_clients = settings->tls.client_cafile || settings->tls.client_capath;
    web->config.tls = settings->tls;
    if (has_clients)
        web->config.tls.client =
            settings->is_client_required ? TLS_CLIENT_REQUIRED : TLS_CLIENT_IF_GIVEN;
}

struct exporter_web *exporter_web_load(const struct exporter_settings *settings, struct str *err)
{
    struct exporter_web *web = xcalloc(1, sizeof(*web));
    take_options(settings, web);
    if ((!settings->web_config || web_config_read(settings->web_config, &web->config, err)) &&
        tls_load(&web->config.tls, &web->tls, err))
        return web;
    exporter_web_free(web);
    return NULL;
}

void exporter_web_free(struct exporter_web *web)
{
    if (!web)
        return;
    tls_done(&web->tls);
    web_config_done(&web->config);
    free(web);
}

struct server_access exporter_web_access(const struct exporter_web *web)
{
    return (struct server_access){ &web->tls, web->config.users, web->config.user_count };
}

bool exporter_web_is_protected(const struct exporter_web *web)
{
    return web->tls.certificate.len || web->config.user_count;
}

void exporter_web_describe(const struct exporter_web *web, struct str *out)
{
    static const char *const clients[] = {
        [TLS_CLIENT_ANY] = "",
        [TLS_CLIENT_IF_GIVEN] = ", clients' certificates if given",
        [TLS_CLIENT_REQUIRED] = ", clients' certificates",
    };
    size_t count = web->config.user_count;
    str_append(out, web->tls.certificate.len ? "TLS" : "no TLS");
    str_append(out, clients[web->tls.client]);
    if (count)
        str_printf(out, ", %zu user%s", count, count == 1 ? "" : "s");
    else
        str_append(out, ", no users");
}
