/* The reader over the real /proc and children of ours. What needs root is skipped without. */
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/sched.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "host/host.h"

enum { NOBODY = 65534, LONG_ARGUMENT = 128 * 1024 - 1, CANNOT = 77 };

/* A child that waits until it is killed or the test ends. */
struct child {
    pid_t pid;
    int hold; /* our end of the pipe that it waits on */
};

static void wait_for_end(int hold, int ready)
{
    char byte = 'r';
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (write(ready, &byte, 1) == 1)
        while (read(hold, &byte, 1) < 0 && errno == EINTR)
            ;
    _exit(0);
}

/* `pid` 0: any; else exactly that one (needs privilege; -1 if refused). */
static pid_t fork_as(pid_t pid)
{
    struct clone_args args = { .exit_signal = SIGCHLD };
    args.set_tid = (uint64_t)(uintptr_t)&pid;
    args.set_tid_size = 1;
    return pid ? (pid_t)syscall(SYS_clone3, &args, sizeof(args)) : fork();
}

static bool child_start_as(struct child *child, pid_t pid, uid_t uid, const char *name)
{
    int hold[2], ready[2];
    char byte;
    assert_int_equal(pipe(hold), 0);
    assert_int_equal(pipe(ready), 0);
    child->pid = fork_as(pid);
    if (child->pid == 0) {
        close(hold[1]);
        prctl(PR_SET_NAME, name);
        if (uid && setresuid(uid, uid, uid) != 0)
            _exit(1);
        wait_for_end(hold[0], ready[1]);
    }
    close(hold[0]);
    close(ready[1]);
    child->hold = hold[1];
    bool is_ready = child->pid > 0 && read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    return is_ready;
}

static void child_start(struct child *child)
{
    assert_true(child_start_as(child, 0, 0, "held"));
}

static void child_end(struct child *child)
{
    kill(child->pid, SIGKILL);
    assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
    close(child->hold);
}

static struct host *open_proc(void)
{
    struct host *host = NULL;
    assert_int_equal(host_open(NULL, &host), NVITOP_OK);
    return host;
}

static size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void we_see_ourselves(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host_self self;
    enum nvitop_why why;
    struct host *host = open_proc();
    (void)state;
    host_process_read(host, getpid(), &arena, &process);
    host_read_self(&arena, &self);
    assert_int_equal(process.presence, HOST_PRESENT);
    assert_int_equal(process.uid.i, getuid());
    assert_int_equal(self.uid, geteuid());
    assert_string_equal(process.user.text, self.user);
    assert_true(*self.hostname);
    assert_int_equal(self.is_superuser, geteuid() == 0);
    assert_int_equal(process.ppid.i, getppid());
    assert_int_equal(process.threads.i, 1);
    assert_string_equal(process.state.text, "R");
    assert_true(process.rss.i > 0);
    assert_true(process.running_time.r >= 0 && process.running_time.r < 600);
    assert_true(host_is_own_mount(host));
    assert_true(host_pid_max(host) >= (uint32_t)getpid());
    assert_false(host_process_has_gpu(host, getpid(), &why));
    assert_int_equal(why, NVITOP_WHY_NONE);
    host_close(host);
    arena_done(&arena);
}

static void totals_are_there(void **state)
{
    struct value values[NVITOP_HOST_COUNT];
    struct host *host = open_proc();
    (void)state;
    host_read_totals(host, values);
    assert_int_equal(values[0].why, NVITOP_WHY_NO_SAMPLE);
    for (int i = 1; i < NVITOP_HOST_COUNT; i++)
        assert_int_not_equal(values[i].kind, NVITOP_NA);
    host_read_totals(host, values); /* much less than 100 ms later */
    assert_int_equal(values[0].why, NVITOP_WHY_NO_SAMPLE);
    host_close(host);
}

