/* A GPU that sleeps, or from which a thread never came back, is not asked: no driver is needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/gpus.h"

static void who_is_not_asked_still_has_a_row(void **state)
{
    (void)state;
    struct gpu gpus[] = { { .index = 0, .is_asleep = true }, { .index = 3, .is_stuck = true } };
    struct device_request request = { 0 };
    struct patience patience = { 0 };
    uint64_t deadline = 0;
    gpus_read(NULL, gpus, ARRAY_LEN(gpus), &request, &patience, &deadline);
    assert_true(deadline > 0);
    assert_int_equal(gpus[0].reading.row_count, 1);
    assert_int_equal(gpus[0].reading.rows->condition, DEVICE_SUSPENDED);
    assert_int_equal(snapshot_device_value(gpus[0].reading.rows, NVITOP_DEV_NAME).why,
                     NVITOP_WHY_SUSPENDED);
    assert_int_equal(gpus[1].reading.rows->condition, DEVICE_NOT_RESPONDING);
    assert_int_equal(gpus[1].reading.rows->physical, 3);
    gpus_close(gpus, ARRAY_LEN(gpus));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_not_asked_still_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
