/* Facts of many processes in one call, over the real /proc and children of ours. */
#include "stand.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/mem.h"

enum { THREADS = 4, TIMES = 200, CHILDREN = 80, KEPT = 64, LOOKS = 4100 };

/* A lazy session: no driver is needed for any of this. */
static void open_without_driver(struct stand *stand)
{
    stand_set(stand, "[device 0]\n");
    stand->options.nvml_path = "/nowhere/libnvidia-ml.so.1";
    stand->options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

static struct nvitop_host_process *read_some(struct stand *stand, const uint32_t *pids,
                                             size_t count, uint32_t flags)
{
    struct nvitop_host_process *rows = NULL;
    assert_int_equal(nvitop_host_processes(stand->session, pids, count, flags,
                                           sizeof(struct nvitop_host_process), &rows),
                     NVITOP_OK);
    assert_non_null(rows);
    return rows;
}

/* A child of that name that waits until it is killed. */
static uint32_t start_child(const char *name)
{
    int ready[2];
    char byte = 'r';
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_NAME, name);
        if (write(ready[1], &byte, 1) == 1)
            pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return (uint32_t)pid;
}

/* Ends it; its exit status stays until it is reaped. */
static void kill_child(uint32_t pid)
{
    siginfo_t info;
    kill((pid_t)pid, SIGKILL);
    assert_int_equal(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
}

static void reap(uint32_t pid)
{
    assert_int_equal(waitpid((pid_t)pid, NULL, 0), (pid_t)pid);
}

/* cat with these arguments, once it has them: it answers then. */
static uint32_t start_cat(int *ret_hold)
{
    int in[2], out[2];
    char byte = 'r';
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        execlp("cat", "cat", "-u", "--", "-", "", "a b", (char *)NULL);
        _exit(1);
    }
    close(in[0]);
    close(out[1]);
    assert_int_equal(write(in[1], &byte, 1), 1);
    assert_int_equal(read(out[0], &byte, 1), 1);
    close(out[0]);
    *ret_hold = in[1];
    return (uint32_t)pid;
}

