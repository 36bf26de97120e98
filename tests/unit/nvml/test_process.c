/* Lists of processes and their utilization samples, whatever a driver makes of its rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fake.h"

enum { PID_MAX = 4194304 };
#define GIB (UINT64_C(1) << 30)
#define TOTAL (80 * GIB)

struct bench {
    struct nvml *nvml;
    struct nvml_device *device;
    struct arena arena;
    struct nvml_process *rows;
    size_t count;
    struct value why;
};

static void open_with(struct bench *bench, const struct nvml_symbols *symbols)
{
    *bench = (struct bench){ .nvml = fake_open_with(symbols) };
    bench->device = nvml_device_open(bench->nvml, 0);
}

static void open_bench(struct bench *bench)
{
    struct nvml_symbols symbols;
    fake_symbols(&symbols);
    open_with(bench, &symbols);
}

static void close_bench(struct bench *bench)
{
    arena_done(&bench->arena);
    nvml_device_free(bench->device);
    nvml_free(bench->nvml);
}

static void read_rows(struct bench *bench)
{
    nvml_device_processes(bench->device, PID_MAX, TOTAL, &bench->arena, &bench->rows, &bench->count,
                          &bench->why);
}

/* `count` processes in a list, pids descending, so that order is the reader's work. */
static void fill_list(enum nvml_list_kind kind, uint32_t count, size_t stride)
{
    struct fake_list *list = &fake.lists[kind];
    list->count = count;
    list->stride = stride;
    for (uint32_t i = 0; i < count; i++) {
        list->pids[i] = 1000 + (count - i) * 7;
        list->memory[i] = (count - i) * GIB;
    }
}

static void check_list(const struct bench *bench, uint32_t count)
{
    assert_int_equal(bench->why.why, NVITOP_WHY_NONE);
    assert_int_equal(bench->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(bench->rows[i].pid, 1000 + (i + 1) * 7);
        assert_int_equal(bench->rows[i].used_memory.i, (i + 1) * GIB);
        assert_int_equal(bench->rows[i].types, NVML_PROCESS_COMPUTE);
    }
}

/* Which rule by symbols applies is turned against the truth, so only measuring can be right. */
static void trap_01_rows_of_any_size_give_the_same_list(void **state)
{
    static const uint32_t counts[] = { 0, 1, 2, 40 };
    static const size_t strides[] = { 16, 24, 32 };
    (void)state;
    for (size_t c = 0; c < ARRAY_LEN(counts); c++)
        for (size_t s = 0; s < ARRAY_LEN(strides); s++)
            for (int is_535 = 0; is_535 < 2; is_535++) {
                struct nvml_symbols symbols;
                struct bench bench;
                fake_reset();
                fake_symbols(&symbols);
                if (is_535)
                    symbols.process_details = NULL;
                fill_list(NVML_LIST_COMPUTE, counts[c], strides[s]);
                open_with(&bench, &symbols);
                read_rows(&bench);
                check_list(&bench, counts[c]);
                close_bench(&bench);
            }
}

/* Read as rows of 24 bytes the second one makes sense too, so only the rule can tell. */
static void trap_01_the_rule_by_symbols_serves_where_nothing_can_be_measured(void **state)
{
    (void)state;
    struct nvml_symbols symbols;
    struct bench bench;
    fake_reset();
    fake_symbols(&symbols);
    symbols.process_details = NULL; /* 535.43–535.86 */
    fill_list(NVML_LIST_COMPUTE, 2, 32);
    fake.lists[NVML_LIST_COMPUTE].has_dirty_tail = true;
    fake.lists[NVML_LIST_COMPUTE].protected_memory = 5;
    open_with(&bench, &symbols);
    read_rows(&bench);
    check_list(&bench, 2);
    close_bench(&bench);
}

static void trap_01_sense_beats_the_rule_where_nothing_can_be_measured(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 4, 16); /* under _v3: the rule says 24 */
    fake.lists[NVML_LIST_COMPUTE].has_dirty_tail = true;
    open_bench(&bench);
    read_rows(&bench);
    check_list(&bench, 4);
    close_bench(&bench);
}

