/*
 * The collector and drivers that never answer: ending one takes three seconds, not half a minute.
 * Threads are still with the driver when this program ends, so it ends without looking at them.
 */
#include "collecting.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void trap_11_a_driver_that_hangs_is_left_alone(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    options.interval = 0.05;
    stand_open(&stand, "[system]\n[device 0]\n[device 1]\nhang.nvmlDeviceGetTemperature* = yes\n");
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    uint64_t before = stand_ms();
    assert_true(collecting_figure(collector, "T/gpu:0/temperature (C)/last") == 35);
    assert_true(isnan(collecting_figure(collector, "T/gpu:1/temperature (C)/last")));
    assert_true(stand_ms() - before < 10000);
    before = stand_ms();
    assert_int_equal(nvitop_collector_deactivate(collector, "T"), NVITOP_OK);
    assert_true(stand_ms() - before < 10000);
    nvitop_collector_free(collector);
    before = stand_ms();
    stand_end(&stand);
    assert_true(stand_ms() - before < 10000);
}

/* Opening may take half a minute, but ending does not. */
static void trap_12_a_driver_that_never_opens(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_collector_options options = collecting_quiet();
    stand_set(&stand, "[system]\nhang.nvmlInit* = yes\n[device 0]\n");
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_collector *collector = collecting_make(&stand, &options);
    for (uint64_t end = stand_ms() + 20000; stand_ms() < end;)
        if (simdir_calls(&stand.dir, "nvmlInit", NULL))
            break; /* the sampler is in it */
    uint64_t before = stand_ms();
    assert_int_equal(nvitop_collector_deactivate(collector, "T"), NVITOP_OK);
    assert_in_range(stand_ms() - before, 2900, 10000);
    assert_int_equal(nvitop_collector_activate(collector, "T"), NVITOP_OK);
    before = stand_ms();
    stand_end(&stand); /* with an open window */
    assert_in_range(stand_ms() - before, 0, 10000);
    assert_int_equal(nvitop_collector_activate(collector, "U"), NVITOP_ESTATE);
    before = stand_ms();
    nvitop_collector_free(collector);
    assert_in_range(stand_ms() - before, 0, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_11_a_driver_that_hangs_is_left_alone),
        cmocka_unit_test(trap_12_a_driver_that_never_opens),
    };
    stand_exit(cmocka_run_group_tests_name("api/collector_trouble", tests, NULL, NULL));
}
