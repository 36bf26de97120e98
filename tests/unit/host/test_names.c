/* What an account is called, by keys of more than one length; how often is asked for one that
 * nobody knows stands in test_user.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/names.h"

static int asked;

static char *ask(struct arena *arena, const void *key)
{
    const char *bytes = key;
    asked++;
    return *bytes == 'x' ? NULL : arena_printf(arena, "called %c", *bytes);
}

static char *otherwise(struct arena *arena, const void *key)
{
    return arena_printf(arena, "key %c", *(const char *)key);
}

static const struct names_source source = { ask, otherwise };

static void assert_name(struct names *names, const char *key, size_t size, const char *expected,
                        int expected_asked)
{
    bool is_known;
    assert_string_equal(names_get(names, &source, key, size, &is_known), expected);
    assert_int_equal(is_known, *key != 'x');
    assert_int_equal(asked, expected_asked);
}

static void an_account_is_all_of_its_bytes(void **state)
{
    (void)state;
    struct names names = { 0 };
    asked = 0;
    assert_name(&names, "ab", 2, "called a", 1);
    assert_name(&names, "ab", 1, "called a", 2);
    assert_name(&names, "ac", 2, "called a", 3);
    assert_name(&names, "ab", 2, "called a", 3);
    names_done(&names);
}

static void many_processes_of_many_accounts_ask_once_for_each(void **state)
{
    (void)state;
    struct names names = { 0 };
    asked = 0;
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 100; i++) {
            const char key[2] = { 'a', (char)i };
            assert_name(&names, key, sizeof(key), "called a", round ? 100 : i + 1);
        }
    names_done(&names);
}

static void who_is_not_known_is_called_by_the_key(void **state)
{
    (void)state;
    struct names names = { 0 };
    asked = 0;
    assert_name(&names, "x", 1, "key x", 1);
    assert_name(&names, "x", 1, "key x", 1);
    names_done(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_is_all_of_its_bytes),
        cmocka_unit_test(many_processes_of_many_accounts_ask_once_for_each),
        cmocka_unit_test(who_is_not_known_is_called_by_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
