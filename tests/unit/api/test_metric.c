/* The metric table, values and words: what needs no driver. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/value.h"

#include "base/mem.h"
#include "nvitop/nvitop.h"

static struct nvitop_metric_row row_of(int id)
{
    struct nvitop_metric_row row = { .size = sizeof(row) };
    assert_int_equal(nvitop_metric_info(id, &row), NVITOP_OK);
    return row;
}

static void every_metric_has_a_row(void **state)
{
    static const size_t counts[] = { 0, NVITOP_DEV_COUNT, NVITOP_PROC_COUNT, NVITOP_HOST_COUNT };
    (void)state;
    for (int scope = NVITOP_SCOPE_SYSTEM; scope <= NVITOP_SCOPE_HOST; scope++) {
        int ids[128];
        size_t count = 99;
        assert_int_equal(nvitop_metric_list(scope, ids, ARRAY_LEN(ids), &count), NVITOP_OK);
        assert_int_equal(count, counts[scope]);
        for (size_t i = 0; i < count; i++) {
            struct nvitop_metric_row row = row_of(ids[i]);
            assert_int_equal(row.size, sizeof(row));
            assert_int_equal(row.id, ids[i]);
            assert_int_equal(row.scope, scope);
            assert_true(strlen(row.help) > 3);
            assert_int_equal(nvitop_metric_id(scope, row.name), ids[i]);
            assert_true(i == 0 || ids[i] > ids[i - 1]);
            assert_int_equal(row.applies != 0, scope == NVITOP_SCOPE_DEVICE);
        }
    }
}

static void a_row_says_what_it_is(void **state)
{
    (void)state;
    struct nvitop_metric_row row = row_of(NVITOP_DEV_TEMPERATURE);
    assert_string_equal(row.name, "temperature");
    assert_int_equal(row.unit, NVITOP_UNIT_CELSIUS);
    assert_int_equal(row.kind, NVITOP_INT);
    assert_int_equal(row.applies, NVITOP_APPLIES_GPU);
    assert_string_equal(row.collector_name, "temperature (C)");
    assert_int_equal(row_of(NVITOP_DEV_NAME).refresh_ms, -1);
    assert_int_equal(row_of(NVITOP_DEV_UTIL_GPU).refresh_ms, 0);
    assert_int_equal(row_of(NVITOP_DEV_PERSISTENCE_MODE).refresh_ms, 60000);
    assert_int_equal(row_of(NVITOP_DEV_PCIE_TX).is_blocking, 1);
    assert_int_equal(row_of(NVITOP_DEV_PSTATE).is_blocking, 0);
    assert_int_equal(row_of(NVITOP_DEV_GPU_INSTANCE_ID).applies, NVITOP_APPLIES_MIG);
    assert_int_equal(row_of(NVITOP_DEV_MEMORY_USED).applies,
                     NVITOP_APPLIES_GPU | NVITOP_APPLIES_MIG);
    assert_null(row_of(NVITOP_DEV_UUID).collector_name);
}

static void a_shorter_row_is_filled_as_far_as_it_goes(void **state)
{
    (void)state;
    struct nvitop_metric_row row = { .size = offsetof(struct nvitop_metric_row, kind), .kind = 77 };
    assert_int_equal(nvitop_metric_info(NVITOP_DEV_NAME, &row), NVITOP_OK);
    assert_int_equal(row.size, offsetof(struct nvitop_metric_row, kind));
    assert_int_equal(row.id, NVITOP_DEV_NAME);
    assert_int_equal(row.kind, 77);
    struct {
        struct nvitop_metric_row row;
        int more;
    } longer = { .row.size = sizeof(longer), .more = 5 };
    assert_int_equal(nvitop_metric_info(NVITOP_DEV_NAME, &longer.row), NVITOP_OK);
    assert_int_equal(longer.row.size, sizeof(longer.row));
    assert_int_equal(longer.more, 5);
}

static void what_is_no_metric_is_refused(void **state)
{
    static const int none[] = { -1,   0,    999,  NVITOP_DEV_NAME + NVITOP_DEV_COUNT,
                                1999, 2999, 9999, NVITOP_PROC_TYPE + NVITOP_PROC_COUNT };
    (void)state;
    struct nvitop_metric_row row = { .size = sizeof(row), .id = 7 };
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_int_equal(nvitop_metric_info(none[i], &row), NVITOP_EINVAL);
    assert_int_equal(row.id, 7);
    assert_int_equal(nvitop_metric_info(NVITOP_DEV_NAME, NULL), NVITOP_EINVAL);
    row.size = 0;
    assert_int_equal(nvitop_metric_info(NVITOP_DEV_NAME, &row), NVITOP_EINVAL);
    assert_int_equal(nvitop_metric_id(NVITOP_SCOPE_DEVICE, "temperatur"), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_metric_id(NVITOP_SCOPE_HOST, "temperature"), NVITOP_ENOTFOUND);
    assert_int_equal(nvitop_metric_id(NVITOP_SCOPE_DEVICE, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_metric_id(9, "temperature"), NVITOP_EINVAL);
    assert_int_equal(nvitop_metric_id(-1, "temperature"), NVITOP_EINVAL);
}

static void lists_have_the_usual_bounds(void **state)
{
    (void)state;
    int ids[3] = { 5, 5, 5 };
    size_t count = 0;
    assert_int_equal(nvitop_metric_list(NVITOP_SCOPE_DEVICE, NULL, 0, &count), NVITOP_OK);
    assert_int_equal(count, NVITOP_DEV_COUNT);
    assert_int_equal(nvitop_metric_list(NVITOP_SCOPE_DEVICE, ids, 2, &count), NVITOP_OK);
    assert_int_equal(count, NVITOP_DEV_COUNT);
    assert_int_equal(ids[1], NVITOP_DEV_UUID);
    assert_int_equal(ids[2], 5);
    count = 7;
    assert_int_equal(nvitop_metric_list(NVITOP_SCOPE_DEVICE, NULL, 2, &count), NVITOP_EINVAL);
    assert_int_equal(nvitop_metric_list(NVITOP_SCOPE_DEVICE, ids, 2, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_metric_list(4, ids, 2, &count), NVITOP_EINVAL);
    assert_int_equal(nvitop_metric_list(-1, ids, 2, &count), NVITOP_EINVAL);
    assert_int_equal(count, 7);
}

static void a_value_as_a_number(void **state)
{
    (void)state;
    struct nvitop_value value = { .kind = NVITOP_INT, .u.i = -3 };
    assert_true(nvitop_value_real(&value) == -3.0);
    value = (struct nvitop_value){ .kind = NVITOP_BOOL, .u.i = 1 };
    assert_true(nvitop_value_real(&value) == 1.0);
    value = (struct nvitop_value){ .kind = NVITOP_REAL, .u.r = 2.5 };
    assert_true(nvitop_value_real(&value) == 2.5);
    value = (struct nvitop_value){ .kind = NVITOP_TEXT, .u.text = "5" };
    assert_true(isnan(nvitop_value_real(&value)));
    value = (struct nvitop_value){ .kind = NVITOP_NA, .why = NVITOP_WHY_LOST };
    assert_true(isnan(nvitop_value_real(&value)));
    assert_true(isnan(nvitop_value_real(NULL)));
}

static void words(void **state)
{
    (void)state;
    for (int status = NVITOP_OK; status >= NVITOP_EUNKNOWN; status--)
        assert_string_not_equal(nvitop_status_text(status), "unknown status");
    assert_string_equal(nvitop_status_text(5), "unknown status");
    assert_string_equal(nvitop_why_text(NVITOP_WHY_NOT_SUPPORTED), "not supported");
    assert_string_equal(nvitop_why_text(999), nvitop_why_text(NVITOP_WHY_ERROR));
    assert_int_equal(nvitop_abi_version(), NVITOP_ABI);
    assert_true(strlen(nvitop_version()) >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_has_a_row),
        cmocka_unit_test(a_row_says_what_it_is),
        cmocka_unit_test(a_shorter_row_is_filled_as_far_as_it_goes),
        cmocka_unit_test(what_is_no_metric_is_refused),
        cmocka_unit_test(lists_have_the_usual_bounds),
        cmocka_unit_test(a_value_as_a_number),
        cmocka_unit_test(words),
    };
    return cmocka_run_group_tests_name("api/metric", tests, NULL, NULL);
}
