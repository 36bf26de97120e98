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

enum { PEER_SLOTS = 64, HASH_LEN = 60 };

/* So many hashes may be tried at once, and so many more a second. */
struct pace {
    double at_once, per_second;
};
static const struct pace pace_of_all = { 8, 5 }, pace_of_peer = { 4, 2 };

struct budget {
    double tries; /* left */
    uint64_t counted_ns;
};

struct auth {
    const struct auth_user *users;
    size_t count;
    char **passwords; /* of each user, the last good one; NULL: none yet */
    /* Of all, and of the peers whose number falls on a slot: one of them does not use up all. */
    struct budget all, peers[PEER_SLOTS];
};

bool auth_hash_is_known(const char *hash)
{
    return strlen(hash) == HASH_LEN && strncmp(hash, "$2", 2) == 0 && strchr("aby", hash[2]) &&
           crypt_checksalt(hash) == CRYPT_SALT_OK;
}

struct auth *auth_new(const struct auth_user *users, size_t count)
{
    struct auth *auth = xcalloc(1, sizeof(*auth));
    auth->users = users;
    auth->count = count;
    auth->passwords = xcalloc(count + 1, sizeof(char *));
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

/* One that was never counted is full. */
static bool has_tries(struct budget *budget, const struct pace *pace, uint64_t now_ns)
{
    double passed_s = (double)(now_ns - budget->counted_ns) / (double)CLOCK_NS_PER_S;
    budget->tries = budget->counted_ns
                        ? MIN_OF(budget->tries + passed_s * pace->per_second, pace->at_once)
                        : pace->at_once;
    budget->counted_ns = now_ns;
    return budget->tries >= 1;
}

static bool may_try(struct auth *auth, uint64_t peer)
{
    uint64_t now_ns = clock_mono_ns();
    struct budget *of_peer = &auth->peers[peer % PEER_SLOTS];
    if (!has_tries(of_peer, &pace_of_peer, now_ns) || !has_tries(&auth->all, &pace_of_all, now_ns))
        return false;
    of_peer->tries--;
    auth->all.tries--;
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

enum auth_verdict auth_check(struct auth *auth, uint64_t peer, const char *name,
                             const char *password)
{
    if (!auth->count)
        return AUTH_GOOD;
    if (!name || !password)
        return AUTH_WRONG;
    size_t user = user_of(auth, name);
    bool is_known = user < auth->count;
    if (is_known && auth->passwords[user] && is_same(password, auth->passwords[user]))
        return AUTH_GOOD;
    if (!may_try(auth, peer))
        return AUTH_TOO_OFTEN;
    if (!is_hash_of(password, auth->users[is_known ? user : 0].hash) || !is_known)
        return AUTH_WRONG;
    wipe(auth->passwords[user]);
    auth->passwords[user] = xstrdup(password);
    return AUTH_GOOD;
}
