/*
 * An attacker learns nothing from how long an answer takes: a name that there is not costs the same
 * hash, and texts are compared to their ends.
 */
#include "exporter/auth.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "exporter/auth_hash.h"
#include "exporter/budget.h"

enum { HASH_LEN = 60, COST_AT = 4 };

struct auth {
    const struct auth_user *users;
    size_t count;
    char **passwords; /* of each user, the last good one; NULL: none yet */
    struct budget budget;
};

bool auth_hash_is_known(const char *hash)
{
    return strlen(hash) == HASH_LEN && strncmp(hash, "$2", 2) == 0 && strchr("aby", hash[2]) &&
           auth_hash_is_good(hash);
}

int auth_hash_cost(const char *hash)
{
    return atoi(hash + COST_AT);
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
        mem_wipe(text, strlen(text));
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

static bool is_same_user(const struct auth_user *a, const struct auth_user *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->hash, b->hash) == 0;
}

void auth_inherit(struct auth *auth, struct auth *before)
{
    auth->budget = before->budget;
    for (size_t i = 0; i < auth->count; i++)
        for (size_t j = 0; j < before->count; j++)
            if (before->passwords[j] && is_same_user(&auth->users[i], &before->users[j])) {
                wipe(auth->passwords[i]);
                auth->passwords[i] = before->passwords[j];
                before->passwords[j] = NULL;
            }
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

static bool is_hash_of(const char *password, const char *hash)
{
    struct str made = { 0 };
    bool is_good = auth_hash_make(hash, password, &made) && is_same(str_text(&made), hash);
    mem_wipe(made.data, made.len);
    str_done(&made);
    return is_good;
}

/* What it costs is told to the budget. */
static bool try_hash(struct auth *auth, uint64_t peer, const char *password, const char *hash)
{
    uint64_t begin_ns = clock_mono_ns();
    bool is_good = is_hash_of(password, hash);
    budget_spend(&auth->budget, peer, clock_mono_ns() - begin_ns);
    return is_good;
}

double auth_wait_s(struct auth *auth, uint64_t peer)
{
    return budget_wait_s(&auth->budget, peer, clock_mono_ns());
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
    if (auth_wait_s(auth, peer) > 0)
        return AUTH_TOO_OFTEN;
    if (!try_hash(auth, peer, password, auth->users[is_known ? user : 0].hash) || !is_known)
        return AUTH_WRONG;
    wipe(auth->passwords[user]);
    auth->passwords[user] = xstrdup(password);
    return AUTH_GOOD;
}
