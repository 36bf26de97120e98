/* CUDA_VISIBLE_DEVICES: the case file, over the machines of boxes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "vectors.h"

static size_t resolve(const struct box *box, const char *value, struct visible_index *ret)
{
    return visible_resolve(value, box->devices, box->device_count,
                           box->order_count ? box->order : NULL, box->order_count, ret);
}

static void trap36_names_devices_as_the_cuda_runtime_does(void **state)
{
    (void)state;
    assert_int_equal(vectors_run(resolve), 0);
}

static void no_device_is_no_trouble(void **state)
{
    static const char *const values[] = { NULL, "", "0", "GPU-", "MIG-", "0,1,GPU-a" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        assert_int_equal(visible_resolve(values[i], NULL, 0, NULL, 0, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap36_names_devices_as_the_cuda_runtime_does),
        cmocka_unit_test(no_device_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
