/* The stub: it builds, and never claims to know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "host/host.h"

static void the_stub_says_not_supported(void **state)
{
    struct arena arena = { 0 };
    struct host *host = NULL;
    struct value values[NVITOP_HOST_COUNT];
    struct host_command command;
    struct value why_environ;
    enum nvitop_why why = NVITOP_WHY_NONE;
    char **pairs;
    pid_t *pids;
    size_t count = 1;
    (void)state;
    assert_int_equal(host_open("/proc", &host), NVITOP_ENOTSUP);
    assert_int_equal(host_open(NULL, &host), NVITOP_OK);
    host_read_totals(host, values);
    for (int i = 0; i < NVITOP_HOST_COUNT; i++)
        assert_int_equal(values[i].why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(host_pid_max(host), 4194304);
    assert_true(host_is_initial_pid_ns(host));
    assert_false(host_is_own_mount(host));
    assert_false(host_process_has_gpu(host, getpid(), &why));
    assert_int_equal(why, NVITOP_WHY_NOT_SUPPORTED);
    host_command_read_blocking(NULL, getpid(), &arena, &command);
    assert_int_equal(command.command.why, NVITOP_WHY_NOT_SUPPORTED);
    assert_false(command.is_empty);
    host_environ_read_blocking(NULL, getpid(), &arena, &pairs, &count, &why_environ);
    assert_int_equal(why_environ.why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(count, 0);
    assert_int_equal(host_pids(host, &arena, &pids), 0);
    host_forget(host, NULL, 0);
    host_close(host);
    arena_done(&arena);
}

static void the_stub_can_tell_the_living_from_the_dead(void **state)
{
    struct arena arena = { 0 };
    struct host *host = NULL;
    struct host_process process;
    (void)state;
    assert_int_equal(host_open(NULL, &host), NVITOP_OK);
    host_process_read(host, getpid(), &arena, &process);
    assert_int_equal(process.presence, HOST_PRESENT);
    assert_int_equal(process.user.why, NVITOP_WHY_NOT_SUPPORTED);
    host_process_read(host, INT32_MAX, &arena, &process);
    assert_int_equal(process.presence, HOST_GONE);
    host_process_read(host, 0, &arena, &process);
    assert_int_equal(process.presence, HOST_GONE);
    host_close(host);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stub_says_not_supported),
        cmocka_unit_test(the_stub_can_tell_the_living_from_the_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
