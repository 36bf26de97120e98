/* What a session says without a driver; the rest of it is tested through the public library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/session.h"
#include "host/host.h"

static struct session *open_session(void)
{
    struct session *session = NULL;
    struct session_options options = { .nvml_path = "/nowhere/libnvidia-ml.so.1",
                                       .open_ms = 10000,
                                       .read_ms = 1000 };
    assert_int_equal(session_open(&options, &session), NVITOP_OK);
    return session;
}

static void close_session(struct session *session)
{
    assert_true(session_close(session, clock_mono_ns() + CLOCK_NS_PER_S));
}

static bool descends(struct session *session, pid_t pid, pid_t root)
{
    int32_t roots[] = { 2147483647, root };
    return session_descends(session, (uint32_t)pid, roots, 2);
}

static void who_descends_from_whom(void **state)
{
    (void)state;
    int gate[2], status;
    struct session *session = open_session();
    assert_int_equal(pipe(gate), 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        close(gate[1]);
        _exit(read(gate[0], &byte, 1) == 0 ? 0 : 1);
    }
    assert_int_equal(host_parent(NULL, child), getpid());
    assert_true(descends(session, child, child));
    assert_true(descends(session, child, getpid()));
    assert_true(descends(session, child, getppid()));
    assert_true(descends(session, child, 1));
    assert_false(descends(session, getpid(), child));
    assert_false(session_descends(session, (uint32_t)child, NULL, 0));
    assert_false(descends(session, 0, 1));
    assert_false(session_descends(session, UINT32_MAX, (int32_t[]){ 1 }, 1));
    close(gate[0]);
    close(gate[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(descends(session, child, 1)); /* who has gone descends from nobody */
    assert_false(descends(session, child, child));
    assert_int_equal(host_parent(NULL, child), 0);
    close_session(session);
}

static void without_a_driver_nothing_is_touched(void **state)
{
    (void)state;
    struct nvml_failure failure = { 0 };
    struct session *session = open_session();
    struct nvitop_index index = { 0, -1 };
    struct metric_set wanted = { 0 };
    struct arena arena = { 0 };
    struct session_reading reading;
    struct session_processes processes = { .count = 7 };
    struct snapshot *snapshot = NULL;
    struct session_request request = { 0 };
    int32_t *migs = NULL;
    size_t count = 7;
    void *handle = &count;
    int code = 7;
    assert_int_equal(session_ready(session, &failure), NVITOP_ENOLIB);
    assert_int_equal(failure.status, NVITOP_ENOLIB);
    assert_int_equal(session_read(session, index, &wanted, &arena, &reading), NVITOP_ENOLIB);
    assert_int_equal(session_processes(session, index, &arena, &processes), NVITOP_ENOLIB);
    assert_int_equal(session_children(session, 0, &arena, &migs, &count), NVITOP_ENOLIB);
    assert_int_equal(session_handle(session, index, &handle, &code), NVITOP_ENOLIB);
    assert_int_equal(session_snapshot(session, &request, &snapshot), NVITOP_ENOLIB);
    session_forget(session, 0);
    assert_int_equal(processes.count, 7);
    assert_int_equal(count, 7);
    assert_int_equal(code, 7);
    assert_null(snapshot);
    assert_ptr_equal(handle, &count);
    close_session(session);
}

static void the_host_is_there(void **state)
{
    (void)state;
    struct value values[NVITOP_HOST_COUNT];
    struct session *session = open_session();
    session_host(session, values);
    assert_true(value_number(values[NVITOP_HOST_MEMORY_TOTAL - NVITOP_HOST_CPU_PERCENT], 0) > 0);
    close_session(session);
    struct session_options options = { .procfs = "/nowhere" };
    assert_int_equal(session_open(&options, &session), NVITOP_ENOTFOUND);
    assert_true(session_close(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_descends_from_whom),
        cmocka_unit_test(without_a_driver_nothing_is_touched),
        cmocka_unit_test(the_host_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
