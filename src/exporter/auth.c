/*
 * An attacker learns nothing from how long an answer takes: a name that there is not costs the same
 * hash, and texts are compared to their ends.
 */
#include "exporter/auth.h"

#include <crypt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

/* So many hashes may be tried at once, and as many more a second. */
enum { TRIES_MAX = 5, HASH_LEN = 60 };

/* Of no password that is known, with the cost that htpasswd takes. */
#define NOBODYS_HASH "$2b$10$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQrStUvWxYz01234"

struct auth {
    const struct auth_user *users;
    size_t count;
    char **passwords; /* of each user, the last good one; NULL: none yet */
    double tries;     /* left */
    uint64_t counted_ns;
};

bool auth_hash_is_known(const char *hash)
{
    return strlen(hash) == HASH_LEN && strncmp(hash, "$2", 2) == 0 && strchr("aby", hash[2]) &&
           crypt_checksalt(hash) == CRYPT_SALT_OK;
}

struct auth *auth_new(const struct auth_user *users, size_t count)
{
    struct auth *auth = xcalloc(1, sizeof(*auth));
    *auth = (struct auth){ users, count, xcalloc(count + 1, sizeof(char *)), TRIES_MAX,
                           clock_mono_ns() };
    return auth;
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    for (size_t i = 0; i < auth->count; i++)
        wipe(auth->passwords[i]);
    free(auth->passwords);
    free(auth);
}

/* Takes as long wherever they differ. */
static bool is_same(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned char differs = strlen(b) != len;
    for (size_t i = 0; i < len && b[i]; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return !differs;
}

static bool may_try(struct auth *auth)
{
    uint64_t now = clock_mono_ns();
    double more = (double)(now - auth->counted_ns) / (double)CLOCK_NS_PER_S * TRIES_MAX;
    auth->tries = MIN_OF(auth->tries + more, TRIES_MAX);
    auth->counted_ns = now;
    if (auth->tries < 1)
        return false;
    auth->tries--;
    return true;
}

static bool is_hash_of(const char *password, const char *hash)
{
    struct crypt_data *data = xcalloc(1, sizeof(*data));
    const char *found = crypt_r(password, hash, data);
    bool is_good = found && is_same(found, hash);
    explicit_bzero(data, sizeof(*data));
    free(data);
    return is_good;
}

static size_t user_of(const struct auth *auth, const char *name)
{
    size_t found = auth->count;
    for (size_t i = 0; i < auth->count; i++)
        if (is_same(name, auth->users[i].name))
            found = i;
    return found;
}

enum auth_verdict auth_check(struct auth *auth, const char *name, const char *password)
{
    if (!auth->count)
        return AUTH_GOOD;
    if (!name || !password)
        return AUTH_WRONG;
    size_t user = user_of(auth, name);
    if (user < auth->count && auth->passwords[user] && is_same(password, auth->passwords[user]))
        return AUTH_GOOD;
    if (!may_try(auth))
        return AUTH_TOO_OFTEN;
    if (!is_hash_of(password, user < auth->count ? auth->users[user].hash : NOBODYS_HASH) ||
        user == auth->count)
        return AUTH_WRONG;
    wipe(auth->passwords[user]);
    auth->passwords[user] = xstrdup(password);
    return AUTH_GOOD;
}