static void trap23_a_process_ends(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct child child;
    siginfo_t info;
    struct host *host = open_proc();
    (void)state;
    child_start(&child);
    host_process_read(host, child.pid, &arena, &process);
    assert_int_equal(process.presence, HOST_PRESENT);
    assert_string_equal(process.name.text, "held");
    kill(child.pid, SIGKILL);
    assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WEXITED | WNOWAIT), 0);
    host_process_read(host, child.pid, &arena, &process);
    assert_int_equal(process.presence, HOST_ZOMBIE);
    child_end(&child);
    host_process_read(host, child.pid, &arena, &process);
    assert_int_equal(process.presence, HOST_GONE);
    host_close(host);
    arena_done(&arena);
}

static void trap23_a_pid_is_used_again(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct child child;
    struct host *host = open_proc();
    (void)state;
    child_start(&child);
    pid_t pid = child.pid;
    host_process_read(host, pid, &arena, &process);
    assert_int_equal(process.uid.i, getuid());
    child_end(&child);
    if (!child_start_as(&child, pid, NOBODY, "another")) {
        host_close(host);
        arena_done(&arena);
        skip();
    }
    assert_int_equal(child.pid, pid);
    host_process_read(host, pid, &arena, &process);
    assert_int_equal(process.presence, HOST_PRESENT);
    assert_string_equal(process.name.text, "another");
    assert_int_equal(process.uid.i, NOBODY);
    child_end(&child);
    host_close(host);
    arena_done(&arena);
}

static void descriptors_are_kept_within_a_limit(void **state)
{
    enum { LIMIT = 260, CHILDREN = 40, KEPT = (LIMIT - 192) / 2, FEW = 7 };
    struct child children[CHILDREN];
    struct arena arena = { 0 };
    struct host_process process;
    struct rlimit before, small;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    small = (struct rlimit){ .rlim_cur = LIMIT, .rlim_max = before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
    struct host *host = open_proc();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    for (int i = 0; i < CHILDREN; i++)
        child_start(&children[i]);
    size_t open_before = count_descriptors();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < CHILDREN; i++) {
            host_process_read(host, children[i].pid, &arena, &process);
            assert_int_equal(process.presence, HOST_PRESENT);
            assert_int_equal(process.pid, children[i].pid);
        }
    assert_in_range(count_descriptors(), open_before + KEPT, open_before + 2 * KEPT);
    host_forget(host, &children[3].pid, 1);
    assert_in_range(count_descriptors(), open_before + 1, open_before + 2);
    host_limit_kept(host, FEW);
    for (int i = 0; i < CHILDREN; i++) {
        host_process_read(host, children[i].pid, &arena, &process);
        assert_int_equal(process.presence, HOST_PRESENT);
    }
    assert_in_range(count_descriptors(), open_before + FEW, open_before + 2 * FEW);
    for (int i = 0; i < CHILDREN; i++)
        child_end(&children[i]);
    host_close(host);
    arena_done(&arena);
}

static void memory_is_followed_wherever_it_goes(void **state)
{
    enum { SIZE = 32 << 20, SLACK = 8 << 20 };
    struct arena arena = { 0 };
    struct host_process before, with, after;
    struct host *host = open_proc();
    (void)state;
    host_process_read(host, getpid(), &arena, &before); /* status */
    host_process_read(host, getpid(), &arena, &before);
    char *block = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(block != MAP_FAILED);
    memset(block, 1, SIZE);
    host_process_read(host, getpid(), &arena, &with);
    assert_int_equal(munmap(block, SIZE), 0);
    host_process_read(host, getpid(), &arena, &after);
    assert_true(with.rss.i - before.rss.i > SIZE - SLACK); /* a sanitizer may need more */
    assert_true(with.rss.i - after.rss.i > SIZE - SLACK);
    host_close(host);
    arena_done(&arena);
}

