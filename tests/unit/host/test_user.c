/* How long it is remembered what a user is called, over a password database and a clock of our own:
 * this file defines the functions of the C library that are called. */
#include <errno.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "host/host.h"

enum { PID = 4242 }; /* of user 4000000001, in the tree of a server */

static struct {
    time_t now_s, look_up_s; /* what a look-up takes */
    int look_ups;
    char *name; /* NULL: the directory server is down */
} fake;

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    (void)clock;
    *ret_time = (struct timespec){ .tv_sec = fake.now_s };
    return 0;
}

int getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t size,
               struct passwd **ret_found)
{
    (void)buffer, (void)size;
    fake.look_ups++;
    fake.now_s += fake.look_up_s;
    *entry = (struct passwd){ .pw_uid = uid, .pw_name = fake.name };
    *ret_found = fake.name ? entry : NULL;
    return fake.name ? 0 : EIO;
}

static void assert_user(struct host *host, time_t later_s, const char *expected, int look_ups)
{
    struct arena arena = { 0 };
    struct host_process process;
    fake.now_s += later_s;
    host_process_read(host, PID, &arena, &process);
    assert_string_equal(process.user.text, expected);
    assert_int_equal(fake.look_ups, look_ups);
    arena_done(&arena);
}

static struct host *open_server(void)
{
    struct arena arena = { 0 };
    struct host *host = NULL;
    memset(&fake, 0, sizeof(fake));
    fake.now_s = 1000;
    assert_int_equal(host_open(arena_printf(&arena, "%s/server", getenv("NVITOP_TREES")), &host),
                     NVITOP_OK);
    arena_done(&arena);
    return host;
}

static void a_name_is_asked_for_once(void **state)
{
    (void)state;
    struct host *host = open_server();
    fake.name = "ada";
    assert_user(host, 0, "ada", 1);
    fake.name = "bob";
    assert_user(host, 100000, "ada", 1);
    host_close(host);
}

static void who_was_not_found_is_asked_for_again(void **state)
{
    (void)state;
    struct host *host = open_server();
    assert_user(host, 0, "4000000001", 1);
    assert_user(host, 59, "4000000001", 1);
    assert_user(host, 1, "4000000001", 2);
    fake.name = "ada";
    assert_user(host, 59, "4000000001", 2);
    assert_user(host, 1, "ada", 3);
    fake.name = NULL;
    assert_user(host, 100000, "ada", 3);
    host_close(host);
}

static void who_takes_long_to_say_no_is_asked_less_often(void **state)
{
    (void)state;
    struct host *host = open_server();
    fake.look_up_s = 30;
    assert_user(host, 0, "4000000001", 1);
    assert_user(host, 60 * 30 - 1, "4000000001", 1);
    assert_user(host, 1, "4000000001", 2);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_asked_for_once),
        cmocka_unit_test(who_was_not_found_is_asked_for_again),
        cmocka_unit_test(who_takes_long_to_say_no_is_asked_less_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
