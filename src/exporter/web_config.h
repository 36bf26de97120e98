/*
 * The file that exporters of Prometheus share: certificates under `tls_server_config`, users and
 * bcrypt hashes under `basic_auth_users`. What it has that is not known here is an error: a setting
 * for safety that does nothing would be worse.
 */
#ifndef NVITOP_EXPORTER_WEB_CONFIG_H
#define NVITOP_EXPORTER_WEB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "exporter/auth.h"
#include "exporter/tls.h"

struct str;

struct web_config {
    struct arena arena; /* all below lives here */
    struct tls_options tls;
    struct auth_user *users;
    size_t user_count;
};

/* Reads the file over what *config holds; names of files in it are relative to its folder. False:
 * one line in *err with file, line and what was expected. Free with web_config_done. */
bool web_config_read(const char *path, struct web_config *config, struct str *err);
void web_config_done(struct web_config *config);

#endif