/* Runs `look` in a child that is nobody, on a /proc of its own with `options`. Its exit status. */
static int as_nobody(const char *options, int (*look)(const char *root, pid_t pid))
{
    char root[] = "/tmp/nvitop-test-XXXXXX";
    int status = 0;
    assert_non_null(mkdtemp(root));
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        bool is_ready = geteuid() == 0 && chmod(root, 0755) == 0 && unshare(CLONE_NEWNS) == 0 &&
                        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                        mount("proc", root, "proc", 0, options) == 0 && setgroups(0, NULL) == 0 &&
                        setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
                        setresuid(NOBODY, NOBODY, NOBODY) == 0;
        _exit(is_ready ? look(root, parent) : CANNOT);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    rmdir(root);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Each wrong answer has its number. */
static int look_at_hidden(const char *root, pid_t pid)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host *host;
    if (host_open(root, &host) != 0)
        return 1;
    if (!host_is_own_mount(host))
        return 2;
    host_process_read(host, pid, &arena, &process);
    if (process.presence != HOST_HIDDEN || process.user.kind != NVITOP_NA ||
        process.user.why != NVITOP_WHY_NO_PERMISSION)
        return 3;
    host_process_read(host, getpid(), &arena, &process);
    if (process.presence != HOST_PRESENT || process.uid.i != NOBODY)
        return 4;
    host_process_read(host, INT32_MAX, &arena, &process);
    return process.presence == HOST_GONE ? 0 : 5;
}

static int look_at_foreign(const char *root, pid_t pid)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host_command command;
    struct value why_environ;
    enum nvitop_why why_gpu;
    struct host *host;
    char **pairs;
    size_t count;
    if (host_open(root, &host) != 0)
        return 1;
    host_process_read(host, pid, &arena, &process);
    host_command_read_blocking(root, pid, &arena, &command);
    if (process.presence != HOST_PRESENT || process.uid.i != 0 ||
        command.command.kind != NVITOP_TEXT)
        return 2;
    host_environ_read_blocking(root, pid, &arena, &pairs, &count, &why_environ);
    if (why_environ.kind != NVITOP_NA || why_environ.why != NVITOP_WHY_NO_PERMISSION)
        return 3;
    bool has_gpu = host_process_has_gpu(host, pid, &why_gpu);
    return !has_gpu && why_gpu == NVITOP_WHY_NO_PERMISSION ? 0 : 4;
}

static void trap24_hidepid_is_not_gone(void **state)
{
    (void)state;
    int status = as_nobody("hidepid=2", look_at_hidden);
    if (status == CANNOT)
        skip();
    assert_int_equal(status, 0);
    assert_int_equal(as_nobody("hidepid=1", look_at_hidden), 0);
}

static void what_is_anothers_is_not_permitted(void **state)
{
    (void)state;
    int status = as_nobody("", look_at_foreign);
    if (status == CANNOT)
        skip();
    assert_int_equal(status, 0);
}

