/* Metrics from driver calls: which call fills what, what replaces a call, what is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fake.h"

#define GIB (UINT64_C(1) << 30)

struct bench {
    struct nvml *nvml;
    struct nvml_device *device;
    struct arena arena;
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

#define ASK(query, metric)                                                                         \
    fake_ask(bench.device, NVML_QUERY_##query, NVITOP_DEV_##metric, &bench.arena)

/* Every metric of every query is N/A with the reason, whatever went wrong. */
static void a_lost_handle_answers_every_query_without_a_call(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.handle.code = NVML_ABI_ERROR_GPU_IS_LOST;
    open_bench(&bench);
    assert_int_equal(nvml_device_code(bench.device), NVML_ABI_ERROR_GPU_IS_LOST);
    assert_null(nvml_device_handle(bench.device));
    for (int query = 0; query < NVML_QUERY_COUNT; query++) {
        struct value values[NVITOP_DEV_COUNT] = { 0 };
        size_t filled = 0;
        nvml_device_ask(bench.device, (enum nvml_query)query, &bench.arena, values);
        for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
            filled += values[i].kind == NVITOP_NA && values[i].why == NVITOP_WHY_LOST &&
                      values[i].code == NVML_ABI_ERROR_GPU_IS_LOST;
        assert_true(filled >= 1);
    }
    const struct nvml_mig *children;
    size_t count;
    nvml_device_mig_children(bench.device, &children, &count);
    assert_int_equal(count, 0);
    assert_int_equal(fake.null_handles, 0);
    assert_int_equal(nvml_call_count(bench.nvml), 1); /* the look-up itself */
    close_bench(&bench);
}

static void every_symbol_may_be_missing(void **state)
{
    (void)state;
    struct nvml_symbols symbols;
    struct bench bench;
    fake_reset();
    fake_symbols(&symbols);
    struct nvml_symbols none = { .shutdown = symbols.shutdown,
                                 .init = symbols.init,
                                 .handle_by_index = symbols.handle_by_index };
    open_with(&bench, &none);
    for (int query = 0; query < NVML_QUERY_COUNT; query++) {
        struct value values[NVITOP_DEV_COUNT] = { 0 };
        size_t filled = 0;
        nvml_device_ask(bench.device, (enum nvml_query)query, &bench.arena, values);
        for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
            filled += values[i].kind == NVITOP_NA && values[i].why == NVITOP_WHY_NO_SYMBOL;
        assert_true(filled >= 1);
    }
    assert_int_equal(nvml_call_count(bench.nvml), 1);
    close_bench(&bench);
}

static void a_handle_that_is_null_after_success_is_not_used(void **state)
{
    (void)state;
    fake_reset();
    struct nvml *nvml = fake_open();
    struct nvml_device *device = nvml_device_new(nvml, NULL, NVML_ABI_SUCCESS);
    struct arena arena = { 0 };
    assert_int_equal(nvml_device_code(device), NVML_ABI_ERROR_UNKNOWN);
    assert_int_equal(fake_ask(device, NVML_QUERY_NAME, NVITOP_DEV_NAME, &arena).why,
                     NVITOP_WHY_ERROR);
    assert_int_equal(fake.null_handles, 0);
    arena_done(&arena);
    nvml_device_free(device);
    nvml_free(nvml);
}

static void memory_is_read_by_its_newest_call(void **state)
{
    (void)state;
    struct bench bench;
    const struct nvml_abi_memory_v2 memory = { 0, 80 * GIB, GIB, 39 * GIB, 40 * GIB };
    fake_reset();
    fake_set(&fake.memory_v2, NVML_ABI_TAG_MEMORY_V2, &memory, sizeof(memory));
    open_bench(&bench);
    assert_int_equal(ASK(MEMORY, MEMORY_TOTAL).i, 80 * GIB);
    assert_int_equal(ASK(MEMORY, MEMORY_USED).i, 40 * GIB);
    assert_int_equal(ASK(MEMORY, MEMORY_FREE).i, 39 * GIB);
    assert_int_equal(ASK(MEMORY, MEMORY_RESERVED).i, GIB);
    assert_int_equal(fake.memory.calls, 0);
    close_bench(&bench);
}

