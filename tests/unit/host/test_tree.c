/* The reader over trees of plain files, tests/proc ($NVITOP_TREES). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "host/host.h"

static char *tree(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", getenv("NVITOP_TREES"), name);
}

static struct host *open_tree(const char *name)
{
    struct arena arena = { 0 };
    struct host *host = NULL;
    assert_int_equal(host_open(tree(&arena, name), &host), NVITOP_OK);
    arena_done(&arena);
    return host;
}

static struct value total(const struct value *values, int id)
{
    return values[id - NVITOP_HOST_CPU_PERCENT];
}

/* cmocka's own compares floats, which is too coarse for bytes. */
static void assert_real(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-6))
        fail_msg("expected %.9g, got %.9g", expected, got);
}

static void assert_total(const struct value *values, int id, double number)
{
    assert_int_not_equal(total(values, id).kind, NVITOP_NA);
    assert_real(value_number(total(values, id), -1), number);
}

static void assert_na(struct value value, enum nvitop_why why)
{
    assert_int_equal(value.kind, NVITOP_NA);
    assert_int_equal(value.why, why);
}

static void totals_of_a_server(void **state)
{
    struct value values[NVITOP_HOST_COUNT];
    struct host *host = open_tree("server");
    (void)state;
    host_read_totals(host, values);
    assert_na(total(values, NVITOP_HOST_CPU_PERCENT), NVITOP_WHY_NO_SAMPLE);
    assert_total(values, NVITOP_HOST_CPU_COUNT, 4);
    assert_total(values, NVITOP_HOST_MEMORY_TOTAL, 24684092.0 * 1024);
    assert_total(values, NVITOP_HOST_MEMORY_AVAILABLE, 18513069.0 * 1024);
    assert_total(values, NVITOP_HOST_MEMORY_USED, 6171023.0 * 1024);
    assert_total(values, NVITOP_HOST_MEMORY_PERCENT, 25.0);
    assert_total(values, NVITOP_HOST_SWAP_TOTAL, 8388604.0 * 1024);
    assert_total(values, NVITOP_HOST_SWAP_PERCENT, 25.0);
    assert_total(values, NVITOP_HOST_LOAD1, 0.45);
    assert_total(values, NVITOP_HOST_LOAD5, 12.27);
    assert_total(values, NVITOP_HOST_LOAD15, 10234.5);
    assert_total(values, NVITOP_HOST_UPTIME, 450000.25);
    assert_int_equal(host_pid_max(host), 32768);
    host_close(host);
}

static void totals_of_an_old_kernel_are_estimated(void **state)
{
    struct value values[NVITOP_HOST_COUNT];
    struct host *host = open_tree("old-kernel");
    long low = (83 + 1671) * sysconf(_SC_PAGESIZE) / 1024;
    (void)state;
    host_read_totals(host, values);
    double available = 512000.0 + 300000 + 40000 - 3 * (double)low;
    assert_total(values, NVITOP_HOST_MEMORY_AVAILABLE, available * 1024);
    assert_total(values, NVITOP_HOST_SWAP_PERCENT, 0);
    assert_int_equal(host_pid_max(host), 4194304);
    assert_false(host_is_initial_pid_ns(host));
    host_close(host);
}

static void totals_of_a_container_stay_below_its_limit(void **state)
{
    struct value values[NVITOP_HOST_COUNT];
    struct host *host = open_tree("container");
    (void)state;
    host_read_totals(host, values);
    assert_total(values, NVITOP_HOST_MEMORY_AVAILABLE, 262144.0 * 1024);
    assert_total(values, NVITOP_HOST_MEMORY_PERCENT, 75.0);
    assert_total(values, NVITOP_HOST_SWAP_USED, 0);
    assert_na(total(values, NVITOP_HOST_LOAD1), NVITOP_WHY_NOT_SUPPORTED);
    assert_na(total(values, NVITOP_HOST_UPTIME), NVITOP_WHY_NOT_SUPPORTED);
    host_close(host);
}

static void a_broken_tree_costs_its_values_only(void **state)
{
    struct value values[NVITOP_HOST_COUNT];
    struct host *host = open_tree("broken");
    (void)state;
    host_read_totals(host, values);
    for (int id = NVITOP_HOST_CPU_PERCENT; id < NVITOP_HOST_CPU_PERCENT + NVITOP_HOST_COUNT; id++)
        assert_int_equal(total(values, id).kind, NVITOP_NA);
    assert_int_equal(host_pid_max(host), 4194304);
    host_close(host);
}

static void a_folder_without_stat_is_no_tree(void **state)
{
    struct arena arena = { 0 };
    struct host *host = NULL;
    (void)state;
    assert_int_equal(host_open(tree(&arena, "nowhere"), &host), NVITOP_ENOTFOUND);
    assert_int_equal(host_open(tree(&arena, "server/4242/fd"), &host), NVITOP_ENOTFOUND);
    assert_int_equal(host_open(tree(&arena, "server/stat"), &host), NVITOP_ENOTFOUND);
    assert_null(host);
    host_close(NULL);
    arena_done(&arena);
}

