/* The sampler that goes on: what is read when, and what a consumer sees of it. Each test is a
 * process of its own (the test's name is the argument), for the simulated driver is set up once. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define TWO_GPUS "[device 0-1]\nname = Board {i}\nmem_total = 16GiB\ngpu_util = 40\n"

static bool is_any(const struct snapshot *snapshot)
{
    return snapshot != NULL;
}

static bool is_well(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->device_count; i++)
        if (snapshot->devices[i].condition != DEVICE_OK)
            return false;
    return snapshot->driver_state == DRIVER_OK && snapshot->device_count > 0;
}

static void waiting_then_well(void **state)
{
    (void)state;
    struct stage stage;
    struct nvml_failure failure;
    stage_set(&stage, "[system]\ndelay.nvmlInit* = 300ms\n" TWO_GPUS);
    uint64_t began_ns = clock_mono_ns();
    stage_start(&stage);
    struct snapshot *first = stage_await(&stage, is_any);
    assert_true(clock_mono_ns() - began_ns < 100 * CLOCK_NS_PER_MS);
    assert_int_equal(first->driver_state, DRIVER_WAITING);
    assert_true(first->driver_since_us > 0);
    assert_int_equal(source_opening(stage.source, &failure), 1);
    assert_false(value_is_na(snapshot_host_value(first, NVITOP_HOST_MEMORY_TOTAL)));
    assert_true(first->is_gathering);
    snapshot_unref(first);
    struct snapshot *then = stage_await(&stage, is_well);
    assert_int_equal(source_opening(stage.source, &failure), NVITOP_OK);
    assert_int_equal(then->device_count, 2);
    assert_int_equal(then->driver_device_count, 2);
    assert_false(then->is_gathering);
    assert_string_equal(
        value_text_or(snapshot_device_value(&then->devices[1], NVITOP_DEV_NAME), ""), "Board 1");
    snapshot_unref(then);
    assert_true(stage_end(&stage, 5000));
}

static void opening_that_fails_says_why(void **state)
{
    (void)state;
    struct stage stage;
    struct nvml_failure failure = { 0 };
    stage_set(&stage, "[system]\ninit_error = LIB_RM_VERSION_MISMATCH\n" TWO_GPUS);
    stage_start(&stage);
    assert_int_equal(stage_await_opening(&stage, &failure), NVITOP_EVERSION);
    assert_int_equal(failure.code, 18);
    assert_true(strlen(failure.text) > 0);
    assert_true(stage_end(&stage, 5000));
}

static bool is_open(const struct snapshot *snapshot)
{
    return snapshot->driver_state == DRIVER_OK;
}

static void without_gpus_nothing_is_gathered(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, "[system]\nseed = 1\n");
    stage_start(&stage);
    struct snapshot *snapshot = stage_await(&stage, is_open);
    assert_int_equal(snapshot->device_count, 0);
    assert_false(snapshot->is_gathering);
    snapshot_unref(snapshot);
    assert_true(stage_end(&stage, 5000));
}

static unsigned long long moment; /* of the newest snapshot that was looked at */

static bool is_later(const struct snapshot *snapshot)
{
    return snapshot->epoch_us > moment && is_well(snapshot);
}

/* So many more snapshots. */
static void let_pass(struct stage *stage, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct snapshot *snapshot = stage_await(stage, is_later);
        moment = snapshot->epoch_us;
        snapshot_unref(snapshot);
    }
}

static void each_tier_at_its_pace(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, TWO_GPUS);
    stage_start(&stage);
    let_pass(&stage, 10);
    size_t util = stage_calls(&stage, "nvmlDeviceGetUtilizationRates", "1");
    assert_in_range(util, 9, 12);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetName", "1"), 1);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetTemperature", "1"), 1);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetPersistenceMode", "1"), 0);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetPcieThroughput", NULL), 0);
    source_refresh(stage.source);
    let_pass(&stage, 2);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetName", "1"), 1);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetTemperature", "1"), 2);
    assert_true(stage_end(&stage, 5000));
}

static void what_a_demand_adds_is_read_at_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, TWO_GPUS);
    stage.demand.device_ms = stage.demand.process_ms = 3600 * 1000;
    stage.demand.has_processes = false;
    stage_start(&stage);
    let_pass(&stage, 1);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetComputeRunningProcesses", "0"), 0);
    metric_set_add(&stage.demand.metrics.gpu, NVITOP_DEV_PERSISTENCE_MODE);
    stage.demand.has_processes = true;
    source_demand(stage.source, &stage.demand);
    let_pass(&stage, 1);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetPersistenceMode", "0"), 1);
    assert_in_range(stage_calls(&stage, "nvmlDeviceGetComputeRunningProcesses", "0"), 1, 2);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetUtilizationRates", "0"), 1);
    assert_true(stage_end(&stage, 5000));
}

static bool has_pcie(const struct snapshot *snapshot)
{
    return is_well(snapshot) &&
           value_number(snapshot_device_value(snapshot->devices, NVITOP_DEV_PCIE_RX), 0) > 0;
}

