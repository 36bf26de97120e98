/* Signals: who gets them, and who does not. First over a kernel of our own making, then live. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "host/host.h"
#include "host/linux/deliver.h"

enum { NOBODY = 65534, TICKS = 7, OTHER_TICKS = 8, PID = 42, CANNOT = 77 };
enum { CALL_PIDFD_OPEN = 434 };

/* What the made-up kernel answers, and what it was asked, in letters. */
static struct {
    int open_error, send_error, kill_error;
    uint64_t start_ticks;
    char asked[8];
    int fd;
} kernel;

static void note(const char *call)
{
    strncat(kernel.asked, call, sizeof(kernel.asked) - strlen(kernel.asked) - 1);
}

static int fake_open(pid_t pid)
{
    assert_int_equal(pid, PID);
    note("o");
    kernel.fd = kernel.open_error ? -kernel.open_error : open("/dev/null", O_RDONLY | O_CLOEXEC);
    return kernel.fd;
}

static int fake_send(int fd, int signal)
{
    assert_int_equal(fd, kernel.fd);
    assert_int_equal(signal, SIGTERM);
    note("s");
    return -kernel.send_error;
}

static int fake_kill(pid_t pid, int signal)
{
    assert_int_equal(pid, PID);
    assert_int_equal(signal, SIGTERM);
    note("k");
    return -kernel.kill_error;
}

static uint64_t fake_start(const char *root, pid_t pid)
{
    assert_string_equal(root, "/tree");
    assert_int_equal(pid, PID);
    note("t");
    return kernel.start_ticks;
}

static const struct deliver_calls fake = { fake_open, fake_send, fake_kill, fake_start };

static int deliver(pid_t pid, uint64_t start_ticks)
{
    memset(kernel.asked, 0, sizeof(kernel.asked));
    return deliver_signal(&fake, "/tree", pid, start_ticks, SIGTERM);
}

static int reset(void **state)
{
    (void)state;
    memset(&kernel, 0, sizeof(kernel));
    kernel.start_ticks = TICKS;
    return 0;
}

static void it_is_held_then_compared_then_signalled(void **state)
{
    (void)state;
    assert_int_equal(deliver(PID, TICKS), NVITOP_OK);
    assert_string_equal(kernel.asked, "ots");
    assert_int_equal(fcntl(kernel.fd, F_GETFD), -1); /* and let go of */
}

static void trap_23_another_one_gets_nothing(void **state)
{
    (void)state;
    kernel.start_ticks = OTHER_TICKS;
    assert_int_equal(deliver(PID, TICKS), NVITOP_EGONE);
    assert_string_equal(kernel.asked, "ot");
    kernel.open_error = ENOSYS;
    assert_int_equal(deliver(PID, TICKS), NVITOP_EGONE);
    assert_string_equal(kernel.asked, "ot");
}

static void trap_23_one_that_has_gone_gets_nothing(void **state)
{
    (void)state;
    kernel.open_error = ESRCH;
    assert_int_equal(deliver(PID, TICKS), NVITOP_EGONE);
    assert_string_equal(kernel.asked, "o");
    kernel.open_error = 0;
    kernel.send_error = ESRCH;
    assert_int_equal(deliver(PID, TICKS), NVITOP_EGONE);
    assert_string_equal(kernel.asked, "ots");
}

/* An old kernel, or a filter that forbids the calls: compared and killed. */
static void without_descriptors_it_is_compared_and_killed(void **state)
{
    (void)state;
    const int refusals[] = { ENOSYS, EPERM };
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        kernel.open_error = refusals[i];
        kernel.send_error = 0;
        assert_int_equal(deliver(PID, TICKS), NVITOP_OK);
        assert_string_equal(kernel.asked, "otk");
        kernel.open_error = 0;
        kernel.send_error = refusals[i];
        assert_int_equal(deliver(PID, TICKS), NVITOP_OK);
        assert_string_equal(kernel.asked, "otsk");
    }
}

static void trap_25_what_is_not_permitted_says_so(void **state)
{
    (void)state;
    kernel.send_error = kernel.kill_error = EPERM;
    assert_int_equal(deliver(PID, TICKS), NVITOP_EPERM);
    kernel.send_error = EINVAL;
    assert_int_equal(deliver(PID, TICKS), NVITOP_EUNKNOWN);
}

static void trap_24_who_is_not_known_is_not_even_looked_for(void **state)
{
    (void)state;
    const pid_t pids[] = { 1, 0, -1, -PID };
    assert_int_equal(deliver(PID, 0), NVITOP_ENOTSUP);
    assert_string_equal(kernel.asked, "");
    for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
        assert_int_equal(deliver(pids[i], TICKS), NVITOP_EUNKNOWN);
        assert_string_equal(kernel.asked, "");
    }
}

/* ---- live ---- */