/* Read as rows of 32 bytes, the second one is memory as a pid and instance ids as memory. */
static void trap_01_measuring_decides_where_both_sizes_make_sense(void **state)
{
    (void)state;
    struct nvml_symbols symbols;
    struct bench bench;
    fake_reset();
    fake_symbols(&symbols);
    symbols.process_details = NULL; /* the rule says 32 */
    fill_list(NVML_LIST_COMPUTE, 2, 24);
    fake.lists[NVML_LIST_COMPUTE].gpu_instance = 5;
    fake.lists[NVML_LIST_COMPUTE].memory[1] = 2048;
    open_with(&bench, &symbols);
    read_rows(&bench);
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.rows[0].pid, 1007);
    assert_int_equal(bench.rows[0].used_memory.i, 2048);
    close_bench(&bench);
}

static void trap_01_a_row_size_that_changes_is_measured_again(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    open_bench(&bench);
    for (size_t stride = 16; stride <= 48; stride += 8) {
        fill_list(NVML_LIST_COMPUTE, 5, stride);
        read_rows(&bench);
        check_list(&bench, 5);
    }
    close_bench(&bench);
}

static void trap_02_older_symbols_take_over(void **state)
{
    (void)state;
    for (int missing = 0; missing < NVML_VERSION_COUNT; missing++) {
        struct nvml_symbols symbols;
        struct bench bench;
        fake_reset();
        fake_symbols(&symbols);
        for (int v = 0; v < missing; v++)
            symbols.lists[NVML_LIST_COMPUTE][v] = NULL;
        fill_list(NVML_LIST_COMPUTE, 3, missing == NVML_V1 ? 16 : 24);
        open_with(&bench, &symbols);
        read_rows(&bench);
        check_list(&bench, 3);
        assert_int_equal(fake.last_version[NVML_LIST_COMPUTE], missing);
        close_bench(&bench);
    }
}

static void trap_02_no_list_symbol_at_all_is_a_reason(void **state)
{
    (void)state;
    struct nvml_symbols symbols;
    struct bench bench;
    fake_reset();
    fake_symbols(&symbols);
    memset(symbols.lists, 0, sizeof(symbols.lists));
    open_with(&bench, &symbols);
    assert_false(nvml_has_process_symbols(bench.nvml));
    read_rows(&bench);
    assert_int_equal(bench.count, 0);
    assert_int_equal(bench.why.why, NVITOP_WHY_NO_SYMBOL);
    assert_int_equal(nvml_call_count(bench.nvml), 1); /* the look-up */
    close_bench(&bench);
}

static void trap_03_a_list_that_grows_is_read_in_full(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 40, 24);
    fake.lists[NVML_LIST_COMPUTE].growing = 2;
    open_bench(&bench);
    read_rows(&bench);
    check_list(&bench, 40);
    assert_int_equal(fake.lists[NVML_LIST_COMPUTE].calls, 3);
    read_rows(&bench); /* the larger buffer is kept */
    check_list(&bench, 40);
    assert_int_equal(fake.lists[NVML_LIST_COMPUTE].calls, 4);
    close_bench(&bench);
}

static void trap_03_growing_for_ever_ends(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.lists[NVML_LIST_COMPUTE].growing = 1000;
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(fake.lists[NVML_LIST_COMPUTE].calls, 8);
    assert_int_equal(bench.why.code, NVML_ABI_ERROR_INSUFFICIENT_SIZE);
    assert_int_equal(bench.why.why, NVITOP_WHY_ERROR);
    close_bench(&bench);
}

static void one_call_reads_a_list_once_the_buffer_is_there(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 40, 24);
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(fake.lists[NVML_LIST_COMPUTE].calls, 1);
    assert_int_equal(fake.lists[NVML_LIST_GRAPHICS].calls, 1);
    close_bench(&bench);
}

static void trap_04_all_ones_is_no_memory_figure(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 2, 24);
    fake.lists[NVML_LIST_COMPUTE].memory[0] = NVML_ABI_NOT_AVAILABLE_U64;
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.rows[0].used_memory.i, GIB);
    assert_true(value_is_na(bench.rows[1].used_memory));
    assert_int_equal(bench.rows[1].used_memory.why, NVITOP_WHY_NOT_SUPPORTED);
    close_bench(&bench);
}