static size_t descriptors(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

/* ---- tests ---- */

static void rows_are_in_the_order_of_the_pids(void **state)
{
    (void)state;
    struct stand stand;
    open_without_driver(&stand);
    uint32_t child = start_child("two words"), self = (uint32_t)getpid();
    uint32_t pids[] = { child, self, child, 0, UINT32_MAX };
    struct nvitop_host_process *rows = read_some(&stand, pids, ARRAY_LEN(pids), 0);
    for (size_t i = 0; i < ARRAY_LEN(pids); i++)
        assert_int_equal(rows[i].pid, pids[i]);
    assert_int_equal(rows[0].presence, NVITOP_PRESENCE_HERE);
    assert_int_equal(rows[0].ppid.u.i, self);
    assert_string_equal(rows[0].name.u.text, "two words");
    assert_string_equal(rows[0].comm, "two words");
    assert_string_equal(rows[1].state.u.text, "R");
    assert_int_equal(rows[1].uid.u.i, getuid());
    assert_int_equal(rows[1].user.kind, NVITOP_TEXT);
    assert_int_equal(rows[1].threads.u.i, 1);
    assert_true(rows[1].rss.u.i > 100000 && rows[1].running_time.u.r >= 0);
    assert_true(rows[0].start_ticks >= rows[1].start_ticks && rows[1].start_ticks > 0);
    assert_int_equal(rows[0].start_ticks, rows[2].start_ticks);
    for (size_t i = 3; i < ARRAY_LEN(pids); i++) {
        assert_int_equal(rows[i].presence, NVITOP_PRESENCE_GONE);
        assert_int_equal(rows[i].rss.why, NVITOP_WHY_GONE);
        assert_null(rows[i].comm);
    }
    nvitop_host_processes_free(rows);
    kill_child(child);
    reap(child);
    stand_end(&stand);
}

static void command_lines_only_if_wanted(void **state)
{
    static const char argv[] = "cat\0-u\0--\0-\0\0a b";
    (void)state;
    struct stand stand;
    int hold;
    open_without_driver(&stand);
    uint32_t pid = start_cat(&hold);
    struct nvitop_host_process *row = read_some(&stand, &pid, 1, 0);
    assert_int_equal(row->command.why, NVITOP_WHY_NOT_ASKED);
    assert_true(!row->argv && row->argv_len == 0);
    nvitop_host_processes_free(row);
    row = read_some(&stand, &pid, 1, NVITOP_HOST_PROCESS_COMMAND);
    assert_string_equal(row->command.u.text, "cat -u -- - \"\" \"a b\"");
    assert_int_equal(row->argv_len, sizeof(argv));
    assert_memory_equal(row->argv, argv, sizeof(argv));
    nvitop_host_processes_free(row);
    kill_child(pid);
    reap(pid);
    close(hold);
    stand_end(&stand);
}

static void names_are_printable_and_as_they_are(void **state)
{
    (void)state;
    struct stand stand;
    open_without_driver(&stand);
    uint32_t pid = start_child("a\033\377b");
    struct nvitop_host_process *row = read_some(&stand, &pid, 1, 0);
    assert_string_equal(row->comm, "a\033\377b");
    assert_string_not_equal(row->name.u.text, row->comm);
    assert_null(strchr(row->name.u.text, '\033'));
    nvitop_host_processes_free(row);
    kill_child(pid);
    reap(pid);
    stand_end(&stand);
}

static void ended_processes_are_not_what_they_were(void **state)
{
    (void)state;
    struct stand stand;
    open_without_driver(&stand);
    uint32_t pid = start_child("short");
    struct nvitop_host_process *before = read_some(&stand, &pid, 1, NVITOP_HOST_PROCESS_COMMAND);
    kill_child(pid);
    struct nvitop_host_process *row = read_some(&stand, &pid, 1, NVITOP_HOST_PROCESS_COMMAND);
    assert_int_equal(row->presence, NVITOP_PRESENCE_ZOMBIE);
    assert_int_equal(row->start_ticks, before->start_ticks);
    assert_int_equal(row->command.why, NVITOP_WHY_NOT_APPLICABLE);
    assert_true(row->argv && row->argv_len == 0);
    nvitop_host_processes_free(row);
    reap(pid);
    row = read_some(&stand, &pid, 1, NVITOP_HOST_PROCESS_COMMAND);
    assert_int_equal(row->presence, NVITOP_PRESENCE_GONE);
    assert_int_equal(row->start_ticks, 0);
    assert_int_equal(row->command.why, NVITOP_WHY_GONE);
    nvitop_host_processes_free(row);
    assert_string_equal(before->comm, "short"); /* each call's rows are their own */
    nvitop_host_processes_free(before);
    stand_end(&stand);
}

static void cpu_time_grows(void **state)
{
    (void)state;
    struct stand stand;
    open_without_driver(&stand);
    uint32_t self = (uint32_t)getpid();
    struct nvitop_host_process *first = read_some(&stand, &self, 1, 0), *later;
    for (;;) { /* works for a tick of the clock */
        later = read_some(&stand, &self, 1, 0);
        if (later->cpu_seconds.u.r > first->cpu_seconds.u.r)
            break;
        nvitop_host_processes_free(later);
    }
    double wall = (double)(later->read_ns - first->read_ns) / 1e9;
    assert_true(wall > 0 && later->running_time.u.r >= first->running_time.u.r);
    nvitop_host_processes_free(first);
    nvitop_host_processes_free(later);
    stand_end(&stand);
}

static void wrong_questions_touch_nothing(void **state)
{
    (void)state;
    struct stand stand;
    open_without_driver(&stand);
    uint32_t self = (uint32_t)getpid();
    enum { SIZE = sizeof(struct nvitop_host_process) };
    struct nvitop_host_process *const untouched = (struct nvitop_host_process *)&stand;
    struct nvitop_host_process *rows = untouched;
    struct nvitop_session *session = stand.session;
    assert_int_equal(nvitop_host_processes(NULL, &self, 1, 0, SIZE, &rows), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_processes(session, NULL, 1, 0, SIZE, &rows), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_processes(session, &self, 1, 2, SIZE, &rows), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_processes(session, &self, 1, 0, SIZE - 1, &rows), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_processes(session, &self, 1, 0, SIZE, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_host_processes(session, &self, SIZE_MAX, 0, SIZE, &rows),
                     NVITOP_ETOOBIG);
    assert_ptr_equal(rows, untouched);
    nvitop_host_processes_free(read_some(&stand, NULL, 0, 0));
    nvitop_host_processes_free(NULL);
    stand_end(&stand);
}

/* Programs that were built with a newer header have longer rows. */
static void rows_are_as_far_apart_as_the_callers(void **state)
{
    (void)state;
    struct stand stand;
    struct longer {
        struct nvitop_host_process row;
        uint64_t more;
    } *rows = NULL;
    open_without_driver(&stand);
    uint32_t pids[] = { (uint32_t)getpid(), (uint32_t)getppid() };
    assert_int_equal(nvitop_host_processes(stand.session, pids, 2, 0, sizeof(*rows),
                                           (struct nvitop_host_process **)&rows),
                     NVITOP_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(rows[i].row.pid, pids[i]);
        assert_int_equal(rows[i].more, 0);
    }
    nvitop_host_processes_free(&rows->row);
    stand_end(&stand);
}

static void *read_often(void *arg)
{
    uint32_t pids[] = { (uint32_t)getpid(), (uint32_t)getppid(), 1 };
    for (size_t i = 0; i < TIMES; i++) {
        struct nvitop_host_process *rows = read_some(arg, pids, 3, NVITOP_HOST_PROCESS_COMMAND);
        assert_int_equal(rows[0].presence, NVITOP_PRESENCE_HERE);
        nvitop_host_processes_free(rows);
    }
    return NULL;
}

static void many_threads_at_once(void **state)
{
    (void)state;
    struct stand stand;
    pthread_t threads[THREADS];
    open_without_driver(&stand);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &stand), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    stand_end(&stand);
}

static void a_child_of_a_fork_reads_on(void **state)
{
    (void)state;
    struct stand stand;
    int exit_status;
    open_without_driver(&stand);
    read_often(&stand);
    pid_t child = fork();
    if (child == 0) {
        uint32_t pids[] = { (uint32_t)getpid(), (uint32_t)getppid() };
        struct nvitop_host_process *rows = read_some(&stand, pids, 2, 0);
        bool is_good = rows[0].ppid.u.i == getppid() && rows[1].start_ticks > 0;
        nvitop_host_processes_free(rows);
        _exit(is_good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &exit_status, 0), child);
    assert_int_equal(exit_status, 0);
    stand_end(&stand);
}

static void descriptors_are_bounded_and_given_back(void **state)
{
    (void)state;
    struct stand stand;
    uint32_t children[CHILDREN], self = (uint32_t)getpid();
    open_without_driver(&stand);
    nvitop_host_processes_free(read_some(&stand, &self, 1, 0));
    size_t before = descriptors();
    for (size_t i = 0; i < CHILDREN; i++)
        children[i] = start_child("many");
    nvitop_host_processes_free(read_some(&stand, children, CHILDREN, 0));
    nvitop_host_processes_free(read_some(&stand, children, CHILDREN, 0));
    size_t most = descriptors();
    assert_true(most > before && most <= before + 2 * KEPT);
    for (size_t i = 0; i < CHILDREN; i++) {
        kill_child(children[i]);
        reap(children[i]);
    }
    for (size_t i = 0; i < LOOKS; i++)
        nvitop_host_processes_free(read_some(&stand, &self, 1, 0));
    assert_true(descriptors() <= before + 2);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_in_the_order_of_the_pids),
        cmocka_unit_test(command_lines_only_if_wanted),
        cmocka_unit_test(names_are_printable_and_as_they_are),
        cmocka_unit_test(ended_processes_are_not_what_they_were),
        cmocka_unit_test(cpu_time_grows),
        cmocka_unit_test(wrong_questions_touch_nothing),
        cmocka_unit_test(rows_are_as_far_apart_as_the_callers),
        cmocka_unit_test(many_threads_at_once),
        cmocka_unit_test(a_child_of_a_fork_reads_on),
        cmocka_unit_test(descriptors_are_bounded_and_given_back),
    };
    return cmocka_run_group_tests_name("api/host_process", tests, NULL, NULL);
}
