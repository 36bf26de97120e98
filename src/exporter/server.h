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

/* Who may ask. What it points to must outlive its use. */
struct server_access {
    const struct tls *tls;         /* loaded; without a certificate: plain HTTP */
    const struct auth_user *users; /* who are let in; none: all */
    size_t user_count;
};

struct server_options {
    struct listen_options listen;
    struct served served;
    struct server_access access;
};

/* Listens, but answers in server_run only. NVITOP_OK, or a negative status with one line in *err.
 */
int server_open(const struct server_options *options, struct server **ret_server, struct str *err);
void server_place(const struct server *server, struct str *out); /* see listen_place */
void server_close(struct server *server);                        /* NULL is fine */

/* Answers until one of these descriptors, two at most, is readable. */
void server_run(struct server *server, const int *fds, size_t count);

/* From now on this is who may ask; who is connected has to connect anew. NVITOP_OK, or a negative
 * status with one line in *err: then all stays as it was. */
int server_change(struct server *server, const struct server_access *access, struct str *err);

#endif