static void memory_beyond_the_board_is_not_believed(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 2, 24);
    fake.lists[NVML_LIST_COMPUTE].memory[0] = TOTAL + 1;
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(bench.rows[0].used_memory.i, GIB);
    assert_int_equal(bench.rows[1].used_memory.why, NVITOP_WHY_ERROR);
    close_bench(&bench);
}

/* The board would not say how much it has. */
static void a_petabyte_is_believed_of_no_process(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 2, 24);
    fake.lists[NVML_LIST_COMPUTE].memory[0] = (UINT64_C(1) << 50) + 1;
    fake.lists[NVML_LIST_COMPUTE].memory[1] = UINT64_C(1) << 50;
    open_bench(&bench);
    nvml_device_processes(bench.device, PID_MAX, 0, &bench.arena, &bench.rows, &bench.count,
                          &bench.why);
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.rows[0].used_memory.i, INT64_C(1) << 50);
    assert_int_equal(bench.rows[1].used_memory.kind, NVITOP_NA);
    assert_int_equal(bench.rows[1].used_memory.why, NVITOP_WHY_ERROR);
    close_bench(&bench);
}

static void trap_05_numbers_that_are_no_pid_are_dropped(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 5, 24);
    fake.lists[NVML_LIST_COMPUTE].pids[0] = 0;
    fake.lists[NVML_LIST_COMPUTE].pids[1] = UINT32_MAX;
    fake.lists[NVML_LIST_COMPUTE].pids[2] = PID_MAX + 1;
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(bench.count, 3); /* beyond pid_max there may be pids of another namespace */
    assert_int_equal(bench.rows[2].pid, PID_MAX + 1);
    close_bench(&bench);
}

static void read_samples(struct bench *bench, uint64_t since,
                         struct nvml_process_sample **ret_samples, size_t *ret_count)
{
    nvml_device_process_samples(bench->device, since, bench->rows, bench->count, &bench->arena,
                                ret_samples, ret_count, &bench->why);
}

static void trap_06_garbage_samples_are_dropped_and_the_newest_wins(void **state)
{
    static const struct nvml_abi_process_sample samples[] = {
        { 1007, 500, 30, 3, 1, 2 },         { 1007, 300, 10, 1, 0, 0 },
        { 1014, 400, 2147483632, 0, 0, 0 }, { 1014, 350, 44, 4, 0, 0 },
        { 1021, 400, 5, 0, 991, 0 },        { 1021, 401, 5, 0, 0, 991 },
        { 1021, 402, 5, 991, 0, 0 },        { 999999, 600, 77, 0, 0, 0 },
        { 1028, 200, 50, 0, 0, 0 },         { 1007, 499, 12, 1, 0, 0 },
    };
    (void)state;
    struct bench bench;
    struct nvml_process_sample *rows;
    size_t count;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 4, 24);
    memcpy(fake.samples, samples, sizeof(samples));
    fake.sample_count = ARRAY_LEN(samples);
    open_bench(&bench);
    read_rows(&bench);
    read_samples(&bench, 200, &rows, &count);
    assert_int_equal(fake.sample_since, 200);
    assert_int_equal(bench.why.why, NVITOP_WHY_NONE);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].pid, 1007);
    assert_int_equal(rows[0].sm, 30);
    assert_int_equal(rows[0].memory, 3);
    assert_int_equal(rows[0].encoder, 1);
    assert_int_equal(rows[0].decoder, 2);
    assert_int_equal(rows[1].pid, 1014);
    assert_int_equal(rows[1].sm, 44);
    close_bench(&bench);
}

static void trap_06_more_samples_than_processes_fit_on_the_second_call(void **state)
{
    (void)state;
    struct bench bench;
    struct nvml_process_sample *rows;
    size_t count;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 1, 24);
    fake.sample_count = ARRAY_LEN(fake.samples);
    for (uint32_t i = 0; i < fake.sample_count; i++)
        fake.samples[i] = (struct nvml_abi_process_sample){ 1007, 1000 + i, i % 100, 0, 0, 0 };
    open_bench(&bench);
    read_rows(&bench);
    read_samples(&bench, 0, &rows, &count);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].sm, 99);
    assert_int_equal(fake.sample_calls, 2);
    close_bench(&bench);
}