static void memory_falls_back_once_and_for_good(void **state)
{
    static const int refusals[] = { NVML_ABI_ERROR_FUNCTION_NOT_FOUND,
                                    NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct bench bench;
        const struct nvml_abi_memory memory = { 24 * GIB, 20 * GIB, 4 * GIB };
        fake_reset();
        fake.memory_v2.code = refusals[i];
        fake_set(&fake.memory, 0, &memory, sizeof(memory));
        open_bench(&bench);
        assert_int_equal(ASK(MEMORY, MEMORY_TOTAL).i, 24 * GIB);
        assert_int_equal(ASK(MEMORY, MEMORY_USED).i, 4 * GIB);
        assert_int_equal(ASK(MEMORY, MEMORY_FREE).i, 20 * GIB);
        assert_int_equal(ASK(MEMORY, MEMORY_RESERVED).why, NVITOP_WHY_NO_SYMBOL);
        assert_int_equal(fake.memory_v2.calls, 1);
        assert_int_equal(fake.memory.calls, 4);
        close_bench(&bench);
    }
}

static void trap_15_no_memory_of_its_own_is_not_supported(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset(); /* total 0 */
    open_bench(&bench);
    assert_int_equal(ASK(MEMORY, MEMORY_TOTAL).why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(ASK(MEMORY, MEMORY_USED).why, NVITOP_WHY_NOT_SUPPORTED);
    fake.memory_v2.code = NVML_ABI_ERROR_NOT_SUPPORTED;
    assert_int_equal(ASK(MEMORY, MEMORY_USED).why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(ASK(MEMORY, MEMORY_USED).code, NVML_ABI_ERROR_NOT_SUPPORTED);
    assert_int_equal(fake.memory.calls, 0);
    close_bench(&bench);
}

static void trap_16_memory_without_permission_or_failing_is_its_own_reason(void **state)
{
    (void)state;
    struct bench bench;
    const struct nvml_abi_memory_v2 memory = { 0, 80 * GIB, GIB, 39 * GIB, 40 * GIB };
    fake_reset();
    fake_set(&fake.memory_v2, NVML_ABI_TAG_MEMORY_V2, &memory, sizeof(memory));
    open_bench(&bench);
    fake.memory_v2.code = NVML_ABI_ERROR_NO_PERMISSION;
    assert_int_equal(ASK(MEMORY, MEMORY_TOTAL).why, NVITOP_WHY_NO_PERMISSION);
    fake.memory_v2.code = NVML_ABI_ERROR_UNKNOWN;
    assert_int_equal(ASK(MEMORY, MEMORY_TOTAL).why, NVITOP_WHY_ERROR);
    fake.memory_v2.code = 0; /* failed once: the next answer counts again */
    assert_int_equal(ASK(MEMORY, MEMORY_TOTAL).i, 80 * GIB);
    assert_int_equal(fake.memory.calls, 0);
    close_bench(&bench);
}

static void trap_17_a_failing_threshold_leaves_the_temperature(void **state)
{
    (void)state;
    struct bench bench;
    const struct nvml_abi_temperature celsius = { 0, 0, 61 };
    fake_reset();
    fake_set(&fake.temperature_v, NVML_ABI_TAG_TEMPERATURE, &celsius, sizeof(celsius));
    fake.temperature_threshold.n[0] = 95;
    fake.temperature_threshold.n[1] = 0xEEEE0000 + NVML_ABI_ERROR_NOT_SUPPORTED;
    fake.temperature_threshold.n[2] = 0xEEEE0000 + NVML_ABI_ERROR_UNKNOWN;
    fake.temperature_threshold.n[3] = 88;
    open_bench(&bench);
    assert_int_equal(ASK(TEMPERATURE_THRESHOLDS, TEMPERATURE_SHUTDOWN).i, 95);
    assert_int_equal(ASK(TEMPERATURE_THRESHOLDS, TEMPERATURE_SLOWDOWN).why,
                     NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(ASK(TEMPERATURE_THRESHOLDS, TEMPERATURE_MEMORY_MAX).why, NVITOP_WHY_ERROR);
    assert_int_equal(ASK(TEMPERATURE_THRESHOLDS, TEMPERATURE_GPU_MAX).i, 88);
    assert_int_equal(ASK(TEMPERATURE, TEMPERATURE).i, 61);
    fake.power_limit.code = NVML_ABI_ERROR_NOT_SUPPORTED;
    fake.power_usage.n[0] = 120000;
    assert_int_equal(ASK(POWER_LIMIT, POWER_LIMIT).why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(ASK(POWER_USAGE, POWER_USAGE).i, 120000);
    close_bench(&bench);
}

static void trap_18_temperature_falls_back_and_may_be_below_zero(void **state)
{
    static const int refusals[] = { NVML_ABI_ERROR_NOT_SUPPORTED, NVML_ABI_ERROR_FUNCTION_NOT_FOUND,
                                    NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct bench bench;
        fake_reset();
        fake.temperature_v.code = refusals[i];
        fake.temperature.n[0] = (uint32_t)-5;
        open_bench(&bench);
        assert_int_equal(ASK(TEMPERATURE, TEMPERATURE).i, -5);
        assert_int_equal(ASK(TEMPERATURE, TEMPERATURE).i, -5);
        assert_int_equal(fake.temperature_v.calls, 1);
        close_bench(&bench);
    }
}

static void temperature_that_both_calls_refuse_is_not_supported(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.temperature_v.code = fake.temperature.code = NVML_ABI_ERROR_NOT_SUPPORTED;
    open_bench(&bench);
    assert_int_equal(ASK(TEMPERATURE, TEMPERATURE).why, NVITOP_WHY_NOT_SUPPORTED);
    close_bench(&bench);
}

static void not_supported_is_remembered_for_a_minute(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.fan_speed.code = NVML_ABI_ERROR_NOT_SUPPORTED;
    open_bench(&bench);
    for (int second = 0; second < 60; second++, fake.now_ns += CLOCK_NS_PER_S)
        assert_int_equal(ASK(FAN_SPEED, FAN_SPEED).why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(fake.fan_speed.calls, 1);
    fake.fan_speed.code = 0;
    fake.fan_speed.n[0] = 33;
    assert_int_equal(ASK(FAN_SPEED, FAN_SPEED).i, 33);
    assert_int_equal(fake.fan_speed.calls, 2);
    close_bench(&bench);
}

static void other_failures_are_asked_again_at_once(void **state)
{
    static const int codes[] = { NVML_ABI_ERROR_NO_PERMISSION, NVML_ABI_ERROR_GPU_IS_LOST,
                                 NVML_ABI_ERROR_UNKNOWN, NVML_ABI_ERROR_TIMEOUT,
                                 NVML_ABI_ERROR_IN_USE };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        struct bench bench;
        fake_reset();
        fake.fan_speed.code = codes[i];
        open_bench(&bench);
        assert_true(value_is_na(ASK(FAN_SPEED, FAN_SPEED)));
        fake.fan_speed.code = 0;
        assert_false(value_is_na(ASK(FAN_SPEED, FAN_SPEED)));
        close_bench(&bench);
    }
}

static void a_changed_device_is_asked_everything_again(void **state)
{
    static const int codes[] = { NVML_ABI_ERROR_UNINITIALIZED, NVML_ABI_ERROR_INVALID_ARGUMENT,
                                 NVML_ABI_ERROR_GPU_IS_LOST };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        struct bench bench;
        fake_reset();
        fake.fan_speed.code = NVML_ABI_ERROR_NOT_SUPPORTED;
        open_bench(&bench);
        ASK(FAN_SPEED, FAN_SPEED);
        fake.power_usage.code = codes[i];
        ASK(POWER_USAGE, POWER_USAGE);
        ASK(FAN_SPEED, FAN_SPEED);
        assert_int_equal(fake.fan_speed.calls, 2);
        ASK(POWER_USAGE, POWER_USAGE); /* the same trouble again changes nothing */
        ASK(FAN_SPEED, FAN_SPEED);
        assert_int_equal(fake.fan_speed.calls, 2);
        close_bench(&bench);
    }
}

static void switching_mig_mode_asks_everything_again(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.mig_mode.n[0] = 1;
    fake.fan_speed.code = NVML_ABI_ERROR_NOT_SUPPORTED;
    open_bench(&bench);
    assert_int_equal(ASK(MIG_MODE, MIG_MODE).kind, NVITOP_BOOL);
    ASK(FAN_SPEED, FAN_SPEED);
    assert_int_equal(ASK(MIG_MODE, MIG_MODE).i, 1);
    ASK(FAN_SPEED, FAN_SPEED);
    assert_int_equal(fake.fan_speed.calls, 1);
    fake.mig_mode.n[0] = 0;
    assert_int_equal(ASK(MIG_MODE, MIG_MODE).i, 0);
    ASK(FAN_SPEED, FAN_SPEED);
    assert_int_equal(fake.fan_speed.calls, 2);
    close_bench(&bench);
}

static void trap_19_a_name_is_made_printable(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.name.text = "A\xff\xfe\x1b[31m\nB";
    fake.serial.text = "0123456789012345678901234567890123456789"; /* never ended within 30 */
    open_bench(&bench);
    struct value name = ASK(NAME, NAME);
    assert_int_equal(name.kind, NVITOP_TEXT);
    assert_string_equal(name.text, "A\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd[31m\xef\xbf\xbd"
                                   "B");
    assert_string_equal(ASK(SERIAL, SERIAL).text, "012345678901234567890123456789");
    fake.name.text = "";
    assert_true(value_is_na(ASK(NAME, NAME)));
    close_bench(&bench);
}

static void uuid_is_text(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    open_bench(&bench);
    assert_string_equal(ASK(UUID, UUID).text, "GPU-11111111-aaaa-bbbb-cccc-000000000000");
    close_bench(&bench);
}

static void the_bus_id_is_found_in_each_layout(void **state)
{
    (void)state;
    for (int missing = 0; missing < NVML_VERSION_COUNT; missing++) {
        struct nvml_symbols symbols;
        struct bench bench;
        fake_reset();
        fake_symbols(&symbols);
        for (int v = 0; v < missing; v++)
            symbols.pci[v] = NULL;
        open_with(&bench, &symbols);
        assert_string_equal(ASK(PCI, BUS_ID).text, "00000000:07:00.0");
        close_bench(&bench);
    }
}

static void a_version_that_is_a_mere_name_is_passed_over(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.pci[NVML_V3].code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    fake.driver_model[0].code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    fake.driver_model[1].n[0] = 1;
    fake.event_reasons[0].code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    fake.event_reasons[1].n[0] = 4;
    open_bench(&bench);
    assert_string_equal(ASK(PCI, BUS_ID).text, "00000000:07:00.0");
    assert_string_equal(ASK(DRIVER_MODEL, DRIVER_MODEL).text, "WDM");
    assert_int_equal(ASK(EVENT_REASONS, EVENT_REASONS).i, 4);
    close_bench(&bench);
}

static void numbers_with_names_become_words(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.architecture.n[0] = 7;
    fake.brand.n[0] = 16;
    fake.virtualization_mode.n[0] = 4;
    fake.capability.n[0] = 9;
    fake.capability.n[1] = 0;
    fake.driver_model[0].n[0] = 2;
    open_bench(&bench);
    assert_string_equal(ASK(ARCHITECTURE, ARCHITECTURE).text, "Ampere");
    assert_string_equal(ASK(BRAND, BRAND).text, "Titan RTX");
    assert_string_equal(ASK(VIRTUALIZATION_MODE, VIRTUALIZATION_MODE).text, "vSGA host");
    assert_string_equal(ASK(COMPUTE_CAPABILITY, COMPUTE_CAPABILITY).text, "9.0");
    assert_string_equal(ASK(DRIVER_MODEL, DRIVER_MODEL).text, "MCDM");
    fake.architecture.n[0] = 13;
    assert_string_equal(ASK(ARCHITECTURE, ARCHITECTURE).text, "Rubin");
    fake.architecture.n[0] = 10;
    assert_string_equal(ASK(ARCHITECTURE, ARCHITECTURE).text, "Blackwell");
    fake.architecture.n[0] = 99; /* newer than we are */
    assert_string_equal(ASK(ARCHITECTURE, ARCHITECTURE).text, "99");
    fake.architecture.n[0] = NVML_ABI_DEVICE_ARCH_UNKNOWN;
    assert_true(value_is_na(ASK(ARCHITECTURE, ARCHITECTURE)));
    fake.brand.n[0] = 0;
    assert_true(value_is_na(ASK(BRAND, BRAND))); /* "unknown" is the driver's N/A */
    close_bench(&bench);
}

static void flags_are_flags(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.display_active.n[0] = 1;
    fake.persistence_mode.n[0] = 1;
    open_bench(&bench);
    assert_int_equal(ASK(DISPLAY_ACTIVE, DISPLAY_ACTIVE).kind, NVITOP_BOOL);
    assert_int_equal(ASK(DISPLAY_ACTIVE, DISPLAY_ACTIVE).i, 1);
    assert_int_equal(ASK(DISPLAY_MODE, DISPLAY_MODE).i, 0);
    assert_int_equal(ASK(PERSISTENCE_MODE, PERSISTENCE_MODE).i, 1);
    close_bench(&bench);
}

static void an_unknown_performance_state_is_none(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.pstate.n[0] = 15;
    open_bench(&bench);
    assert_int_equal(ASK(PSTATE, PSTATE).i, 15);
    fake.pstate.n[0] = 32;
    assert_int_equal(ASK(PSTATE, PSTATE).why, NVITOP_WHY_NOT_SUPPORTED);
    fake.gpu_instance_id.n[0] = NVML_ABI_NO_INSTANCE;
    assert_true(value_is_na(ASK(MIG_IDS, GPU_INSTANCE_ID)));
    assert_int_equal(ASK(MIG_IDS, COMPUTE_INSTANCE_ID).i, 0);
    close_bench(&bench);
}

static void structs_are_read_field_by_field(void **state)
{
    (void)state;
    struct bench bench;
    const struct nvml_abi_bar1 bar1 = { 256, 200, 56 };
    const struct nvml_abi_utilization utilization = { 97, 31 };
    const struct nvml_abi_fan_speed fan = { 0, 0, 2100 };
    const struct nvml_abi_margin_temperature margin = { 0, -3 };
    const struct nvml_abi_attributes attributes = { .multiprocessors = 14, .memory_mb = 4864 };
    fake_reset();
    fake_set(&fake.bar1, 0, &bar1, sizeof(bar1));
    fake_set(&fake.utilization, 0, &utilization, sizeof(utilization));
    fake_set(&fake.fan_rpm, NVML_ABI_TAG_FAN_SPEED, &fan, sizeof(fan));
    fake_set(&fake.temperature_margin, NVML_ABI_TAG_MARGIN_TEMPERATURE, &margin, sizeof(margin));
    fake_set(&fake.attributes, 0, &attributes, sizeof(attributes));
    open_bench(&bench);
    assert_int_equal(ASK(BAR1, BAR1_TOTAL).i, 256);
    assert_int_equal(ASK(BAR1, BAR1_USED).i, 56);
    assert_int_equal(ASK(BAR1, BAR1_FREE).i, 200);
    assert_int_equal(ASK(UTILIZATION, UTIL_GPU).i, 97);
    assert_int_equal(ASK(UTILIZATION, UTIL_MEMORY).i, 31);
    assert_int_equal(ASK(FAN_RPM, FAN_RPM).i, 2100);
    assert_int_equal(ASK(TEMPERATURE_MARGIN, TEMPERATURE_MARGIN).i, -3);
    assert_int_equal(ASK(MIG_ATTRIBUTES, MULTIPROCESSOR_COUNT).i, 14);
    close_bench(&bench);
}

static struct nvml_abi_field_value field(uint32_t id, uint32_t scope, uint32_t type, uint64_t n)
{
    return (struct nvml_abi_field_value){
        .field_id = id, .scope_id = scope, .value_type = type, .value.u64 = n
    };
}

static void fields_answer_one_by_one(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.fields[0] = field(186, 0, NVML_ABI_VALUE_TYPE_UNSIGNED_INT, 250000);
    fake.fields[1] = field(185, 0, NVML_ABI_VALUE_TYPE_UNSIGNED_INT, 240000);
    fake.fields[2] = field(82, 0, NVML_ABI_VALUE_TYPE_SIGNED_INT, 0);
    fake.fields[2].value.i32 = -4;
    fake.fields[3] = field(91, 0, NVML_ABI_VALUE_TYPE_UNSIGNED_INT, 18);
    fake.fields[4] =
        field(138, NVML_ABI_ALL_LINKS, NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, 5000000000);
    fake.fields[5] = field(139, NVML_ABI_ALL_LINKS, NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, 7);
    fake.fields[5].code = NVML_ABI_ERROR_NO_PERMISSION;
    open_bench(&bench);
    assert_int_equal(ASK(FIELDS, POWER_INSTANT).i, 250000);
    assert_int_equal(ASK(FIELDS, POWER_AVERAGE).i, 240000);
    assert_int_equal(ASK(FIELDS, TEMPERATURE_MEMORY).i, -4);
    assert_int_equal(ASK(FIELDS, NVLINK_COUNT).i, 18);
    assert_int_equal(ASK(FIELDS, NVLINK_TX).i, 5000000000);
    assert_int_equal(ASK(FIELDS, NVLINK_RX).why, NVITOP_WHY_NO_PERMISSION);
    close_bench(&bench);
}

static void a_field_the_driver_left_alone_is_not_supported(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.writes_past_fields = true; /* must stay within the buffer: a sanitizer's matter */
    open_bench(&bench);
    assert_int_equal(ASK(FIELDS, NVLINK_RX).why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(ASK(FIELDS, POWER_INSTANT).why, NVITOP_WHY_NOT_SUPPORTED);
    close_bench(&bench);
}

static void count_pcie(uint32_t type, uint64_t tx, uint64_t rx, int64_t stamp_us)
{
    fake.fields[0] = field(197, 0, type, tx);
    fake.fields[1] = field(198, 0, type, rx);
    fake.fields[0].timestamp = fake.fields[1].timestamp = stamp_us;
}

static void pcie_throughput_comes_from_counters_where_there_are_some(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.pcie_throughput.n[0] = 11;
    fake.pcie_throughput.n[1] = 22;
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, 1 << 20, 2 << 20, 1000000);
    open_bench(&bench);
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_TX).i, 11); /* nothing to compare with yet */
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, (1 << 20) + 512000, (2 << 20) + 1024000,
               1500000);
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_TX).i, 1000);
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, (1 << 20) + 512000, (2 << 20) + 3072000,
               2500000);
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_RX).i, 2000);
    assert_int_equal(fake.pcie_throughput.calls, 2);
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, 5, 5, 3500000); /* reset */
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_RX).i, 22);
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, 6, 6, 3000000); /* the clock went back */
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_TX).i, 11);
    close_bench(&bench);
}

