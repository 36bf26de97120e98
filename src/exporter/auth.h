/*
 * Basic authentication. Passwords are known as bcrypt hashes alone; one that was good is
 * remembered, since a hash takes a tenth of a second, and wrong ones are checked only as the budget
 * allows.
 */
#ifndef NVITOP_EXPORTER_AUTH_H
#define NVITOP_EXPORTER_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct auth;

struct auth_user {
    const char *name, *hash; /* "$2b$…" */
};

enum auth_verdict { AUTH_GOOD, AUTH_WRONG, AUTH_TOO_OFTEN };

/* Is that a bcrypt hash that can be checked here? */
bool auth_hash_is_known(const char *hash);

/* Of one that can: it takes twice as long for each more. */
enum { AUTH_COST_MAX = 14 }; /* about a second */
int auth_hash_cost(const char *hash);

/* The users must outlive it. Without any, everybody is let in. */
struct auth *auth_new(const struct auth_user *users, size_t count);
void auth_free(struct auth *auth); /* what it remembers is wiped; NULL is fine */

/* What is remembered of users that are the same moves here from `before`, and what was spent. */
void auth_inherit(struct auth *auth, struct auth *before);

/* One request of this peer (see clients_peer) with this name and password; NULL: it has none. Of
 * one thread. */
enum auth_verdict auth_check(struct auth *auth, uint64_t peer, const char *name,
                             const char *password);

/* How many seconds until this peer's next password is looked at, 0: it is. */
double auth_wait_s(struct auth *auth, uint64_t peer);

#endif
