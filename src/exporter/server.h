/*
 * The web server. It answers from the newest snapshot of its source, and asks no driver: however
 * many scrape, and however stuck a GPU is, an answer costs its text.
 */
#ifndef NVITOP_EXPORTER_SERVER_H
#define NVITOP_EXPORTER_SERVER_H

#include <stdint.h>

#include "exporter/served.h"

struct server;
struct str;

struct server_options {
    const char *address; /* numeric, IPv4 or IPv6 */
    uint16_t port;       /* 0: any that is free */
    struct served served;
};

/* Answers, on a thread of its own, until it is closed. NVITOP_OK, or a negative status with one
 * line in *err that names the address. */
int server_open(const struct server_options *options, struct server **ret_server, struct str *err);
uint16_t server_port(const struct server *server); /* the one it got */
void server_close(struct server *server);          /* NULL is fine */

#endif
