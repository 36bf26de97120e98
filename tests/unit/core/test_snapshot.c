/* Finding a process in a snapshot: by pid and start time, rows of a GPU before relatives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/snapshot.h"

static struct snapshot_process rows[] = {
    { .pid = 7, .start_ticks = 70, .device = 0 },
    { .pid = 7, .start_ticks = 70, .device = 1 },
    { .pid = 8, .start_ticks = 0, .device = 0 },
};
static struct snapshot_process relatives[] = {
    { .pid = 7, .start_ticks = 71, .device = (size_t)SNAPSHOT_NO_DEVICE },
    { .pid = 8, .start_ticks = 0, .device = (size_t)SNAPSHOT_NO_DEVICE },
    { .pid = 9, .start_ticks = 90, .device = (size_t)SNAPSHOT_NO_DEVICE },
};

static void identity_is_pid_and_start(void **state)
{
    (void)state;
    assert_true(process_id_is((struct process_id){ 7, 70 }, &rows[0]));
    assert_true(process_id_is((struct process_id){ 7, 70 }, &rows[1]));
    assert_false(process_id_is((struct process_id){ 7, 71 }, &rows[0]));
    assert_false(process_id_is((struct process_id){ 9, 70 }, &rows[0]));
    assert_true(process_id_is(snapshot_process_id(&rows[2]), &rows[2]));
    assert_false(process_id_equals((struct process_id){ 8, 0 }, (struct process_id){ 8, 1 }));
}

static void rows_are_found_before_relatives(void **state)
{
    (void)state;
    struct snapshot *snapshot = snapshot_new();
    assert_null(snapshot_find_process(snapshot, (struct process_id){ 7, 70 }));
    snapshot->processes = rows;
    snapshot->process_count = ARRAY_LEN(rows);
    snapshot->relatives = relatives;
    snapshot->relative_count = ARRAY_LEN(relatives);
    assert_ptr_equal(snapshot_find_process(snapshot, (struct process_id){ 7, 70 }), &rows[0]);
    assert_ptr_equal(snapshot_find_process(snapshot, (struct process_id){ 7, 71 }), &relatives[0]);
    assert_ptr_equal(snapshot_find_process(snapshot, (struct process_id){ 8, 0 }), &rows[2]);
    assert_ptr_equal(snapshot_find_process(snapshot, (struct process_id){ 9, 90 }), &relatives[2]);
    assert_null(snapshot_find_process(snapshot, (struct process_id){ 9, 0 }));
    snapshot_unref(snapshot);
}

static void ours_are_own_ones_and_to_root_all(void **state)
{
    (void)state;
    struct snapshot *snapshot = snapshot_new();
    struct snapshot_process own = { .is_own = true }, foreign = { .is_own = false };
    assert_true(snapshot_process_is_ours(snapshot, &own));
    assert_false(snapshot_process_is_ours(snapshot, &foreign));
    snapshot->is_superuser = true;
    assert_true(snapshot_process_is_ours(snapshot, &foreign));
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_is_pid_and_start),
        cmocka_unit_test(rows_are_found_before_relatives),
        cmocka_unit_test(ours_are_own_ones_and_to_root_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
