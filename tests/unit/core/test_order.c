/* Sort orders and filters over hand-made rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/filter.h"
#include "core/order.h"
#include "core/snapshot.h"

enum { ROWS = 4 };

/* pid, device, user, memory (-1: N/A), sm, types, gone */
static const struct {
    uint32_t pid;
    size_t device;
    const char *user;
    int64_t memory, sm;
    unsigned types;
    enum process_presence presence;
} facts[ROWS] = {
    { 30, 0, "bob", 100, 7, PROCESS_TYPE_COMPUTE, PROCESS_PRESENT },
    { 20, 0, "alice", -1, 9, PROCESS_TYPE_GRAPHICS, PROCESS_PRESENT },
    { 10, 1, "alice", 300, 9, PROCESS_TYPE_COMPUTE | PROCESS_TYPE_GRAPHICS, PROCESS_PRESENT },
    { 5, 0, NULL, 900, 0, 0, PROCESS_GONE },
};

static void fill(struct snapshot *snapshot, struct snapshot_process *rows)
{
    *snapshot = (struct snapshot){ .processes = rows, .process_count = ROWS };
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = (struct snapshot_process){ .pid = facts[i].pid,
                                             .device = facts[i].device,
                                             .types = facts[i].types,
                                             .presence = facts[i].presence };
        rows[i].values[NVITOP_PROC_USER - NVITOP_PROC_TYPE] =
            facts[i].user ? value_text(facts[i].user) : value_na(NVITOP_WHY_GONE);
        rows[i].values[NVITOP_PROC_GPU_MEMORY - NVITOP_PROC_TYPE] =
            facts[i].memory < 0 ? value_na(NVITOP_WHY_NOT_SUPPORTED) : value_int(facts[i].memory);
        rows[i].values[NVITOP_PROC_UTIL_SM - NVITOP_PROC_TYPE] = value_int(facts[i].sm);
    }
}

static void expect_order(enum order_key key, bool is_descending, const uint32_t *pids)
{
    struct snapshot snapshot;
    struct snapshot_process rows[ROWS];
    size_t order[ROWS];
    fill(&snapshot, rows);
    order_processes(&snapshot, (struct order){ key, is_descending }, order);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(rows[order[i]].pid, pids[i]);
}

static void natural_order_is_device_gone_user_pid(void **state)
{
    (void)state;
    expect_order(ORDER_NATURAL, false, (uint32_t[]){ 20, 30, 5, 10 });
    expect_order(ORDER_NATURAL, true, (uint32_t[]){ 10, 5, 30, 20 });
}

static void gone_processes_are_last_or_first_when_descending(void **state)
{
    (void)state;
    expect_order(ORDER_PID, false, (uint32_t[]){ 10, 20, 30, 5 });
    expect_order(ORDER_PID, true, (uint32_t[]){ 5, 30, 20, 10 });
}

static void trap_04_not_available_is_larger_than_any_number(void **state)
{
    (void)state;
    expect_order(ORDER_GPU_MEMORY, true, (uint32_t[]){ 5, 20, 10, 30 });
    expect_order(ORDER_GPU_MEMORY, false, (uint32_t[]){ 30, 10, 20, 5 });
}

static void equal_values_fall_back_to_the_next_term(void **state)
{
    (void)state;
    /* sm 9 twice: memory decides, and N/A memory is the larger */
    expect_order(ORDER_UTIL_SM, true, (uint32_t[]){ 5, 20, 10, 30 });
}

static void every_key_has_its_direction(void **state)
{
    (void)state;
    for (int key = 0; key < ORDER_KEY_COUNT; key++)
        assert_int_equal(order_default((enum order_key)key).is_descending, key > ORDER_USER);
}

static unsigned passing(const struct filter *filter)
{
    struct snapshot snapshot;
    struct snapshot_process rows[ROWS];
    unsigned bits = 0;
    fill(&snapshot, rows);
    for (size_t i = 0; i < ROWS; i++)
        bits |= (unsigned)filter_passes(filter, &rows[i]) << i;
    return bits;
}

static void trap_22_mixed_type_passes_both_and_no_only(void **state)
{
    (void)state;
    assert_int_equal(passing(&(struct filter){ 0 }), 0xf);
    assert_int_equal(passing(&(struct filter){ .is_compute = true }), 0x5);
    assert_int_equal(passing(&(struct filter){ .is_graphics = true }), 0x6);
    assert_int_equal(passing(&(struct filter){ .is_compute = true, .is_graphics = true }), 0x4);
    assert_int_equal(passing(&(struct filter){ .is_only_compute = true }), 0x9);
    assert_int_equal(passing(&(struct filter){ .is_only_graphics = true }), 0xa);
}

static void users_and_pids_must_both_match(void **state)
{
    (void)state;
    const char *users[] = { "alice" };
    int64_t pids[] = { 10, 30 };
    assert_int_equal(passing(&(struct filter){ .users = users, .user_count = 1 }), 0x6);
    assert_int_equal(passing(&(struct filter){ .pids = pids, .pid_count = 2 }), 0x5);
    assert_int_equal(
        passing(&(struct filter){ .users = users, .user_count = 1, .pids = pids, .pid_count = 2 }),
        0x4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(natural_order_is_device_gone_user_pid),
        cmocka_unit_test(gone_processes_are_last_or_first_when_descending),
        cmocka_unit_test(trap_04_not_available_is_larger_than_any_number),
        cmocka_unit_test(equal_values_fall_back_to_the_next_term),
        cmocka_unit_test(every_key_has_its_direction),
        cmocka_unit_test(trap_22_mixed_type_passes_both_and_no_only),
        cmocka_unit_test(users_and_pids_must_both_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
