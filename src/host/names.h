/* What accounts are called: each is asked for once, by all who own something of one account. */
#ifndef NVITOP_HOST_NAMES_H
#define NVITOP_HOST_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* How a system tells it. Both get a key and give a printable text in `arena`. */
struct names_source {
    char *(*ask)(struct arena *arena, const void *key); /* NULL: nobody knows, or could tell */
    char *(*otherwise)(struct arena *arena, const void *key);
};

/* Zeroed is empty. */
struct names {
    struct arena arena;
    struct name *rows;
    size_t count, cap;
};

void names_done(struct names *names);

/* The name of an account, by the bytes that the system knows it by; good until names_done. May ask
 * a directory server. *ret_is_known: it is the name, and stays it. */
const char *names_get(struct names *names, const struct names_source *source, const void *key,
                      size_t size, bool *ret_is_known);

#endif
