/*
 * CUDA_VISIBLE_DEVICES through the public function: the case file of the pure one, over simulated
 * boxes, with a helper that tells CUDA's order where a box has one of its own.
 */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"
#include "vectors.h"

static void write_device(struct str *text, const struct visible_device *device)
{
    if (device->mig < 0)
        str_printf(text, "[device %d]\nmig_mode = %d\n", device->physical, device->is_mig_enabled);
    else
        str_printf(text, "[mig %d:%d]\ngi = %u\nci = %u\n", device->physical, device->mig,
                   device->gpu_instance, device->compute_instance);
    str_printf(text, "uuid = %s\n", device->uuid ? device->uuid : "UNKNOWN");
}

static void write_helper(struct stand *stand, const struct box *box, char *path)
{
    struct str script = { 0 };
    str_append(&script, "#!/bin/sh\n");
    for (size_t i = 0; i < box->order_count; i++)
        for (size_t d = 0; d < box->device_count; d++)
            if (box->devices[d].physical == box->order[i] && box->devices[d].mig < 0)
                str_printf(&script, "echo %s\n", box->devices[d].uuid);
    simdir_write(&stand->dir, "helper", str_text(&script));
    simdir_path(&stand->dir, "helper", path);
    assert_int_equal(chmod(path, 0700), 0);
    str_done(&script);
}

static void open_box(struct stand *stand, const struct box *box)
{
    char helper[SIMDIR_PATH_SIZE] = "";
    struct str scenario = { 0 };
    for (size_t i = 0; i < box->device_count; i++)
        write_device(&scenario, &box->devices[i]);
    stand_set(stand, str_text(&scenario));
    str_done(&scenario);
    if (box->order_count)
        write_helper(stand, box, helper);
    stand->options.cuda_helper = helper;
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

/* The stand of the box that was asked for last: cases come box by box. */
static struct {
    const struct box *box;
    struct stand stand;
} now;

static size_t resolve(const struct box *box, const char *value, struct visible_index *ret)
{
    struct nvitop_index found[BOX_DEVICES];
    size_t count = 0;
    if (now.box != box) {
        if (now.box)
            stand_end(&now.stand);
        now.box = box;
        open_box(&now.stand, box);
    }
    assert_int_equal(
        nvitop_visible_devices(now.stand.session, value, 0, found, ARRAY_LEN(found), &count),
        NVITOP_OK);
    for (size_t i = 0; i < count; i++)
        ret[i] = (struct visible_index){ found[i].physical, found[i].mig };
    return count;
}

static void trap_36_names_devices_as_the_cuda_runtime_does(void **state)
{
    (void)state;
    assert_int_equal(vectors_run(resolve), 0);
    stand_end(&now.stand);
}

static void the_environment_is_one_of_the_values(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_index found[4];
    size_t count = 0;
    open_box(&stand, box_find("plain"));
    setenv("CUDA_VISIBLE_DEVICES", "3,1", 1);
    assert_int_equal(
        nvitop_visible_devices(stand.session, "0", NVITOP_VISIBLE_ENVIRONMENT, found, 4, &count),
        NVITOP_OK);
    assert_int_equal(count, 2);
    assert_int_equal(found[0].physical, 3);
    assert_int_equal(nvitop_visible_devices(stand.session, NULL, 0, found, 4, &count), NVITOP_OK);
    assert_int_equal(count, 4);
    unsetenv("CUDA_VISIBLE_DEVICES");
    assert_int_equal(
        nvitop_visible_devices(stand.session, "0", NVITOP_VISIBLE_ENVIRONMENT, found, 4, &count),
        NVITOP_OK);
    assert_int_equal(count, 4);
    stand_end(&stand);
}

static void the_order_of_the_bus_needs_no_helper(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_index found[4];
    size_t count = 0;
    open_box(&stand, box_find("fast"));
    assert_int_equal(
        nvitop_visible_devices(stand.session, "0", NVITOP_VISIBLE_PCI_ORDER, found, 4, &count),
        NVITOP_OK);
    assert_int_equal(found[0].physical, 0);
    assert_int_equal(nvitop_visible_devices(stand.session, "0", 0, found, 4, &count), NVITOP_OK);
    assert_int_equal(found[0].physical, 3);
    stand_end(&stand);
}

static void lists_have_the_usual_bounds(void **state)
{
    (void)state;
    struct stand stand;
    struct nvitop_index found[2] = { { 7, 7 }, { 7, 7 } };
    size_t count = 0;
    open_box(&stand, box_find("plain"));
    assert_int_equal(nvitop_visible_devices(stand.session, "2,1,0", 0, NULL, 0, &count), NVITOP_OK);
    assert_int_equal(count, 3);
    assert_int_equal(nvitop_visible_devices(stand.session, "2,1,0", 0, found, 1, &count),
                     NVITOP_OK);
    assert_int_equal(count, 3);
    assert_int_equal(found[0].physical, 2);
    assert_int_equal(found[1].physical, 7);
    count = 9;
    assert_int_equal(nvitop_visible_devices(stand.session, "0", 0, NULL, 1, &count), NVITOP_EINVAL);
    assert_int_equal(nvitop_visible_devices(stand.session, "0", 0, found, 1, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_visible_devices(stand.session, "0", 8, found, 1, &count),
                     NVITOP_EINVAL);
    assert_int_equal(nvitop_visible_devices(NULL, "0", 0, found, 1, &count), NVITOP_EINVAL);
    assert_int_equal(count, 9);
    stand_end(&stand);
}

static void without_a_driver_nothing_is_said(void **state)
{
    (void)state;
    struct stand stand;
    size_t count = 9;
    stand_set(&stand, "[system]\ninit_error = DRIVER_NOT_LOADED\n[device 0]\n");
    stand.options.flags = NVITOP_OPEN_LAZY;
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    assert_int_equal(nvitop_visible_devices(stand.session, "0", 0, NULL, 0, &count),
                     NVITOP_ENODRIVER);
    assert_int_equal(count, 9);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_36_names_devices_as_the_cuda_runtime_does),
        cmocka_unit_test(the_environment_is_one_of_the_values),
        cmocka_unit_test(the_order_of_the_bus_needs_no_helper),
        cmocka_unit_test(lists_have_the_usual_bounds),
        cmocka_unit_test(without_a_driver_nothing_is_said),
    };
    return cmocka_run_group_tests_name("api/visible", tests, NULL, NULL);
}
