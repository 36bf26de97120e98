/* bcrypt, the C library's or nobody's: auth_hash_crypt.c or auth_hash_none.c. */
#ifndef NVITOP_EXPORTER_AUTH_HASH_H
#define NVITOP_EXPORTER_AUTH_HASH_H

#include <stdbool.h>

struct str;

/* Is it one that can be checked? It looks like one. */
bool auth_hash_is_good(const char *hash);

/* What a file should hold where it holds none that can. */
const char *auth_hash_expected(void);

/* Appends the hash of the password, made as `hash` was; false: it cannot be made. */
bool auth_hash_make(const char *hash, const char *password, struct str *out);

#endif