/* A difference that wrapped would be 1 µs; a rate beyond 64 bits has no rounded number. */
static void pcie_counters_and_stamps_without_sense_are_measured_instead(void **state)
{
    static const struct {
        uint64_t bytes;
        int64_t stamp_us;
    } readings[] = { { 0, INT64_MAX },  { 5, INT64_MIN },
                     { 10, INT64_MAX }, { UINT64_MAX, INT64_MIN },
                     { 0, 1 },          { UINT64_MAX, 2 },
                     { 7, 1000000 },    { (7 + (UINT64_C(1) << 50)), 1000001 } };
    (void)state;
    struct bench bench;
    fake_reset();
    fake.pcie_throughput.n[0] = 11;
    fake.pcie_throughput.n[1] = 22;
    open_bench(&bench);
    for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
        uint64_t bytes = readings[i].bytes;
        count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG, bytes, bytes, readings[i].stamp_us);
        assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_RX).i, 22);
    }
    close_bench(&bench);
}

static uint32_t gpu_count;

static int32_t count_gpus(uint32_t *ret_count)
{
    *ret_count = gpu_count;
    return NVML_ABI_SUCCESS;
}

static void more_gpus_than_there_can_be_are_refused(void **state)
{
    (void)state;
    struct nvml_symbols symbols;
    struct nvml_failure failure = { 0 };
    unsigned count = 7;
    fake_symbols(&symbols);
    symbols.device_count = count_gpus;
    struct nvml *nvml = fake_open_with(&symbols);
    gpu_count = NVML_DEVICE_MAX;
    assert_int_equal(nvml_device_count(nvml, &count, &failure), NVITOP_OK);
    assert_int_equal(count, 1024);
    gpu_count = NVML_DEVICE_MAX + 1;
    assert_int_equal(nvml_device_count(nvml, &count, &failure), NVITOP_ETOOBIG);
    assert_int_equal(failure.status, NVITOP_ETOOBIG);
    assert_non_null(strstr(failure.text, "1025 GPUs"));
    gpu_count = UINT32_MAX;
    assert_int_equal(nvml_device_count(nvml, &count, &failure), NVITOP_ETOOBIG);
    assert_int_equal(count, 1024);
    nvml_free(nvml);
}

