/* Critical errors of GPUs, and the counters of single NVLinks: what the driver may answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"

/* ---- events ---- */

static struct {
    struct nvml_abi_event event;
    int code, refused; /* of a wait; the GPU that has no events, -1: none */
    unsigned sets, registered, ms;
} driver;

static int32_t create(nvml_event_set *set)
{
    driver.sets++;
    *set = (nvml_event_set)(void *)&driver;
    return 0;
}

static int32_t release(nvml_event_set set)
{
    assert_ptr_equal(set, &driver);
    driver.sets--;
    return 0;
}

static int32_t enlist(nvml_handle handle, uint64_t types, nvml_event_set set)
{
    assert_ptr_equal(set, &driver);
    assert_int_equal(types, 8);
    if (driver.refused >= 0 && (char *)handle == &fake.things[driver.refused])
        return NVML_ABI_ERROR_NOT_SUPPORTED;
    driver.registered++;
    return 0;
}

static int32_t await_event(nvml_event_set set, struct nvml_abi_event *event, uint32_t ms)
{
    assert_ptr_equal(set, &driver);
    driver.ms = ms;
    if (!driver.code)
        *event = driver.event;
    return driver.code;
}

static struct nvml *open_driver(int refused)
{
    struct nvml_symbols symbols;
    fake_reset();
    memset(&driver, 0, sizeof(driver));
    driver.refused = refused;
    fake_symbols(&symbols);
    symbols.event_set_create = create;
    symbols.event_set_free = release;
    symbols.event_set_wait = await_event;
    symbols.register_events = enlist;
    return fake_open_with(&symbols);
}

static void an_event_is_told_with_its_gpu(void **state)
{
    (void)state;
    struct nvml *nvml = open_driver(0);
    struct nvml_events *events = nvml_events_open(nvml, 3);
    struct nvml_event event = { 0 };
    assert_non_null(events);
    assert_int_equal(driver.registered, 2);
    driver.event = (struct nvml_abi_event){ .device = (nvml_handle)(void *)&fake.things[2],
                                            .type = NVML_ABI_EVENT_TYPE_XID,
                                            .data = 79 };
    assert_int_equal(nvml_events_wait(events, 70, &event), NVML_EVENT);
    assert_int_equal(event.index, 2);
    assert_int_equal(event.xid, 79);
    assert_int_equal(driver.ms, 70);
    driver.event.type = 1; /* of another kind */
    assert_int_equal(nvml_events_wait(events, 70, &event), NVML_EVENT_NONE);
    driver.event.type = NVML_ABI_EVENT_TYPE_XID;
    driver.event.device = (nvml_handle)(void *)&fake.things[0]; /* of one that was refused */
    assert_int_equal(nvml_events_wait(events, 70, &event), NVML_EVENT_NONE);
    driver.code = NVML_ABI_ERROR_TIMEOUT;
    assert_int_equal(nvml_events_wait(events, 70, &event), NVML_EVENT_NONE);
    driver.code = NVML_ABI_ERROR_GPU_IS_LOST;
    assert_int_equal(nvml_events_wait(events, 70, &event), NVML_EVENT_FAILED);
    nvml_events_close(events);
    assert_int_equal(driver.sets, 0);
    nvml_free(nvml);
}

static void where_no_gpu_has_events_there_is_no_set(void **state)
{
    (void)state;
    struct nvml *nvml = open_driver(0);
    assert_null(nvml_events_open(nvml, 1));
    assert_int_equal(driver.sets, 0);
    nvml_free(nvml);
    nvml = fake_open(); /* without the functions */
    assert_null(nvml_events_open(nvml, 1));
    nvml_free(nvml);
}

/* ---- links ---- */

static void put_field(size_t at, uint32_t id, uint32_t scope, uint64_t number)
{
    fake.fields[at] =
        (struct nvml_abi_field_value){ .field_id = id,
                                       .scope_id = scope,
                                       .value_type = NVML_ABI_VALUE_TYPE_UNSIGNED_LONG_LONG,
                                       .value.u64 = number };
}

static void each_link_has_its_own_counters(void **state)
{
    (void)state;
    struct nvml_link links[NVML_LINKS_MAX];
    size_t count = 0;
    fake_reset();
    struct nvml *nvml = fake_open();
    struct nvml_device *device = nvml_device_open(nvml, 0);
    put_field(0, 91, 0, 2);
    put_field(1, 138, 0, 10);
    put_field(2, 139, 0, 11);
    put_field(3, 138, 1, 20);
    put_field(4, 139, 1, 21);
    fake.fields[4].code = NVML_ABI_ERROR_NO_PERMISSION;
    fake.writes_past_fields = true;
    assert_true(nvml_device_links(device, links, &count));
    assert_int_equal(count, 2);
    assert_int_equal(links[0].tx.i, 10);
    assert_int_equal(links[0].rx.i, 11);
    assert_int_equal(links[1].link, 1);
    assert_int_equal(links[1].tx.i, 20);
    assert_int_equal(links[1].rx.why, NVITOP_WHY_NO_PERMISSION);
    unsigned calls = fake.field_calls;
    assert_true(nvml_device_links(device, links, &count));
    assert_int_equal(fake.field_calls, calls + 1); /* how many there are is known */
    fake.fields_code = NVML_ABI_ERROR_UNKNOWN;
    assert_false(nvml_device_links(device, links, &count));
    nvml_device_free(device);
    nvml_free(nvml);
}

static void a_driver_that_tells_no_link_has_none_and_is_left_alone(void **state)
{
    (void)state;
    struct nvml_link links[NVML_LINKS_MAX];
    size_t count = 7;
    fake_reset();
    struct nvml *nvml = fake_open();
    struct nvml_device *device = nvml_device_open(nvml, 0);
    put_field(0, 91, 0, 2);
    put_field(1, 138, 0, 0);
    fake.fields[1].code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    assert_true(nvml_device_links(device, links, &count));
    assert_int_equal(count, 0);
    unsigned calls = fake.field_calls;
    assert_true(nvml_device_links(device, links, &count));
    assert_int_equal(fake.field_calls, calls);
    nvml_device_free(device);
    nvml_free(nvml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_told_with_its_gpu),
        cmocka_unit_test(where_no_gpu_has_events_there_is_no_set),
        cmocka_unit_test(each_link_has_its_own_counters),
        cmocka_unit_test(a_driver_that_tells_no_link_has_none_and_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