static void a_tree_of_files_is_not_ours_to_signal(void **state)
{
    static const struct {
        const char *name;
        bool is_initial;
    } trees[] = {
        { "server", true }, { "old-kernel", false }, { "container", true }, { "broken", false }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
        struct host *host = open_tree(trees[i].name);
        assert_false(host_is_own_mount(host));
        assert_int_equal(host_is_initial_pid_ns(host), trees[i].is_initial);
        host_close(host);
    }
}

static void a_process_has_its_facts(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct value totals[NVITOP_HOST_COUNT];
    struct host *host = open_tree("server");
    double ticks = (double)sysconf(_SC_CLK_TCK);
    (void)state;
    host_read_totals(host, totals);
    for (int round = 0; round < 2; round++) { /* the second one uses what was kept */
        host_process_read(host, 4242, &arena, &process);
        assert_int_equal(process.presence, HOST_PRESENT);
        assert_int_equal(process.start_ticks, 44000025);
        assert_int_equal(process.uid.i, 4000000001);
        assert_string_equal(process.user.text, "4000000001"); /* trap 25: no such entry */
        assert_int_equal(process.ppid.i, 1);
        assert_int_equal(process.threads.i, 9);
        assert_string_equal(process.state.text, "S");
        assert_string_equal(process.name.text, "python3");
        assert_int_equal(process.rss.i, 262150 * sysconf(_SC_PAGESIZE)); /* statm */
        assert_real(process.cpu_seconds.r, 7200 / ticks);
        assert_real(process.running_time.r, 450000.25 - 44000025 / ticks);
        assert_real(process.start_time.r, 1700000000 + 44000025 / ticks);
    }
    host_close(host);
    arena_done(&arena);
}

static void a_name_may_look_like_the_rest_of_the_line(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host *host = open_tree("server");
    (void)state;
    host_process_read(host, 4243, &arena, &process);
    assert_string_equal(process.name.text, ") R 1 (x");
    assert_string_equal(process.state.text, "S");
    assert_int_equal(process.uid.i, 0);
    assert_string_equal(process.user.text, "root");
    assert_int_equal(process.rss.i, 100 * sysconf(_SC_PAGESIZE)); /* no statm here */
    host_close(host);
    arena_done(&arena);
}

static void trap23_the_ways_not_to_be_there(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host *host = open_tree("server");
    (void)state;
    host_process_read(host, 4244, &arena, &process);
    assert_int_equal(process.presence, HOST_ZOMBIE);
    assert_string_equal(process.user.text, "root");
    host_process_read(host, 4247, &arena, &process);
    assert_int_equal(process.presence, HOST_GONE);
    static const pid_t nobody[] = { 3, 99999, 0, -1, INT32_MAX };
    for (size_t i = 0; i < ARRAY_LEN(nobody); i++) {
        host_process_read(host, nobody[i], &arena, &process);
        assert_int_equal(process.presence, HOST_GONE);
        assert_int_equal(process.pid, nobody[i]);
        assert_na(process.user, NVITOP_WHY_GONE);
        assert_na(process.running_time, NVITOP_WHY_GONE);
    }
    host_process_read(host, 4246, &arena, &process); /* there, but its stat makes no sense */
    assert_int_equal(process.presence, HOST_PRESENT);
    assert_na(process.rss, NVITOP_WHY_ERROR);
    host_close(host);
    arena_done(&arena);
}

static void pids_are_listed_in_order(void **state)
{
    static const pid_t expected[] = { 1, 2, 4242, 4243, 4244, 4245, 4246, 4247 };
    struct arena arena = { 0 };
    pid_t *pids;
    struct host *host = open_tree("server");
    (void)state;
    assert_int_equal(host_pids(host, &arena, &pids), ARRAY_LEN(expected));
    assert_memory_equal(pids, expected, sizeof(expected));
    host_close(host);
    arena_done(&arena);
}

static void the_gpu_is_seen_in_open_files(void **state)
{
    static const struct {
        pid_t pid;
        bool has_gpu;
        enum nvitop_why why;
    } cases[] = {
        { 4242, true, NVITOP_WHY_NONE },
        { 4243, false, NVITOP_WHY_NONE },
        { 4245, true, NVITOP_WHY_NONE },
        { 99999, false, NVITOP_WHY_GONE },
    };
    struct host *host = open_tree("server");
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum nvitop_why why = NVITOP_WHY_COUNT;
        assert_int_equal(host_process_has_gpu(host, cases[i].pid, &why), cases[i].has_gpu);
        assert_int_equal(why, cases[i].why);
    }
    host_close(host);
}