static void a_narrow_pcie_counter_wraps(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_INT, UINT32_MAX - 1023, UINT32_MAX - 2047, 1000000);
    open_bench(&bench);
    ASK(PCIE_THROUGHPUT, PCIE_TX);
    count_pcie(NVML_ABI_VALUE_TYPE_UNSIGNED_INT, 1024, 1024, 2000000);
    struct value values[NVITOP_DEV_COUNT] = { 0 };
    nvml_device_ask(bench.device, NVML_QUERY_PCIE_THROUGHPUT, &bench.arena, values);
    assert_int_equal(values[NVITOP_DEV_PCIE_TX - NVITOP_DEV_NAME].i, 2);
    assert_int_equal(values[NVITOP_DEV_PCIE_RX - NVITOP_DEV_NAME].i, 3);
    close_bench(&bench);
}

static void pcie_counters_that_are_not_there_are_not_asked_for_again(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.pcie_throughput.n[1] = 0xEEEE0000 + NVML_ABI_ERROR_NOT_SUPPORTED;
    fake.pcie_throughput.n[0] = 9;
    open_bench(&bench);
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_TX).i, 9);
    assert_int_equal(ASK(PCIE_THROUGHPUT, PCIE_RX).why, NVITOP_WHY_NOT_SUPPORTED);
    assert_int_equal(fake.field_calls, 1);
    close_bench(&bench);
}

