/* A build that has none: no user can be let in by a password, and whoever wants that is told. */
#include "exporter/auth_hash.h"

bool auth_hash_is_good(const char *hash)
{
    (void)hash;
    return false;
}

const char *auth_hash_expected(void)
{
    return "expected no users: this build checks no passwords";
}

bool auth_hash_make(const char *hash, const char *password, struct str *out)
{
    (void)hash;
    (void)password;
    (void)out;
    return false;
}
