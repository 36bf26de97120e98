/* The forest of the tree screen, and whom it needs besides the GPU processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/relatives.h"
#include "core/snapshot.h"
#include "core/tree.h"
#include "host/host.h"

enum { ROWS_MAX = 512, UNKNOWN = -1 };

struct scene {
    struct snapshot snapshot;
    struct snapshot_process processes[ROWS_MAX], relatives[ROWS_MAX];
};

static struct snapshot_process row(uint32_t pid, int64_t ppid, const char *user)
{
    struct snapshot_process process = { .pid = pid, .presence = PROCESS_PRESENT };
    process.values[NVITOP_PROC_PPID - NVITOP_PROC_TYPE] =
        ppid == UNKNOWN ? value_na(NVITOP_WHY_GONE) : value_int(ppid);
    process.values[NVITOP_PROC_USER - NVITOP_PROC_TYPE] =
        user ? value_text(user) : value_na(NVITOP_WHY_GONE);
    return process;
}

static struct snapshot_process *add(struct scene *scene, size_t device, uint32_t pid, int64_t ppid,
                                    const char *user)
{
    struct snapshot *snapshot = &scene->snapshot;
    snapshot->processes = scene->processes;
    scene->processes[snapshot->process_count] = row(pid, ppid, user);
    scene->processes[snapshot->process_count].device = device;
    return &scene->processes[snapshot->process_count++];
}

static void add_relative(struct scene *scene, uint32_t pid, int64_t ppid, const char *user)
{
    struct snapshot *snapshot = &scene->snapshot;
    snapshot->relatives = scene->relatives;
    scene->relatives[snapshot->relative_count] = row(pid, ppid, user);
    scene->relatives[snapshot->relative_count++].device = (size_t)SNAPSHOT_NO_DEVICE;
}

/* The rows as lines: prefix, pid, devices. */
static void assert_tree(const struct scene *scene, const char *expected)
{
    struct str text = { 0 };
    struct tree tree;
    tree_make(&scene->snapshot, &tree);
    for (size_t i = 0; i < tree.count; i++) {
        const struct tree_row *at = &tree.rows[i];
        str_printf(&text, "%s%u", at->prefix, at->process->pid);
        for (size_t d = 0; d < at->device_count; d++)
            str_printf(&text, "%s%zu", d ? "," : " @", at->devices[d]);
        str_append(&text, "\n");
    }
    assert_string_equal(str_text(&text), expected);
    tree_done(&tree);
    str_done(&text);
}

static void nothing_is_a_tree_too(void **state)
{
    (void)state;
    static struct scene scene;
    assert_tree(&scene, "");
}

static void families_stand_under_each_other(void **state)
{
    (void)state;
    static struct scene scene;
    add(&scene, 0, 30, 10, "bob");
    add(&scene, 0, 32, 30, "bob");
    add(&scene, 1, 30, 10, "bob");
    add(&scene, 1, 40, 10, "alice");
    add_relative(&scene, 1, 0, "root");
    add_relative(&scene, 10, 1, "root");
    add_relative(&scene, 31, 30, "bob");
    assert_tree(&scene, "1\n"
                        "└─ 10\n"
                        "   ├─ 40 @1\n"
                        "   └─ 30 @0,1\n"
                        "      ├─ 31\n"
                        "      └─ 32 @0\n");
}

static void lines_run_past_children(void **state)
{
    (void)state;
    static struct scene scene;
    add(&scene, 0, 2, 1, "a");
    add(&scene, 0, 3, 2, "a");
    add(&scene, 0, 4, 1, "a");
    add_relative(&scene, 1, 0, "a");
    assert_tree(&scene, "1\n├─ 2 @0\n│  └─ 3 @0\n└─ 4 @0\n");
}

static void roots_go_by_pid_and_children_by_gone_user_pid(void **state)
{
    (void)state;
    static struct scene scene;
    add(&scene, 0, 9, 5, "alice")->presence = PROCESS_GONE;
    add(&scene, 0, 8, 5, "bob");
    add(&scene, 0, 7, 5, NULL);
    add(&scene, 0, 6, 5, "bob");
    add(&scene, 0, 4, UNKNOWN, "zoe");
    add(&scene, 0, 3, UNKNOWN, NULL)->presence = PROCESS_GONE;
    add(&scene, 0, 5, 99, "alice"); /* its parent is not shown */
    assert_tree(&scene, "3 @0\n4 @0\n5 @0\n├─ 6 @0\n├─ 8 @0\n├─ 7 @0\n└─ 9 @0\n");
}

