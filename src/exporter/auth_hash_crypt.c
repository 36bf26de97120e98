/* libxcrypt's. */
#include "exporter/auth_hash.h"

#include <crypt.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

bool auth_hash_is_good(const char *hash)
{
    return crypt_checksalt(hash) == CRYPT_SALT_OK;
}

bool auth_hash_make(const char *hash, const char *password, struct str *out)
{
    struct crypt_data *data = xcalloc(1, sizeof(*data));
    const char *made = crypt_r(password, hash, data);
    if (made)
        str_append(out, made);
    mem_wipe(data, sizeof(*data));
    free(data);
    return made != NULL;
}
