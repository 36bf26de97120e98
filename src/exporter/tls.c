/* Files are read and checked once, at the start: no connection finds out that a key is wrong. */
#include "exporter/tls.h"

#include <dirent.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exporter/file.h"

static bool fail(const char *path, const char *why, struct str *err)
{
    str_printf(err, "%s: %s", path, why);
    return false;
}

static gnutls_datum_t datum_of(const struct str *text)
{
    return (gnutls_datum_t){ (unsigned char *)text->data, (unsigned)text->len };
}

/* ---- the server's ---- */

static bool check_pair(const struct tls_options *options, const struct tls *tls, struct str *err)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_datum_t certificate = datum_of(&tls->certificate), key = datum_of(&tls->key);
    if (gnutls_certificate_allocate_credentials(&credentials) < 0)
        return fail(options->certfile, "no memory", err);
    int code =
        gnutls_certificate_set_x509_key_mem(credentials, &certificate, &key, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(credentials);
    if (code >= 0)
        return true;
    str_printf(err, "%s, %s: %s (expected a certificate and its private key, as PEM)",
               options->certfile, options->keyfile, gnutls_strerror(code));
    return false;
}

/* ---- the clients' ---- */

static bool read_folder(const char *path, struct str *text, struct str *err)
{
    DIR *folder = opendir(path);
    if (!folder)
        return fail(path, strerror(errno), err);
    bool is_good = true;
    for (struct dirent *entry; is_good && (entry = readdir(folder));) {
        struct str file = { 0 };
        str_printf(&file, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            is_good = file_read(str_text(&file), text, err);
        str_append_char(text, '\n');
        str_done(&file);
    }
    closedir(folder);
    return is_good;
}

static bool check_trusted(const char *path, const struct str *text, struct str *err)
{
    gnutls_x509_crt_t *list;
    unsigned count = 0;
    gnutls_datum_t data = datum_of(text);
    int code = gnutls_x509_crt_list_import2(&list, &count, &data, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0)
        return fail(path, "expected certificates of authorities, as PEM", err);
    for (unsigned i = 0; i < count; i++)
        gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    return true;
}

static bool read_trusted(const struct tls_options *options, struct str *text, struct str *err)
{
    const char *path = options->client_cafile ? options->client_cafile : options->client_capath;
    if (!path)
        return true;
    if (options->client_cafile && !file_read(options->client_cafile, text, err))
        return false;
    str_append_char(text, '\n');
    if (options->client_capath && !read_folder(options->client_capath, text, err))
        return false;
    return check_trusted(path, text, err);
}

bool tls_load(const struct tls_options *options, struct tls *ret_tls, struct str *err)
{
    *ret_tls = (struct tls){ .client = options->client,
                             .priorities = options->is_only_1_3
                                               ? "NORMAL:-VERS-ALL:+VERS-TLS1.3"
                                               : "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" };
    if (!options->certfile)
        return true;
    if (file_read(options->certfile, &ret_tls->certificate, err) &&
        file_read(options->keyfile, &ret_tls->key, err) && check_pair(options, ret_tls, err) &&
        read_trusted(options, &ret_tls->trusted, err))
        return true;
    tls_done(ret_tls);
    return false;
}

void tls_done(struct tls *tls)
{
    str_done(&tls->certificate);
    file_forget(&tls->key);
    str_done(&tls->trusted);
}

/* Of a handshake: one without a certificate is refused before, where one is required. One that says
 * what it is for must be for clients. */
static int verify_client(gnutls_session_t session)
{
    gnutls_typed_vdata_st purpose = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID,
        .data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT,
    };
    unsigned count, status = 0;
    if (!gnutls_certificate_get_peers(session, &count))
        return 0;
    int code = gnutls_certificate_verify_peers(session, &purpose, 1, &status);
    return code < 0 || status ? -1 : 0;
}

void tls_begin(const struct tls *tls, void *gnutls_session)
{
    gnutls_session_t session = gnutls_session;
    if (tls->client == TLS_CLIENT_ANY)
        return;
    gnutls_certificate_server_set_request(
        session, tls->client == TLS_CLIENT_REQUIRED ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST);
    gnutls_session_set_verify_function(session, verify_client);
}
