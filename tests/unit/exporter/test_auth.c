/* What is remembered of good passwords, and what wrong ones cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "exporter/auth.h"

enum { PEER = 1 };

#define CHEAP "$2y$04$mPMlh7RMA28b0wqgyVRlQed8hEDDm5ZD9rkBJ4x1YZYQHa/2w0Wh2"
#define CHEAP_TOO "$2y$04$mldIjOBdgNblFtXUi/JP..d9p3hhsJTG5q3GstP7FQk9j/M40QYpi"
#define COSTLY                                                                                     \
    "$2b$14$" /* nobody's password */                                                              \
    "abcdefghijklmnopqrstuu"                                                                       \
    "abcdefghijklmnopqrstuvwxyzABCDE"

static const struct auth_user before[] = {
    { "ann", CHEAP }, { "bob", CHEAP }, { "eve", CHEAP }, { "key", COSTLY }
};
static const struct auth_user after[] = {
    { "key", COSTLY }, { "bob", CHEAP_TOO }, { "dan", CHEAP }, { "ann", CHEAP }
};

static void expect(struct auth *auth, const char *name, const char *password,
                   enum auth_verdict verdict)
{
    assert_int_equal(auth_check(auth, PEER, name, password), verdict);
}

/* One look at a costly hash uses up a peer's time, though not its tries. */
static void time_is_what_is_spent(void **state)
{
    struct auth *auth = auth_new(before, ARRAY_LEN(before));
    (void)state;
    expect(auth, "ann", "right", AUTH_GOOD);
    expect(auth, "key", "wrong", AUTH_WRONG);
    expect(auth, "key", "wrong", AUTH_TOO_OFTEN);
    expect(auth, "bob", "right", AUTH_TOO_OFTEN);
    expect(auth, "ann", "right", AUTH_GOOD);
    assert_true(auth_wait_s(auth, PEER) > 0);
    auth_free(auth);
}

static void who_stays_the_same_is_remembered(void **state)
{
    struct auth *old = auth_new(before, ARRAY_LEN(before));
    struct auth *auth = auth_new(after, ARRAY_LEN(after));
    (void)state;
    expect(old, "ann", "right", AUTH_GOOD);
    expect(old, "bob", "right", AUTH_GOOD);
    expect(old, "eve", "right", AUTH_GOOD);
    expect(old, "key", "wrong", AUTH_WRONG);
    auth_inherit(auth, old);
    auth_free(old);
    expect(auth, "ann", "right", AUTH_GOOD);
    expect(auth, "bob", "right", AUTH_TOO_OFTEN); /* another hash: it has to be looked at */
    expect(auth, "dan", "right", AUTH_TOO_OFTEN);
    expect(auth, "eve", "right", AUTH_TOO_OFTEN);
    auth_free(auth);
}

static void costs_are_read(void **state)
{
    (void)state;
    assert_true(auth_hash_is_known(COSTLY) && auth_hash_is_known(CHEAP));
    assert_int_equal(auth_hash_cost(COSTLY), AUTH_COST_MAX);
    assert_int_equal(auth_hash_cost(CHEAP), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_what_is_spent),
        cmocka_unit_test(who_stays_the_same_is_remembered),
        cmocka_unit_test(costs_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