static void trap_24_a_pid_of_another_namespace_is_nobodys_relative(void **state)
{
    (void)state;
    static struct scene scene;
    add(&scene, 0, 5, 1, "me");
    add(&scene, 0, 6, 5, NULL)->presence = PROCESS_HOST_PID;
    add(&scene, 1, 6, 5, NULL)->presence = PROCESS_HOST_PID;
    add(&scene, 1, 1, UNKNOWN, NULL)->presence = PROCESS_HOST_PID;
    add_relative(&scene, 1, 0, "root"); /* the same number, here */
    assert_tree(&scene, "1\n└─ 5 @0\n1 @1\n6 @0,1\n");
}

static void a_circle_has_a_root(void **state)
{
    (void)state;
    static struct scene scene;
    add(&scene, 0, 1, 3, "a");
    add(&scene, 0, 2, 1, "a");
    add(&scene, 0, 3, 2, "a");
    add(&scene, 0, 4, 4, "a");
    add(&scene, 0, 5, 3, "a");
    assert_tree(&scene, "1 @0\n└─ 2 @0\n   └─ 3 @0\n      └─ 5 @0\n4 @0\n");
}

static void a_deep_tree_is_no_wider_than_its_limit(void **state)
{
    (void)state;
    static struct scene scene;
    struct tree tree;
    for (uint32_t pid = 1; pid <= ROWS_MAX; pid++)
        add(&scene, 0, pid, pid - 1, "a");
    tree_make(&scene.snapshot, &tree);
    assert_int_equal(tree.count, ROWS_MAX);
    assert_int_equal(tree.rows[ROWS_MAX - 1].depth, ROWS_MAX - 1);
    assert_string_equal(tree.rows[ROWS_MAX - 1].prefix, tree.rows[TREE_DEPTH_MAX].prefix);
    assert_string_equal(tree.rows[2].prefix, "   └─ ");
    tree_done(&tree);
}

/* ---- relatives ---- */

static void assert_relatives(const struct scene *scene, const struct host_parent *parents,
                             size_t count, const char *expected)
{
    struct arena arena = { 0 };
    struct str text = { 0 };
    pid_t *pids;
    size_t found = relatives_pick(&scene->snapshot, parents, count, &arena, &pids);
    for (size_t i = 0; i < found; i++)
        str_printf(&text, "%d ", (int)pids[i]);
    assert_string_equal(str_text(&text), expected);
    str_done(&text);
    arena_done(&arena);
}

static void ancestors_and_children_are_picked(void **state)
{
    (void)state;
    static struct scene scene;
    const struct host_parent parents[] = {
        { 1, 0 },   { 2, 0 },   { 10, 1 },  { 11, 1 },  { 20, 10 }, { 21, 20 },
        { 22, 20 }, { 23, 22 }, { 24, 22 }, { 25, 24 }, { 30, 2 },
    };
    add(&scene, 0, 20, 10, "a");
    add(&scene, 0, 22, 20, "a");
    add(&scene, 1, 22, 20, "a");
    assert_relatives(&scene, parents, ARRAY_LEN(parents), "1 10 21 23 24 ");
}

static void one_that_has_gone_has_ancestors(void **state)
{
    (void)state;
    static struct scene scene;
    const struct host_parent parents[] = { { 1, 0 }, { 10, 1 }, { 11, 1 } };
    add(&scene, 0, 20, 10, "a")->presence = PROCESS_GONE;
    assert_relatives(&scene, parents, ARRAY_LEN(parents), "1 10 ");
}

static void trap_24_pids_of_another_namespace_have_no_relatives(void **state)
{
    (void)state;
    static struct scene scene;
    const struct host_parent parents[] = { { 1, 0 }, { 10, 1 }, { 11, 10 } };
    add(&scene, 0, 10, 1, "a")->presence = PROCESS_HOST_PID;
    assert_relatives(&scene, parents, ARRAY_LEN(parents), "");
}

static void a_circle_of_parents_ends(void **state)
{
    (void)state;
    static struct scene scene;
    const struct host_parent parents[] = { { 1, 3 }, { 2, 1 }, { 3, 2 }, { 4, 4 } };
    add(&scene, 0, 2, 1, "a");
    add(&scene, 0, 4, 4, "a");
    assert_relatives(&scene, parents, ARRAY_LEN(parents), "1 3 ");
    assert_relatives(&scene, parents, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_a_tree_too),
        cmocka_unit_test(families_stand_under_each_other),
        cmocka_unit_test(lines_run_past_children),
        cmocka_unit_test(roots_go_by_pid_and_children_by_gone_user_pid),
        cmocka_unit_test(trap_24_a_pid_of_another_namespace_is_nobodys_relative),
        cmocka_unit_test(a_circle_has_a_root),
        cmocka_unit_test(a_deep_tree_is_no_wider_than_its_limit),
        cmocka_unit_test(ancestors_and_children_are_picked),
        cmocka_unit_test(one_that_has_gone_has_ancestors),
        cmocka_unit_test(trap_24_pids_of_another_namespace_have_no_relatives),
        cmocka_unit_test(a_circle_of_parents_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