static void commands_are_read(void **state)
{
    struct arena arena = { 0 };
    struct host_command command;
    const char *root = tree(&arena, "server");
    (void)state;
    host_command_read_blocking(root, 4242, &arena, &command);
    assert_string_equal(command.command.text, "python3 train.py --name \"two words\"");
    assert_false(command.is_empty);
    host_command_read_blocking(root, 4243, &arena, &command);
    assert_string_equal(command.command.text, "a title of its own");
    host_command_read_blocking(root, 4244, &arena, &command);
    assert_true(command.is_empty);
    assert_na(command.command, NVITOP_WHY_NOT_APPLICABLE);
    host_command_read_blocking(root, 4246, &arena, &command);
    assert_false(command.is_empty);
    assert_string_equal(command.command.text, "");
    host_command_read_blocking(root, 99999, &arena, &command);
    assert_false(command.is_empty);
    assert_na(command.command, NVITOP_WHY_GONE);
    arena_done(&arena);
}

static void whose_a_process_is_is_read(void **state)
{
    struct arena arena = { 0 };
    struct value workload[HOST_WORKLOAD_COUNT];
    const char *root = tree(&arena, "server");
    (void)state;
    host_workload_read_blocking(root, 4247, &arena, workload); /* the cgroup comes first */
    assert_string_equal(workload[HOST_CONTAINER_ID].text,
                        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    assert_na(workload[HOST_POD_UID], NVITOP_WHY_NOT_APPLICABLE);
    assert_string_equal(workload[HOST_SLURM_JOB_ID].text, "421");
    assert_na(workload[HOST_BATCH_JOB_ID], NVITOP_WHY_NOT_APPLICABLE);
    host_workload_read_blocking(root, 4245, &arena, workload); /* the environment second */
    assert_na(workload[HOST_CONTAINER_ID], NVITOP_WHY_NOT_APPLICABLE);
    assert_string_equal(workload[HOST_SLURM_JOB_ID].text, "77");
    assert_string_equal(workload[HOST_BATCH_JOB_ID].text, "9.head");
    host_workload_read_blocking(root, 4242, &arena, workload); /* an environment alone */
    assert_na(workload[HOST_CONTAINER_ID], NVITOP_WHY_GONE);
    assert_na(workload[HOST_SLURM_JOB_ID], NVITOP_WHY_NOT_APPLICABLE);
    host_workload_read_blocking(root, 99999, &arena, workload);
    for (size_t i = 0; i < HOST_WORKLOAD_COUNT; i++)
        assert_na(workload[i], NVITOP_WHY_GONE);
    arena_done(&arena);
}

static void environments_are_sorted_and_printable(void **state)
{
    static const char *const expected[] = {
        "A=2", "A.B=3", "EMPTY=", "LANG=C.UTF-8", "PATH=/bin", "TEXT=two\nlines\xef\xbf\xbd[31m",
    };
    struct arena arena = { 0 };
    struct value why;
    char **pairs;
    size_t count;
    const char *root = tree(&arena, "server");
    (void)state;
    host_environ_read_blocking(root, 4242, &arena, &pairs, &count, &why);
    assert_int_equal(count, ARRAY_LEN(expected));
    assert_int_equal(why.kind, NVITOP_INT);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(pairs[i], expected[i]);
    host_environ_read_blocking(root, 4243, &arena, &pairs, &count, &why);
    assert_int_equal(count, 0);
    assert_na(why, NVITOP_WHY_GONE);
    arena_done(&arena);
}

static void forgetting_keeps_the_named(void **state)
{
    static const pid_t kept[] = { 2, 4242, 4300 };
    struct arena arena = { 0 };
    struct host_process process;
    struct host *host = open_tree("server");
    (void)state;
    for (pid_t pid = 4241; pid < 4248; pid++)
        host_process_read(host, pid, &arena, &process);
    host_forget(host, kept, ARRAY_LEN(kept));
    host_process_read(host, 4243, &arena, &process);
    assert_string_equal(process.user.text, "root");
    host_forget(host, NULL, 0);
    host_process_read(host, 4242, &arena, &process);
    assert_int_equal(process.start_ticks, 44000025);
    host_close(host);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_of_a_server),
        cmocka_unit_test(totals_of_an_old_kernel_are_estimated),
        cmocka_unit_test(totals_of_a_container_stay_below_its_limit),
        cmocka_unit_test(a_broken_tree_costs_its_values_only),
        cmocka_unit_test(a_folder_without_stat_is_no_tree),
        cmocka_unit_test(a_tree_of_files_is_not_ours_to_signal),
        cmocka_unit_test(a_process_has_its_facts),
        cmocka_unit_test(a_name_may_look_like_the_rest_of_the_line),
        cmocka_unit_test(trap23_the_ways_not_to_be_there),
        cmocka_unit_test(pids_are_listed_in_order),
        cmocka_unit_test(the_gpu_is_seen_in_open_files),
        cmocka_unit_test(commands_are_read),
        cmocka_unit_test(whose_a_process_is_is_read),
        cmocka_unit_test(environments_are_sorted_and_printable),
        cmocka_unit_test(forgetting_keeps_the_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