static void codes_have_reasons_statuses_and_words(void **state)
{
    static const struct {
        int code, status;
        enum nvitop_why why;
    } cases[] = {
        { 0, NVITOP_OK, NVITOP_WHY_NONE },
        { 3, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED },
        { 4, NVITOP_EPERM, NVITOP_WHY_NO_PERMISSION },
        { 9, NVITOP_ENODRIVER, NVITOP_WHY_ERROR },
        { 12, NVITOP_ENOLIB, NVITOP_WHY_ERROR },
        { 13, NVITOP_ENOSYMBOL, NVITOP_WHY_NO_SYMBOL },
        { 15, NVITOP_ELOST, NVITOP_WHY_LOST },
        { 16, NVITOP_ELOST, NVITOP_WHY_LOST },
        { 18, NVITOP_EVERSION, NVITOP_WHY_ERROR },
        { 999, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR },
        { 31415, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(nvml_code_status(cases[i].code), cases[i].status);
        assert_int_equal(nvml_code_why(cases[i].code), cases[i].why);
        assert_int_equal(nvml_code_is_lost(cases[i].code),
                         cases[i].code == 15 || cases[i].code == 16);
        assert_true(strlen(nvml_code_text(cases[i].code)) > 3);
    }
#define HAS_OWN_WORDS(name, value)                                                                 \
    assert_true((value) == 999 || strcmp(nvml_code_text(value), nvml_code_text(999)) != 0);
    NVML_ABI_RETURN_CODES(HAS_OWN_WORDS)
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_handle_answers_every_query_without_a_call),
        cmocka_unit_test(every_symbol_may_be_missing),
        cmocka_unit_test(a_handle_that_is_null_after_success_is_not_used),
        cmocka_unit_test(memory_is_read_by_its_newest_call),
        cmocka_unit_test(memory_falls_back_once_and_for_good),
        cmocka_unit_test(trap_15_no_memory_of_its_own_is_not_supported),
        cmocka_unit_test(trap_16_memory_without_permission_or_failing_is_its_own_reason),
        cmocka_unit_test(trap_17_a_failing_threshold_leaves_the_temperature),
        cmocka_unit_test(trap_18_temperature_falls_back_and_may_be_below_zero),
        cmocka_unit_test(temperature_that_both_calls_refuse_is_not_supported),
        cmocka_unit_test(not_supported_is_remembered_for_a_minute),
        cmocka_unit_test(other_failures_are_asked_again_at_once),
        cmocka_unit_test(a_changed_device_is_asked_everything_again),
        cmocka_unit_test(switching_mig_mode_asks_everything_again),
        cmocka_unit_test(trap_19_a_name_is_made_printable),
        cmocka_unit_test(uuid_is_text),
        cmocka_unit_test(the_bus_id_is_found_in_each_layout),
        cmocka_unit_test(a_version_that_is_a_mere_name_is_passed_over),
        cmocka_unit_test(numbers_with_names_become_words),
        cmocka_unit_test(flags_are_flags),
        cmocka_unit_test(an_unknown_performance_state_is_none),
        cmocka_unit_test(structs_are_read_field_by_field),
        cmocka_unit_test(fields_answer_one_by_one),
        cmocka_unit_test(a_field_the_driver_left_alone_is_not_supported),
        cmocka_unit_test(pcie_throughput_comes_from_counters_where_there_are_some),
        cmocka_unit_test(pcie_counters_and_stamps_without_sense_are_measured_instead),
        cmocka_unit_test(more_gpus_than_there_can_be_are_refused),
        cmocka_unit_test(a_narrow_pcie_counter_wraps),
        cmocka_unit_test(pcie_counters_that_are_not_there_are_not_asked_for_again),
        cmocka_unit_test(codes_have_reasons_statuses_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
