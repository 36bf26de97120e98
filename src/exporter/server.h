/*
 * The web server. It answers from the newest snapshot of its source, and asks no driver: however
 * many scrape, and however stuck a GPU is, an answer costs its text.
 */
#ifndef NVITOP_EXPORTER_SERVER_H
#define NVITOP_EXPORTER_SERVER_H

#include <stddef.h>

#include "exporter/listen.h"
#include "exporter/served.h"

struct auth_user;
struct server;
struct str;
struct tls;

struct server_options {
    struct listen_options listen;
    struct served served;
    const struct tls *tls;         /* loaded; without a certificate: plain HTTP */
    const struct auth_user *users; /* who are let in; none: all */
    size_t user_count;
};

/* Answers, on a thread of its own, until it is closed. NVITOP_OK, or a negative status with one
 * line in *err. */
int server_open(const struct server_options *options, struct server **ret_server, struct str *err);
void server_place(const struct server *server, struct str *out); /* see listen_place */
void server_close(struct server *server);                        /* NULL is fine */

#endif