/* A child that waits to be killed. `pid` 0: any, else that one; -1 if the system refuses. */
static pid_t child_start(pid_t pid)
{
    struct clone_args args = { .exit_signal = SIGCHLD };
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    args.set_tid = (uint64_t)(uintptr_t)&pid;
    args.set_tid_size = 1;
    pid_t child = pid ? (pid_t)syscall(SYS_clone3, &args, sizeof(args)) : fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (write(ready[1], "r", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    assert_true(child < 0 || read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    return child;
}

/* The signal that ended it; -1: it is alive, and ended now. */
static int end_of(pid_t child)
{
    int status = 0;
    bool is_alive = waitpid(child, &status, WNOHANG) == 0;
    kill(child, SIGKILL);
    if (is_alive)
        assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return is_alive && WTERMSIG(status) == SIGKILL ? -1 : WTERMSIG(status);
}

static void wait_for_end(pid_t child)
{
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
}

static void the_process_that_is_meant_gets_it(void **state)
{
    (void)state;
    pid_t child = child_start(0);
    uint64_t start_ticks = host_start_ticks(NULL, child);
    assert_true(start_ticks > 0);
    assert_int_equal(host_signal(NULL, child, start_ticks + 1, SIGTERM), NVITOP_EGONE);
    assert_int_equal(host_signal(NULL, child, 0, SIGTERM), NVITOP_ENOTSUP);
    assert_int_equal(host_signal(NULL, child, start_ticks, 0), NVITOP_OK);
    assert_int_equal(host_signal(NULL, child, start_ticks, SIGTERM), NVITOP_OK);
    wait_for_end(child);
    assert_int_equal(end_of(child), SIGTERM);
    assert_int_equal(host_start_ticks(NULL, child), 0);
    assert_int_equal(host_signal(NULL, child, start_ticks, SIGTERM), NVITOP_EGONE);
}

/* It was on the screen, then its pid became another's. */
static void trap_23_a_pid_that_is_used_again_is_not_signalled(void **state)
{
    (void)state;
    pid_t child = child_start(0);
    uint64_t start_ticks = host_start_ticks(NULL, child);
    assert_int_equal(end_of(child), -1);
    pid_t again = child;
    do { /* start times are counted in hundredths of a second */
        again = child_start(child);
        if (again < 0)
            skip();
        if (host_start_ticks(NULL, child) == start_ticks)
            assert_int_equal(end_of(child), -1);
        else
            break;
    } while (true);
    assert_int_equal(host_signal(NULL, child, start_ticks, SIGKILL), NVITOP_EGONE);
    kill(again, SIGTERM);
    wait_for_end(again);
    assert_int_equal(end_of(again), SIGTERM);
}

static void trap_25_another_users_process_is_not_ours_to_end(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t child = child_start(0), sender = fork();
    int status = 0;
    if (sender == 0) {
        uint64_t start_ticks = host_start_ticks(NULL, child);
        bool is_nobody = setresuid(NOBODY, NOBODY, NOBODY) == 0;
        _exit(!is_nobody ? CANNOT : -host_signal(NULL, child, start_ticks, SIGTERM));
    }
    assert_int_equal(waitpid(sender, &status, 0), sender);
    assert_int_equal(WEXITSTATUS(status), -NVITOP_EPERM);
    assert_int_equal(end_of(child), -1);
}

/* As in a container whose filter knows nothing newer than kill(2). */
static void forbid_descriptors(void)
{
    const struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL_PIDFD_OPEN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { ARRAY_LEN(program), (struct sock_filter *)(uintptr_t)program };
    bool is_forbidden = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 &&
                        syscall(CALL_PIDFD_OPEN, getpid(), 0) == -1 && errno == EPERM;
    if (!is_forbidden)
        _exit(CANNOT);
}

static void a_filter_that_forbids_descriptors_changes_nothing(void **state)
{
    (void)state;
    pid_t child = child_start(0), sender = fork();
    int status = 0;
    if (sender == 0) {
        uint64_t start_ticks = host_start_ticks(NULL, child);
        forbid_descriptors();
        int refused = host_signal(NULL, child, start_ticks + 1, SIGTERM);
        int sent = host_signal(NULL, child, start_ticks, SIGTERM);
        _exit(refused == NVITOP_EGONE && sent == NVITOP_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(sender, &status, 0), sender);
    if (WEXITSTATUS(status) == CANNOT) {
        end_of(child);
        skip();
    }
    assert_int_equal(status, 0);
    wait_for_end(child);
    assert_int_equal(end_of(child), SIGTERM);
}

static void parents_are_told_of_everybody(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct host_parent *parents;
    struct host *host;
    bool is_found = false;
    pid_t child = child_start(0);
    assert_int_equal(host_open(NULL, &host), NVITOP_OK);
    size_t count = host_parents(host, &arena, &parents);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || parents[i - 1].pid < parents[i].pid);
        if (parents[i].pid == child)
            is_found = parents[i].ppid == getpid();
    }
    assert_true(is_found);
    assert_int_equal(end_of(child), -1);
    host_close(host);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_held_then_compared_then_signalled, reset),
        cmocka_unit_test_setup(trap_23_another_one_gets_nothing, reset),
        cmocka_unit_test_setup(trap_23_one_that_has_gone_gets_nothing, reset),
        cmocka_unit_test_setup(without_descriptors_it_is_compared_and_killed, reset),
        cmocka_unit_test_setup(trap_25_what_is_not_permitted_says_so, reset),
        cmocka_unit_test_setup(trap_24_who_is_not_known_is_not_even_looked_for, reset),
        cmocka_unit_test(the_process_that_is_meant_gets_it),
        cmocka_unit_test(trap_23_a_pid_that_is_used_again_is_not_signalled),
        cmocka_unit_test(trap_25_another_users_process_is_not_ours_to_end),
        cmocka_unit_test(a_filter_that_forbids_descriptors_changes_nothing),
        cmocka_unit_test(parents_are_told_of_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