static void samples_tell_none_from_not_readable(void **state)
{
    static const struct {
        int code;
        enum nvitop_why why;
    } cases[] = {
        { 0, NVITOP_WHY_NONE },
        { NVML_ABI_ERROR_NOT_FOUND, NVITOP_WHY_NONE },
        { NVML_ABI_ERROR_NOT_SUPPORTED, NVITOP_WHY_NOT_SUPPORTED },
        { NVML_ABI_ERROR_NO_PERMISSION, NVITOP_WHY_NO_PERMISSION },
        { NVML_ABI_ERROR_UNKNOWN, NVITOP_WHY_ERROR },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench bench;
        struct nvml_process_sample *rows;
        size_t count = 9;
        fake_reset();
        fill_list(NVML_LIST_COMPUTE, 1, 24);
        fake.sample_code = cases[i].code;
        open_bench(&bench);
        read_rows(&bench);
        read_samples(&bench, 0, &rows, &count);
        assert_int_equal(count, 0);
        assert_int_equal(bench.why.why, cases[i].why);
        close_bench(&bench);
    }
}

static void trap_41_a_process_in_three_lists_is_one_row(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    for (int kind = 0; kind < NVML_LIST_COUNT; kind++)
        fill_list((enum nvml_list_kind)kind, 1, 24);
    fake.lists[NVML_LIST_GRAPHICS].memory[0] = 3 * GIB;
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(bench.count, 1);
    assert_int_equal(bench.rows[0].types, NVML_PROCESS_COMPUTE | NVML_PROCESS_GRAPHICS);
    assert_int_equal(bench.rows[0].used_memory.i, 3 * GIB);
    close_bench(&bench);
}

static void lists_are_merged_in_the_order_of_pids(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fill_list(NVML_LIST_COMPUTE, 3, 24);
    fill_list(NVML_LIST_GRAPHICS, 1, 16);
    fill_list(NVML_LIST_MPS, 1, 32);
    fake.lists[NVML_LIST_GRAPHICS].pids[0] = 1010;
    fake.lists[NVML_LIST_MPS].pids[0] = 1;
    open_bench(&bench);
    read_rows(&bench);
    static const uint32_t pids[] = { 1, 1007, 1010, 1014, 1021 };
    assert_int_equal(bench.count, ARRAY_LEN(pids));
    for (size_t i = 0; i < ARRAY_LEN(pids); i++)
        assert_int_equal(bench.rows[i].pid, pids[i]);
    assert_int_equal(bench.rows[0].types, NVML_PROCESS_COMPUTE);
    assert_int_equal(bench.rows[2].types, NVML_PROCESS_GRAPHICS);
    close_bench(&bench);
}

static void instances_are_read_where_rows_have_them(void **state)
{
    (void)state;
    for (size_t stride = 16; stride <= 32; stride += 8) {
        struct bench bench;
        fake_reset();
        fill_list(NVML_LIST_COMPUTE, 2, stride);
        fake.lists[NVML_LIST_COMPUTE].gpu_instance = 5;
        open_bench(&bench);
        read_rows(&bench);
        assert_int_equal(bench.rows[1].gpu_instance, stride == 16 ? UINT32_MAX : 5);
        assert_int_equal(bench.rows[1].compute_instance, stride == 16 ? UINT32_MAX : 0);
        close_bench(&bench);
    }
}

static void an_empty_list_says_why(void **state)
{
    static const struct {
        int compute, graphics;
        enum nvitop_why why;
    } cases[] = {
        { 0, 0, NVITOP_WHY_NONE },
        { 0, NVML_ABI_ERROR_NOT_SUPPORTED, NVITOP_WHY_NONE },
        { 0, NVML_ABI_ERROR_FUNCTION_NOT_FOUND, NVITOP_WHY_NONE },
        { 0, NVML_ABI_ERROR_GPU_IS_LOST, NVITOP_WHY_LOST },
        { NVML_ABI_ERROR_NO_PERMISSION, NVML_ABI_ERROR_NO_PERMISSION, NVITOP_WHY_NO_PERMISSION },
        { NVML_ABI_ERROR_NOT_SUPPORTED, NVML_ABI_ERROR_NOT_SUPPORTED, NVITOP_WHY_NOT_SUPPORTED },
        { NVML_ABI_ERROR_NOT_SUPPORTED, 0, NVITOP_WHY_NOT_SUPPORTED },
        { NVML_ABI_ERROR_FUNCTION_NOT_FOUND, 0, NVITOP_WHY_NO_SYMBOL },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench bench;
        fake_reset();
        fake.lists[NVML_LIST_COMPUTE].code = cases[i].compute;
        fake.lists[NVML_LIST_GRAPHICS].code = cases[i].graphics;
        open_bench(&bench);
        read_rows(&bench);
        assert_int_equal(bench.count, 0);
        assert_int_equal(bench.why.why, cases[i].why);
        close_bench(&bench);
    }
}

