/*
 * What is wired to what: metric to query (src/core/metric.c), query to metrics and to the driver
 * function (src/nvml/nvml_query.c), each number of the fake driver being another one. A row that
 * reads its neighbour's function, or that nobody put into `wires`, is seen here.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/metric.h"
#include "fake.h"

/* Where the fake keeps the answer that a metric is read from. */
struct wire {
    void *place;
    size_t size;     /* of the number there; 0: a text */
    int query;       /* enum nvml_query */
    int metric;      /* enum nvitop_metric */
    uint32_t number; /* 0: any, so one that no other wire has */
};

/* clang-format off */
#define TO(query, metric) NVML_QUERY_##query, NVITOP_DEV_##metric
#define TEXT(slot, ...) { (void *)&fake.slot, 0, TO(__VA_ARGS__), 0 }
#define NUMBER(slot, at, ...) { &fake.slot.n[at], sizeof(fake.slot.n[at]), TO(__VA_ARGS__), 0 }
#define UP_TO(max, slot, ...) { &fake.slot.n[0], sizeof(fake.slot.n[0]), TO(__VA_ARGS__), max }
#define MEMBER(slot, type, member, ...) \
    { &fake.slot.bytes[offsetof(struct nvml_abi_##type, member)], \
      sizeof(((struct nvml_abi_##type *)0)->member), TO(__VA_ARGS__), 0 }
#define FIELD_OF(query, at, metric) \
    { &fake.fields[at].value.u64, sizeof(fake.fields[at].value.u64), TO(query, metric), 0 }
#define FIELD(at, metric) FIELD_OF(FIELDS, at, metric)
#define HEALTH(at, metric) FIELD_OF(HEALTH, at, metric)
/* clang-format on */

static const struct wire wires[] = {
    TEXT(name.text, NAME, NAME),
    TEXT(uuid.text, UUID, UUID),
    TEXT(pci[NVML_V3].bus_id, PCI, BUS_ID),
    TEXT(serial.text, SERIAL, SERIAL),
    NUMBER(minor_number, 0, MINOR_NUMBER, MINOR_NUMBER),
    NUMBER(architecture, 0, ARCHITECTURE, ARCHITECTURE), /* beyond all words: shown as it is */
    NUMBER(brand, 0, BRAND, BRAND),
    NUMBER(virtualization_mode, 0, VIRTUALIZATION_MODE, VIRTUALIZATION_MODE),
    NUMBER(capability, 0, COMPUTE_CAPABILITY, COMPUTE_CAPABILITY),
    MEMBER(memory_v2, memory_v2, total, MEMORY, MEMORY_TOTAL),
    MEMBER(memory_v2, memory_v2, used, MEMORY, MEMORY_USED),
    MEMBER(memory_v2, memory_v2, free, MEMORY, MEMORY_FREE),
    MEMBER(memory_v2, memory_v2, reserved, MEMORY, MEMORY_RESERVED),
    MEMBER(bar1, bar1, total, BAR1, BAR1_TOTAL),
    MEMBER(bar1, bar1, used, BAR1, BAR1_USED),
    MEMBER(bar1, bar1, free, BAR1, BAR1_FREE),
    MEMBER(utilization, utilization, gpu, UTILIZATION, UTIL_GPU),
    MEMBER(utilization, utilization, memory, UTILIZATION, UTIL_MEMORY),
    NUMBER(encoder, 0, ENCODER, UTIL_ENCODER),
    NUMBER(decoder, 0, DECODER, UTIL_DECODER),
    NUMBER(jpeg, 0, JPEG, UTIL_JPEG),
    NUMBER(ofa, 0, OFA, UTIL_OFA),
    NUMBER(clock, 0, CLOCK_GRAPHICS, CLOCK_GRAPHICS),
    NUMBER(clock, 1, CLOCK_SM, CLOCK_SM),
    NUMBER(clock, 2, CLOCK_MEMORY, CLOCK_MEMORY),
    NUMBER(clock, 3, CLOCK_VIDEO, CLOCK_VIDEO),
    NUMBER(clock_max, 0, MAX_CLOCK_GRAPHICS, MAX_CLOCK_GRAPHICS),
    NUMBER(clock_max, 1, MAX_CLOCK_SM, MAX_CLOCK_SM),
    NUMBER(clock_max, 2, MAX_CLOCK_MEMORY, MAX_CLOCK_MEMORY),
    NUMBER(clock_max, 3, MAX_CLOCK_VIDEO, MAX_CLOCK_VIDEO),
    NUMBER(fan_speed, 0, FAN_SPEED, FAN_SPEED),
    NUMBER(fan_count, 0, FAN_COUNT, FAN_COUNT),
    MEMBER(fan_rpm, fan_speed, rpm, FAN_RPM, FAN_RPM),
    MEMBER(temperature_v, temperature, temperature, TEMPERATURE, TEMPERATURE),
    MEMBER(temperature_margin, margin_temperature, margin, TEMPERATURE_MARGIN, TEMPERATURE_MARGIN),
    NUMBER(temperature_threshold, 0, TEMPERATURE_THRESHOLDS, TEMPERATURE_SHUTDOWN),
    NUMBER(temperature_threshold, 1, TEMPERATURE_THRESHOLDS, TEMPERATURE_SLOWDOWN),
    NUMBER(temperature_threshold, 2, TEMPERATURE_THRESHOLDS, TEMPERATURE_MEMORY_MAX),
    NUMBER(temperature_threshold, 3, TEMPERATURE_THRESHOLDS, TEMPERATURE_GPU_MAX),
    NUMBER(power_usage, 0, POWER_USAGE, POWER_USAGE),
    NUMBER(power_limit, 0, POWER_LIMIT, POWER_LIMIT),
    NUMBER(power_limit_enforced, 0, POWER_LIMIT_ENFORCED, POWER_LIMIT_ENFORCED),
    NUMBER(power_limit_range, 0, POWER_LIMIT_RANGE, POWER_LIMIT_MIN),
    NUMBER(power_limit_range, 1, POWER_LIMIT_RANGE, POWER_LIMIT_MAX),
    NUMBER(energy, 0, ENERGY, ENERGY),
    FIELD(0, POWER_INSTANT),
    FIELD(1, POWER_AVERAGE),
    FIELD(2, TEMPERATURE_MEMORY),
    FIELD(3, NVLINK_COUNT),
    FIELD(4, NVLINK_TX),
    FIELD(5, NVLINK_RX),
    NUMBER(pcie_throughput, 0, PCIE_THROUGHPUT, PCIE_TX),
    NUMBER(pcie_throughput, 1, PCIE_THROUGHPUT, PCIE_RX),
    NUMBER(pcie_generation, 0, PCIE_LINK, PCIE_GENERATION),
    NUMBER(pcie_width, 0, PCIE_LINK, PCIE_WIDTH),
    NUMBER(pcie_generation_max, 0, PCIE_LINK_MAX, PCIE_GENERATION_MAX),
    NUMBER(pcie_width_max, 0, PCIE_LINK_MAX, PCIE_WIDTH_MAX),
    NUMBER(display_active, 0, DISPLAY_ACTIVE, DISPLAY_ACTIVE),
    NUMBER(display_mode, 0, DISPLAY_MODE, DISPLAY_MODE),
    NUMBER(driver_model[0], 0, DRIVER_MODEL, DRIVER_MODEL),
    NUMBER(persistence_mode, 0, PERSISTENCE_MODE, PERSISTENCE_MODE),
    UP_TO(15, pstate, PSTATE, PSTATE),
    NUMBER(ecc[1][0], 0, ECC_ERRORS, ECC_ERRORS),
    NUMBER(compute_mode, 0, COMPUTE_MODE, COMPUTE_MODE),
    NUMBER(mig_mode, 0, MIG_MODE, MIG_MODE),
    NUMBER(event_reasons[0], 0, EVENT_REASONS, EVENT_REASONS),
    NUMBER(gpu_instance_id, 0, MIG_IDS, GPU_INSTANCE_ID),
    NUMBER(compute_instance_id, 0, MIG_IDS, COMPUTE_INSTANCE_ID),
    MEMBER(attributes, attributes, multiprocessors, MIG_ATTRIBUTES, MULTIPROCESSOR_COUNT),
    TEXT(vbios_version.text, VBIOS_VERSION, VBIOS_VERSION),
    TEXT(board_part_number.text, BOARD_PART_NUMBER, BOARD_PART_NUMBER),
    NUMBER(ecc[0][0], 0, ECC_OTHERS, ECC_CORRECTED),
    NUMBER(ecc[1][1], 0, ECC_OTHERS, ECC_ERRORS_AGGREGATE),
    NUMBER(ecc[0][1], 0, ECC_OTHERS, ECC_CORRECTED_AGGREGATE),
    HEALTH(6, PCIE_REPLAYS),
    HEALTH(7, RETIRED_SINGLE_BIT),
    HEALTH(8, RETIRED_DOUBLE_BIT),
    HEALTH(9, RETIRED_PENDING),
    HEALTH(10, REMAPPED_CORRECTABLE),
    HEALTH(11, REMAPPED_UNCORRECTABLE),
    HEALTH(12, REMAPPED_PENDING),
    HEALTH(13, REMAPPED_FAILURE),
    HEALTH(14, VIOLATION_POWER),
    HEALTH(15, VIOLATION_THERMAL),
    HEALTH(16, VIOLATION_SYNC_BOOST),
    HEALTH(17, VIOLATION_BOARD_LIMIT),
    HEALTH(18, VIOLATION_LOW_UTILIZATION),
    HEALTH(19, VIOLATION_RELIABILITY),
    HEALTH(20, VIOLATION_APP_CLOCKS),
    HEALTH(21, VIOLATION_BASE_CLOCKS),
    NUMBER(gpm, 0, GPM, SM_ACTIVE),
    NUMBER(gpm, 1, GPM, TENSOR_ACTIVE),
    NUMBER(gpm, 2, GPM, DRAM_ACTIVE),
};

/* The fields' numbers, by the driver's documentation. */
static const struct {
    uint32_t id, scope;
} fields[] = {
    { 186, 0 }, { 185, 0 }, { 82, 0 }, { 91, 0 }, { 138, UINT32_MAX }, { 139, UINT32_MAX },
    { 94, 0 },  { 29, 0 },  { 30, 0 }, { 31, 0 }, { 142, 0 },          { 143, 0 },
    { 144, 0 }, { 145, 0 }, { 74, 0 }, { 75, 0 }, { 76, 0 },           { 77, 0 },
    { 78, 0 },  { 79, 0 },  { 80, 0 }, { 81, 0 },
};

struct bench {
    struct nvml *nvml;
    struct nvml_device *device;
    struct arena arena;
};

static uint32_t number_of(size_t at)
{
    return wires[at].number ? wires[at].number : 100 + (uint32_t)at;
}

static void put(const struct wire *wire, uint32_t number, struct arena *arena)
{
    uint64_t wide = number;
    if (wire->size == sizeof(wide))
        memcpy(wire->place, &wide, sizeof(wide));
    else if (wire->size)
        memcpy(wire->place, &number, sizeof(number));
    else
        *(const char **)wire->place = arena_printf(arena, "%u", number);
}

/* Every wire has its own number. */
static void open_bench(struct bench *bench)
{
    fake_reset();
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        fake.fields[i].field_id = fields[i].id;
        fake.fields[i].scope_id = fields[i].scope;
        fake.fields[i].value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG;
    }
    *bench = (struct bench){ .nvml = fake_open() };
    bench->device = nvml_device_open(bench->nvml, 0);
    for (size_t i = 0; i < ARRAY_LEN(wires); i++)
        put(&wires[i], number_of(i), &bench->arena);
    /* what is between two samples has no value the first time */
    struct value values[NVITOP_DEV_COUNT];
    nvml_device_ask(bench->device, NVML_QUERY_GPM, &bench->arena, values);
}

static void close_bench(struct bench *bench)
{
    arena_done(&bench->arena);
    nvml_device_free(bench->device);
    assert_int_equal(fake.gpm_samples, 0);
    nvml_free(bench->nvml);
}

/* What a query says, NOT_ASKED where it says nothing. */
static void ask(struct bench *bench, int query, struct value values[NVITOP_DEV_COUNT])
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        values[i] = value_na(NVITOP_WHY_NOT_ASKED);
    nvml_device_ask(bench->device, (enum nvml_query)query, &bench->arena, values);
}

static bool is_filled(struct value value)
{
    return value.kind != NVITOP_NA || value.why != NVITOP_WHY_NOT_ASKED;
}

static const struct wire *wire_of(const struct metric *metric)
{
    for (size_t i = 0; i < ARRAY_LEN(wires); i++)
        if (wires[i].metric == metric->id && wires[i].query == (int)metric->query)
            return &wires[i];
    return NULL;
}

/* Both ways: what a metric's row names fills it, and nothing else does. */
static void a_metric_is_filled_by_the_query_it_names_and_no_other(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    for (int query = 0; query < NVML_QUERY_COUNT; query++) {
        struct value values[NVITOP_DEV_COUNT];
        ask(&bench, query, values);
        for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
            if (is_filled(values[i]) != ((int)metric_device[i].query == query))
                fail_msg("%s and query %d", metric_device[i].name, query);
    }
    close_bench(&bench);
}

static void no_metric_is_without_a_wire(void **state)
{
    (void)state;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].query != NVML_QUERY_NONE && !wire_of(&metric_device[i]))
            fail_msg("%s does not stand in wires[]", metric_device[i].name);
}

static void check(struct bench *bench, const struct wire *wire, int64_t expected)
{
    struct value values[NVITOP_DEV_COUNT];
    const struct metric *metric = metric_by_id(wire->metric);
    ask(bench, wire->query, values);
    struct value value = values[wire->metric - NVITOP_DEV_NAME];
    if (value.kind != metric->kind)
        fail_msg("%s is of another kind than its row says", metric->name);
    int64_t number = value.kind == NVITOP_TEXT   ? strtoll(value.text, NULL, 10)
                     : value.kind == NVITOP_REAL ? llround(value.r * 1e9) /* of nanoseconds */
                                                 : value.i;
    if (number != expected)
        fail_msg("%s is %lld, not %lld", metric->name, (long long)number, (long long)expected);
}

/* A flag knows two numbers, so it is turned to both while all others stay. */
static void trap_21_every_number_comes_from_its_own_call(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    for (size_t i = 0; i < ARRAY_LEN(wires); i++) {
        bool is_flag = metric_by_id(wires[i].metric)->kind == NVITOP_BOOL;
        for (uint32_t turn = 0; is_flag && turn < 2; turn++) {
            put(&wires[i], turn, &bench.arena);
            check(&bench, &wires[i], turn);
        }
        put(&wires[i], number_of(i), &bench.arena);
        if (!is_flag)
            check(&bench, &wires[i], number_of(i));
    }
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_is_filled_by_the_query_it_names_and_no_other),
        cmocka_unit_test(no_metric_is_without_a_wire),
        cmocka_unit_test(trap_21_every_number_comes_from_its_own_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
