/* MIG devices: holes, instances that come, go, move and are made anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "fake.h"

struct bench {
    struct nvml *nvml;
    struct nvml_device *device;
    struct arena arena;
    const struct nvml_mig *children;
    size_t count;
};

static void put(unsigned index, const char *uuid)
{
    fake.migs[index] = (struct fake_mig){ 0 };
    strcpy(fake.migs[index].uuid, uuid);
}

static void drop(unsigned index)
{
    fake.migs[index].code = NVML_ABI_ERROR_NOT_FOUND;
}

static void open_bench(struct bench *bench)
{
    *bench = (struct bench){ .nvml = fake_open() };
    bench->device = nvml_device_open(bench->nvml, 0);
}

static void look(struct bench *bench)
{
    nvml_device_mig_children(bench->device, &bench->children, &bench->count);
}

static void close_bench(struct bench *bench)
{
    arena_done(&bench->arena);
    nvml_device_free(bench->device);
    nvml_free(bench->nvml);
}

/* Seven places, instances at 0, 2 and 6. */
static void open_with_holes(struct bench *bench)
{
    fake_reset();
    fake.mig_count_max.n[0] = 7;
    put(0, "MIG-a");
    put(2, "MIG-c");
    put(6, "MIG-g");
    open_bench(bench);
    look(bench);
}

static void trap_07_holes_do_not_hide_what_comes_after(void **state)
{
    (void)state;
    struct bench bench;
    open_with_holes(&bench);
    static const unsigned indices[] = { 0, 2, 6 };
    static const char *const uuids[] = { "MIG-a", "MIG-c", "MIG-g" };
    assert_int_equal(bench.count, 3);
    for (size_t i = 0; i < bench.count; i++) {
        assert_int_equal(bench.children[i].index, indices[i]);
        assert_string_equal(bench.children[i].uuid, uuids[i]);
        assert_ptr_equal(nvml_device_handle(bench.children[i].device),
                         &fake.things[1 + indices[i]]);
    }
    close_bench(&bench);
}

static void the_same_instance_is_the_same_object(void **state)
{
    (void)state;
    struct bench bench;
    open_with_holes(&bench);
    struct nvml_device *c = bench.children[1].device;
    struct nvml_device *g = bench.children[2].device;
    put(1, "MIG-g"); /* moved */
    drop(6);
    drop(0);
    look(&bench);
    assert_int_equal(bench.count, 2);
    assert_ptr_equal(bench.children[0].device, g);
    assert_ptr_equal(bench.children[1].device, c);
    assert_ptr_equal(nvml_device_handle(g), &fake.things[2]);
    close_bench(&bench);
}

static void trap_08_an_instance_made_anew_is_another_object(void **state)
{
    (void)state;
    struct bench bench;
    open_with_holes(&bench);
    struct nvml_device *old = bench.children[0].device;
    fake.fan_speed.code = NVML_ABI_ERROR_NOT_SUPPORTED;
    fake_ask(old, NVML_QUERY_FAN_SPEED, NVITOP_DEV_FAN_SPEED, &bench.arena);
    unsigned calls = fake.fan_speed.calls;
    put(0, "MIG-new"); /* same place, same handle, same instance ids */
    look(&bench);
    struct nvml_device *fresh = bench.children[0].device;
    assert_string_equal(bench.children[0].uuid, "MIG-new");
    struct value uuid = fake_ask(fresh, NVML_QUERY_UUID, NVITOP_DEV_UUID, &bench.arena);
    assert_string_equal(uuid.text, "MIG-new");
    fake_ask(fresh, NVML_QUERY_FAN_SPEED, NVITOP_DEV_FAN_SPEED, &bench.arena);
    assert_int_equal(fake.fan_speed.calls, calls + 1); /* nothing of the old one is remembered */
    close_bench(&bench);
}

static void a_troubled_place_keeps_its_device(void **state)
{
    static const int troubles[] = { NVML_ABI_ERROR_UNKNOWN, NVML_ABI_ERROR_GPU_IS_LOST,
                                    NVML_ABI_ERROR_TIMEOUT };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
        struct bench bench;
        open_with_holes(&bench);
        struct nvml_device *c = bench.children[1].device;
        fake.migs[2].code = troubles[i];
        look(&bench);
        assert_int_equal(bench.count, 3);
        assert_ptr_equal(bench.children[1].device, c);
        assert_string_equal(bench.children[1].uuid, "MIG-c");
        close_bench(&bench);
    }
}

static void an_instance_without_uuid_is_known_by_its_place(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.mig_count_max.n[0] = 2;
    put(0, "");
    fake.migs[0].uuid_code = NVML_ABI_ERROR_NO_PERMISSION;
    put(1, "MIG-b");
    open_bench(&bench);
    look(&bench);
    assert_int_equal(bench.count, 2);
    assert_string_equal(bench.children[0].uuid, "");
    struct nvml_device *nameless = bench.children[0].device;
    look(&bench);
    assert_int_equal(bench.count, 2);
    assert_ptr_equal(bench.children[0].device, nameless);
    close_bench(&bench);
}

static void no_places_no_devices(void **state)
{
    static const int codes[] = { 0, NVML_ABI_ERROR_NOT_SUPPORTED,
                                 NVML_ABI_ERROR_FUNCTION_NOT_FOUND };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        struct bench bench;
        fake_reset();
        fake.mig_count_max.code = codes[i];
        put(0, "MIG-a");
        open_bench(&bench);
        look(&bench);
        assert_int_equal(bench.count, 0);
        close_bench(&bench);
    }
}

static void every_place_is_looked_at(void **state)
{
    (void)state;
    struct bench bench;
    fake_reset();
    fake.mig_count_max.code = NVML_ABI_ERROR_UNKNOWN;
    open_bench(&bench);
    look(&bench);
    assert_int_equal(bench.count, 0);
    fake.mig_count_max.code = 0;
    fake.mig_count_max.n[0] = ARRAY_LEN(fake.migs);
    for (unsigned i = 0; i < ARRAY_LEN(fake.migs); i++)
        put(i, (char[]){ 'M', 'I', 'G', '-', (char)('a' + i), 0 });
    look(&bench);
    assert_int_equal(bench.count, ARRAY_LEN(fake.migs));
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_07_holes_do_not_hide_what_comes_after),
        cmocka_unit_test(the_same_instance_is_the_same_object),
        cmocka_unit_test(trap_08_an_instance_made_anew_is_another_object),
        cmocka_unit_test(a_troubled_place_keeps_its_device),
        cmocka_unit_test(an_instance_without_uuid_is_known_by_its_place),
        cmocka_unit_test(no_places_no_devices),
        cmocka_unit_test(every_place_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