static void one_failing_list_leaves_the_rows_of_the_other(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.lists[NVML_LIST_COMPUTE].code = NVML_ABI_ERROR_NOT_SUPPORTED;
    fill_list(NVML_LIST_GRAPHICS, 2, 24);
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.why.why, NVITOP_WHY_NONE);
    close_bench(&bench);
}

static void an_empty_mps_list_rests_for_nine_seconds(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    open_bench(&bench);
    for (int second = 0; second < 10; second++, fake.now_ns += CLOCK_NS_PER_S)
        read_rows(&bench);
    assert_int_equal(fake.lists[NVML_LIST_COMPUTE].calls, 10);
    assert_int_equal(fake.lists[NVML_LIST_MPS].calls, 2);
    fill_list(NVML_LIST_MPS, 1, 24);
    fake.now_ns += 9 * CLOCK_NS_PER_S;
    read_rows(&bench);
    read_rows(&bench);
    assert_int_equal(bench.count, 1);
    assert_int_equal(fake.lists[NVML_LIST_MPS].calls, 4);
    close_bench(&bench);
}

static void trap_09_a_lost_device_is_never_asked_for_processes(void **state)
{
    (void)state;
    struct bench bench;
    struct nvml_process_sample *rows;
    size_t count;
    fake_reset();
    fake.handle.code = NVML_ABI_ERROR_GPU_IS_LOST;
    open_bench(&bench);
    read_rows(&bench);
    assert_int_equal(bench.why.why, NVITOP_WHY_LOST);
    read_samples(&bench, 0, &rows, &count);
    assert_int_equal(bench.why.why, NVITOP_WHY_LOST);
    assert_int_equal(fake.null_handles, 0);
    assert_int_equal(nvml_call_count(bench.nvml), 1);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_01_rows_of_any_size_give_the_same_list),
        cmocka_unit_test(trap_01_the_rule_by_symbols_serves_where_nothing_can_be_measured),
        cmocka_unit_test(trap_01_sense_beats_the_rule_where_nothing_can_be_measured),
        cmocka_unit_test(trap_01_measuring_decides_where_both_sizes_make_sense),
        cmocka_unit_test(trap_01_a_row_size_that_changes_is_measured_again),
        cmocka_unit_test(trap_02_older_symbols_take_over),
        cmocka_unit_test(trap_02_no_list_symbol_at_all_is_a_reason),
        cmocka_unit_test(trap_03_a_list_that_grows_is_read_in_full),
        cmocka_unit_test(trap_03_growing_for_ever_ends),
        cmocka_unit_test(one_call_reads_a_list_once_the_buffer_is_there),
        cmocka_unit_test(trap_04_all_ones_is_no_memory_figure),
        cmocka_unit_test(memory_beyond_the_board_is_not_believed),
        cmocka_unit_test(a_petabyte_is_believed_of_no_process),
        cmocka_unit_test(trap_05_numbers_that_are_no_pid_are_dropped),
        cmocka_unit_test(trap_06_garbage_samples_are_dropped_and_the_newest_wins),
        cmocka_unit_test(trap_06_more_samples_than_processes_fit_on_the_second_call),
        cmocka_unit_test(samples_tell_none_from_not_readable),
        cmocka_unit_test(trap_41_a_process_in_three_lists_is_one_row),
        cmocka_unit_test(lists_are_merged_in_the_order_of_pids),
        cmocka_unit_test(instances_are_read_where_rows_have_them),
        cmocka_unit_test(an_empty_list_says_why),
        cmocka_unit_test(one_failing_list_leaves_the_rows_of_the_other),
        cmocka_unit_test(an_empty_mps_list_rests_for_nine_seconds),
        cmocka_unit_test(trap_09_a_lost_device_is_never_asked_for_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
