/* The question to libcuda, over a libcuda of our own: order, traps of the UUID, and every way in
 * which it can fail to answer. FAKECUDA, FAKECUDA_OLD: folders; CUDA_ORDER_HELPER: the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "boxes.h"

enum { PATIENCE_MS = 20000, ORDER_SIZE = 8, TEXT_SIZE = 4096 };

#define HEX_A "aaaaaaaa000000000000000000000000"
#define HEX_A1 "aaaaaaaa111111111111111111111111"
#define HEX_B "bbbbbbbb222222222222222222222222"
#define HEX_C "cccccccc333333333333333333333333"
#define HEX_ALL HEX_A "," HEX_A1 "," HEX_B "," HEX_C
#define HEX_ZEROS "0011220000000000ff00000000000001"

static const char *helper(void)
{
    return getenv("CUDA_ORDER_HELPER");
}

static void use(const char *folder, const char *uuids, const char *mode)
{
    setenv("LD_LIBRARY_PATH", getenv(folder), 1);
    setenv("FAKE_CUDA_UUIDS", uuids, 1);
    setenv("FAKE_CUDA_MODE", mode, 1);
    unsetenv("CUDA_DEVICE_ORDER");
    setenv("CUDA_VISIBLE_DEVICES", "1", 1);
}

static size_t ask(const char *box_name, int32_t *order)
{
    const struct box *box = box_find(box_name);
    return visible_ask_cuda(helper(), box->devices, box->device_count, PATIENCE_MS, order);
}

static int print(char text[TEXT_SIZE])
{
    const char *const argv[] = { helper(), NULL };
    text[0] = 0;
    return spawn_capture(argv, PATIENCE_MS, text, TEXT_SIZE);
}

static void check_reversed(void)
{
    int32_t order[ORDER_SIZE];
    assert_int_equal(ask("plain", order), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(order[i], 3 - i);
}

static void trap36_maps_cudas_own_order_by_uuid(void **state)
{
    (void)state;
    use("FAKECUDA", HEX_ALL, "");
    check_reversed();
}

static void an_older_libcuda_is_asked_by_the_older_name(void **state)
{
    (void)state;
    use("FAKECUDA_OLD", HEX_ALL, "");
    check_reversed();
}

static void trap20_a_zero_byte_does_not_end_a_uuid(void **state)
{
    char text[TEXT_SIZE];
    (void)state;
    use("FAKECUDA", HEX_ZEROS, "");
    assert_int_equal(print(text), 0);
    assert_string_equal(text, "GPU-00112200-0000-0000-ff00-000000000001\n");
}

static void the_bus_order_needs_no_libcuda(void **state)
{
    int32_t order[ORDER_SIZE];
    (void)state;
    use("FAKECUDA", HEX_ALL, "hang");
    setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 1);
    assert_int_equal(ask("plain", order), 0);
}

static void what_libcuda_prints_is_not_taken_for_an_answer(void **state)
{
    (void)state;
    use("FAKECUDA", HEX_ALL, "print");
    check_reversed();
}

static void no_answer_is_an_answer(void **state)
{
    static const char *const modes[] = { "fail", "crash", "no-uuid", "many" };
    int32_t order[ORDER_SIZE];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        use("FAKECUDA", HEX_ALL, modes[i]);
        assert_int_equal(ask("plain", order), 0);
    }
    use("FAKECUDA", "", "");
    assert_int_equal(ask("plain", order), 0);
    assert_int_equal(visible_ask_cuda(NULL, box_find("plain")->devices, 4, 1, order), 0);
    assert_int_equal(visible_ask_cuda("/nonexistent", box_find("plain")->devices, 4, 1, order), 0);
}

static void a_gpu_that_nvml_does_not_know_spoils_the_order(void **state)
{
    int32_t order[ORDER_SIZE];
    (void)state;
    use("FAKECUDA", HEX_ALL "," HEX_ZEROS, "");
    assert_int_equal(ask("plain", order), 0);
    use("FAKECUDA", HEX_A "," HEX_A, "");
    assert_int_equal(ask("plain", order), 0);
    use("FAKECUDA", HEX_B "," HEX_A, ""); /* fewer than NVML is fine */
    assert_int_equal(ask("plain", order), 2);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[1], 2);
}

static void a_hanging_libcuda_is_left_after_the_deadline(void **state)
{
    int32_t order[ORDER_SIZE];
    const struct box *box = box_find("plain");
    (void)state;
    use("FAKECUDA", HEX_ALL, "hang");
    uint64_t start = clock_mono_ns();
    assert_int_equal(visible_ask_cuda(helper(), box->devices, 4, 50, order), 0);
    assert_true(clock_mono_ns() - start < (PATIENCE_MS / 2) * CLOCK_NS_PER_MS);
}

static void nobody_is_asked_under_mig_or_for_one_gpu(void **state)
{
    int32_t order[ORDER_SIZE];
    (void)state;
    use("FAKECUDA", HEX_A "," HEX_A1 "," HEX_B, "");
    assert_int_equal(ask("mig", order), 0);
    assert_int_equal(visible_ask_cuda(helper(), box_find("plain")->devices, 1, 50, order), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap36_maps_cudas_own_order_by_uuid),
        cmocka_unit_test(an_older_libcuda_is_asked_by_the_older_name),
        cmocka_unit_test(trap20_a_zero_byte_does_not_end_a_uuid),
        cmocka_unit_test(the_bus_order_needs_no_libcuda),
        cmocka_unit_test(what_libcuda_prints_is_not_taken_for_an_answer),
        cmocka_unit_test(no_answer_is_an_answer),
        cmocka_unit_test(a_gpu_that_nvml_does_not_know_spoils_the_order),
        cmocka_unit_test(a_hanging_libcuda_is_left_after_the_deadline),
        cmocka_unit_test(nobody_is_asked_under_mig_or_for_one_gpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
