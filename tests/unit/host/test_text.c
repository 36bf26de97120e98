/* The texts of /proc, from case files. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "cases.h"
#include "host/argv.h"
#include "host/batch.h"
#include "host/cgroup.h"
#include "host/host.h"
#include "host/linux/parse.h"

static char *join_case(const char *input, size_t len, const struct argv_quoting *quoting)
{
    struct arena arena = { 0 };
    const char *const *argv;
    char *bytes = arena_strndup(&arena, input, len);
    size_t argc = argv_split(&arena, bytes, len, &argv);
    bool is_file = argc == 1 && str_has_prefix(argv[0], "/file/");
    char *text = xstrdup(argv_join(&arena, argv, argc, is_file, quoting));
    arena_done(&arena);
    return text;
}

static char *command_case(const char *input, size_t len)
{
    return join_case(input, len, &argv_quoting_posix);
}

static char *command_windows_case(const char *input, size_t len)
{
    return join_case(input, len, &argv_quoting_windows);
}

static char *stat_case(const char *input, size_t len)
{
    struct parse_stat stat;
    struct str text = { 0 };
    if (!parse_stat(input, len, &stat))
        return xstrdup("refused");
    str_append_bytes(&text, stat.comm, stat.comm_len);
    str_printf(&text, " %c %lld %lld %llu %llu %lld", stat.state, (long long)stat.ppid,
               (long long)stat.threads, (unsigned long long)(stat.user_ticks + stat.system_ticks),
               (unsigned long long)stat.start_ticks, (long long)stat.rss_pages);
    return str_take(&text);
}

static const char *or_dash(const char *text)
{
    return *text ? text : "-";
}

static char *cgroup_case(const char *input, size_t len)
{
    struct cgroup cgroup;
    struct str text = { 0 };
    (void)len;
    cgroup_classify(input, &cgroup);
    str_printf(&text, "%s %s %s %s", or_dash(cgroup.runtime), or_dash(cgroup.container),
               or_dash(cgroup.pod), or_dash(cgroup.slurm_job));
    return str_take(&text);
}

static char *batch_case(const char *input, size_t len)
{
    struct batch batch;
    struct str text = { 0 };
    batch_classify(input, len, &batch);
    str_printf(&text, "%s %s", or_dash(batch.slurm_job), or_dash(batch.job));
    return str_take(&text);
}

static void commands_read_as_in_the_original(void **state)
{
    (void)state;
    assert_int_equal(cases_run("command", command_case), 0);
    assert_int_equal(cases_run("command-windows", command_windows_case), 0);
}

static void trap19_commands_hold_nothing_a_terminal_obeys(void **state)
{
    (void)state;
    assert_int_equal(cases_run("command-hostile", command_case), 0);
}

static void stat_counts_from_the_last_parenthesis(void **state)
{
    (void)state;
    assert_int_equal(cases_run("stat", stat_case), 0);
}

static void cgroups_tell_containers_pods_and_jobs(void **state)
{
    (void)state;
    assert_int_equal(cases_run("cgroup", cgroup_case), 0);
}

static void environments_tell_jobs(void **state)
{
    (void)state;
    assert_int_equal(cases_run("batch", batch_case), 0);
}

static void the_boot_is_told_once(void **state)
{
    int64_t boot = 0;
    (void)state;
    assert_true(parse_boot("cpu  1 2 3 4\nintr 1 2\nbtime 1700000000\nctxt 5\n", &boot));
    assert_int_equal(boot, 1700000000);
    assert_false(parse_boot("cpu  1 2 3 4\nctxt 5\n", &boot));
    assert_false(parse_boot("btime x\n", &boot));
}

static void no_bytes_are_no_arguments(void **state)
{
    char none[] = "";
    struct arena arena = { 0 };
    const char *const *argv;
    (void)state;
    assert_int_equal(argv_split(&arena, none, 0, &argv), 0);
    assert_string_equal(argv_join(&arena, NULL, 0, false, &argv_quoting_posix), "");
    arena_done(&arena);
}

static void busy_time_is_counted_as_psutil_counts_it(void **state)
{
    struct parse_cpu before, now;
    double percent = 0;
    (void)state;
    assert_true(parse_cpu("cpu  100 0 100 1000 100 0 0 0 50 0\n", &before));
    /* 30 user (20 of them guest), 10 system, 50 idle, 10 iowait */
    assert_true(parse_cpu("cpu  130 0 110 1050 110 0 0 0 70 0\n", &now));
    assert_true(parse_cpu_busy(&before, &now, &percent));
    assert_true(fabs(percent - 40) < 1e-9);
    assert_true(parse_cpu("cpu  130 0 110 1050 90 0 0 0 70 0\n", &now)); /* iowait steps back */
    assert_true(parse_cpu_busy(&before, &now, &percent));
    assert_true(fabs(percent - 100.0 * 40 / 90) < 1e-9);
    assert_false(parse_cpu_busy(&before, &before, &percent));
    assert_false(parse_cpu("cpu 1 2 3\n", &now));
    assert_false(parse_cpu("cpu0 1 2 3 4 5\n", &now));
}

static void namespaces_are_counted(void **state)
{
    (void)state;
    assert_int_equal(parse_status_namespaces("Name:\tx\nNSpid:\t12\n"), 1);
    assert_int_equal(parse_status_namespaces("Name:\tx\nNSpid:\t4711\t12\nUid:\t0\n"), 2);
    assert_int_equal(parse_status_namespaces("Name:\tx\n"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_read_as_in_the_original),
        cmocka_unit_test(trap19_commands_hold_nothing_a_terminal_obeys),
        cmocka_unit_test(stat_counts_from_the_last_parenthesis),
        cmocka_unit_test(cgroups_tell_containers_pods_and_jobs),
        cmocka_unit_test(environments_tell_jobs),
        cmocka_unit_test(the_boot_is_told_once),
        cmocka_unit_test(no_bytes_are_no_arguments),
        cmocka_unit_test(busy_time_is_counted_as_psutil_counts_it),
        cmocka_unit_test(namespaces_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
