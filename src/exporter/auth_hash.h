/* bcrypt: auth_hash_crypt.c is the one file that knows whose it is. */
#ifndef NVITOP_EXPORTER_AUTH_HASH_H
#define NVITOP_EXPORTER_AUTH_HASH_H

#include <stdbool.h>

struct str;

/* Is it one that can be checked? It looks like one. */
bool auth_hash_is_good(const char *hash);

/* Appends the hash of the password, made as `hash` was; false: it cannot be made. */
bool auth_hash_make(const char *hash, const char *password, struct str *out);

#endif