/* A process in a pid namespace of its own sees the outer /proc: those pids are not its own. */
static void another_namespaces_tree_is_not_ours(void **state)
{
    int status = 0;
    (void)state;
    pid_t outer = fork();
    if (outer == 0) {
        if (unshare(CLONE_NEWPID) != 0)
            _exit(CANNOT);
        pid_t inner = fork();
        if (inner == 0) {
            struct host *host;
            _exit(host_open(NULL, &host) == 0 ? host_is_own_mount(host) : 2);
        }
        waitpid(inner, &status, 0);
        _exit(WEXITSTATUS(status));
    }
    assert_int_equal(waitpid(outer, &status, 0), outer);
    if (WEXITSTATUS(status) == CANNOT)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* The first process of a namespace starts one that has the same pid inside and outside. */
static int start_namesake(pid_t pid)
{
    pid_t pids[2] = { pid, pid };
    struct clone_args args = { .exit_signal = SIGCHLD };
    int status = 0;
    args.set_tid = (uint64_t)(uintptr_t)pids;
    args.set_tid_size = ARRAY_LEN(pids);
    pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
    if (child == 0) {
        struct host *host;
        char self[32] = "", own[32];
        snprintf(own, sizeof(own), "%ld", (long)getpid());
        bool is_alike = readlink("/proc/self", self, sizeof(self) - 1) > 0 && !strcmp(self, own);
        _exit(!is_alike ? CANNOT : host_open(NULL, &host) == 0 ? host_is_own_mount(host) : 2);
    }
    return child > 0 && waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : CANNOT;
}

static void the_same_number_elsewhere_is_not_us(void **state)
{
    struct child free_pid;
    int status = 0;
    (void)state;
    child_start(&free_pid);
    child_end(&free_pid);
    pid_t outer = fork();
    if (outer == 0) {
        if (unshare(CLONE_NEWPID) != 0)
            _exit(CANNOT);
        pid_t init = fork();
        if (init == 0)
            _exit(start_namesake(free_pid.pid));
        waitpid(init, &status, 0);
        _exit(WEXITSTATUS(status));
    }
    assert_int_equal(waitpid(outer, &status, 0), outer);
    if (WEXITSTATUS(status) == CANNOT)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* This program again, with arguments as long as the kernel takes them. */
static void long_commands_are_read_whole(void **state)
{
    struct arena arena = { 0 };
    struct host_command command;
    int hold[2], ready[2];
    char byte, *argument = arena_alloc(&arena, LONG_ARGUMENT + 1);
    (void)state;
    memset(argument, 'x', LONG_ARGUMENT);
    assert_int_equal(pipe(hold), 0);
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(hold[0], STDIN_FILENO);
        dup2(ready[1], STDOUT_FILENO);
        close(hold[1]);
        execl("/proc/self/exe", "held", argument, argument, "", (char *)NULL);
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    host_command_read_blocking(NULL, pid, &arena, &command);
    assert_int_equal(command.command.kind, NVITOP_TEXT);
    size_t len = strlen(command.command.text);
    assert_int_equal(len, strlen("held") + 2 * (1 + (size_t)LONG_ARGUMENT));
    close(hold[1]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    arena_done(&arena);
}

static void a_command_beyond_reason_is_cut(void **state)
{
    enum { HUGE_SIZE = 3 << 19, LIMIT = 1 << 20 };
    char root[] = "/tmp/nvitop-test-XXXXXX", path[64];
    struct arena arena = { 0 };
    struct host_command command;
    char *bytes = xcalloc(HUGE_SIZE, 1);
    (void)state;
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof(path), "%s/7", root);
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(path, sizeof(path), "%s/7/cmdline", root);
    memset(bytes, 'y', HUGE_SIZE);
    memcpy(bytes, "a b", 4);
    FILE *file = fopen(path, "w");
    assert_int_equal(fwrite(bytes, 1, HUGE_SIZE, file), HUGE_SIZE);
    fclose(file);
    host_command_read_blocking(root, 7, &arena, &command);
    assert_int_equal(command.command.kind, NVITOP_TEXT);
    assert_int_equal(strlen(command.command.text), LIMIT + 2); /* and two quotes */
    assert_memory_equal(command.command.text, "\"a b\" yyy", 9);
    unlink(path);
    snprintf(path, sizeof(path), "%s/7", root);
    rmdir(path);
    rmdir(root);
    free(bytes);
    arena_done(&arena);
}

static void wsl_is_a_variable_even_when_empty(void **state)
{
    (void)state;
    unsetenv("WSL_DISTRO_NAME");
    assert_false(host_is_wsl());
    setenv("WSL_DISTRO_NAME", "", 1);
    assert_true(host_is_wsl());
    unsetenv("WSL_DISTRO_NAME");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(we_see_ourselves),
        cmocka_unit_test(totals_are_there),
        cmocka_unit_test(trap23_a_process_ends),
        cmocka_unit_test(trap23_a_pid_is_used_again),
        cmocka_unit_test(descriptors_are_kept_within_a_limit),
        cmocka_unit_test(memory_is_followed_wherever_it_goes),
        cmocka_unit_test(trap24_hidepid_is_not_gone),
        cmocka_unit_test(what_is_anothers_is_not_permitted),
        cmocka_unit_test(another_namespaces_tree_is_not_ours),
        cmocka_unit_test(the_same_number_elsewhere_is_not_us),
        cmocka_unit_test(long_commands_are_read_whole),
        cmocka_unit_test(a_command_beyond_reason_is_cut),
        cmocka_unit_test(wsl_is_a_variable_even_when_empty),
    };
    if (argc > 1 && strcmp(argv[0], "held") == 0)
        wait_for_end(STDIN_FILENO, STDOUT_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