static void calls_that_block_have_a_lane(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, "[system]\nera = 470\n[device 0]\npcie_rx = 5000\npcie_tx = 3000\n");
    metric_set_add(&stage.demand.metrics.gpu, NVITOP_DEV_PCIE_RX);
    stage_start(&stage);
    snapshot_unref(stage_await(&stage, has_pcie));
    size_t handles = stage_calls(&stage, "nvmlDeviceGetHandleByIndex", NULL);
    assert_int_equal(handles, 2); /* the worker's and the lane's */
    stage.demand.metrics = stage.options.metrics;
    source_demand(stage.source, &stage.demand);
    let_pass(&stage, 3);
    size_t calls = stage_calls(&stage, "nvmlDeviceGetPcieThroughput", NULL);
    let_pass(&stage, 5);
    assert_int_equal(stage_calls(&stage, "nvmlDeviceGetPcieThroughput", NULL), calls);
    assert_true(stage_end(&stage, 5000));
}

static bool has_process(const struct snapshot *snapshot)
{
    return is_well(snapshot) && snapshot->process_count == 1 &&
           snapshot->processes[0].presence == PROCESS_PRESENT;
}

static void processes_are_shown_again_between_their_readings(void **state)
{
    (void)state;
    struct stage stage;
    char scenario[256];
    snprintf(scenario, sizeof(scenario),
             "[system]\nseed = 1\n" TWO_GPUS "[process ME]\npid = %d\ndevice = 1\nmem = 1GiB\n",
             (int)getpid());
    stage_set(&stage, scenario);
    stage.demand.process_ms = 3600 * 1000;
    stage_start(&stage);
    snapshot_unref(stage_await(&stage, has_process));
    let_pass(&stage, 5);
    struct snapshot *later = stage_await(&stage, has_process);
    assert_int_equal(later->processes[0].device, 1);
    assert_int_equal(later->processes[0].pid, getpid());
    assert_true(later->processes[0].start_ticks > 0);
    assert_string_equal(
        value_text_or(snapshot_process_value(later->processes, NVITOP_PROC_NAME), ""),
        "test_core_servi");
    snapshot_unref(later);
    assert_in_range(stage_calls(&stage, "nvmlDeviceGetComputeRunningProcesses", "1"), 1, 2);
    assert_true(stage_end(&stage, 5000));
}

static void paused_nothing_is_read(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, TWO_GPUS);
    stage_start(&stage);
    let_pass(&stage, 1);
    stage.demand.is_paused = true;
    source_demand(stage.source, &stage.demand);
    while (!stage_is_silent(&stage, 300))
        ;
    size_t calls = stage_calls(&stage, "nvml", NULL);
    assert_true(stage_is_silent(&stage, 300));
    assert_int_equal(stage_calls(&stage, "nvml", NULL), calls);
    struct snapshot *kept = source_latest(stage.source);
    assert_true(is_well(kept));
    snapshot_unref(kept);
    stage.demand.is_paused = false;
    source_demand(stage.source, &stage.demand);
    let_pass(&stage, 2);
    assert_true(stage_calls(&stage, "nvml", NULL) > calls);
    assert_true(stage_end(&stage, 5000));
}

/* Two snapshots that come by themselves are a period apart, and begin with it. */
static void ticks_are_on_the_wall_clock(void **state)
{
    (void)state;
    struct stage stage;
    stage_set(&stage, TWO_GPUS);
    stage.demand.device_ms = 500;
    stage_start(&stage);
    let_pass(&stage, 2);
    uint64_t first = moment;
    let_pass(&stage, 1);
    assert_in_range((moment - first) / 1000, 300, 700);
    assert_in_range(moment / 1000 % 500, 0, 200);
    assert_true(stage_end(&stage, 5000));
}

static uint64_t look;    /* the number of the one before */
static uint64_t seen_ns; /* and when it was published */

static bool is_late_answer(const struct snapshot *snapshot)
{
    bool is_late = snapshot->look && snapshot->look == look && snapshot->mono_ns > seen_ns &&
                   is_well(snapshot);
    look = snapshot->look;
    seen_ns = snapshot->mono_ns;
    return is_late;
}

static bool is_next_look(const struct snapshot *snapshot)
{
    return snapshot->look == look + 1;
}

/* GPU 1 answers long after the pass has ended: that is shown, and is no look of its own. */
static void late_answers_are_of_the_same_look(void **state)
{
    (void)state;
    struct stage stage;
    look = seen_ns = 0;
    stage_set(&stage, TWO_GPUS "[device 1]\ndelay.nvmlDeviceGetPowerUsage = 400ms\n");
    stage.demand.device_ms = 1000;
    metric_set_add(&stage.demand.metrics.gpu, NVITOP_DEV_POWER_USAGE);
    stage_start(&stage);
    struct snapshot *waiting = stage_await(&stage, is_any);
    assert_int_equal(waiting->look, 0);
    snapshot_unref(waiting);
    snapshot_unref(stage_await(&stage, is_late_answer));
    snapshot_unref(stage_await(&stage, is_next_look));
    assert_true(stage_end(&stage, 5000));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_then_well),
        cmocka_unit_test(opening_that_fails_says_why),
        cmocka_unit_test(without_gpus_nothing_is_gathered),
        cmocka_unit_test(each_tier_at_its_pace),
        cmocka_unit_test(what_a_demand_adds_is_read_at_once),
        cmocka_unit_test(calls_that_block_have_a_lane),
        cmocka_unit_test(processes_are_shown_again_between_their_readings),
        cmocka_unit_test(paused_nothing_is_read),
        cmocka_unit_test(ticks_are_on_the_wall_clock),
        cmocka_unit_test(late_answers_are_of_the_same_look),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
