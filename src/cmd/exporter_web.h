/* Who may ask nvitop-exporter: certificates and users, of a file or else of the command line. */
#ifndef NVITOP_CMD_EXPORTER_WEB_H
#define NVITOP_CMD_EXPORTER_WEB_H

#include <stdbool.h>

#include "exporter/server.h"

struct exporter_settings;
struct exporter_web;
struct str;

/* Reads all files. NULL: one line in *err. */
struct exporter_web *exporter_web_load(const struct exporter_settings *settings, struct str *err);
void exporter_web_free(struct exporter_web *web); /* NULL is fine */

/* It lives as long as `web`. */
struct server_access exporter_web_access(const struct exporter_web *web);

/* Is anybody kept out or anything encrypted? */
bool exporter_web_is_protected(const struct exporter_web *web);
void exporter_web_describe(const struct exporter_web *web, struct str *out); /* TLS, 2 users */

#endif
