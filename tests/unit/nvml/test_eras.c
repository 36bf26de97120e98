/*
 * Runs as the launcher's command over the scenario `eras`: whatever driver the simulator takes
 * itself for, the same processes are read from it, with their types, memory and samples.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "nvml/nvml.h"

struct expected {
    unsigned mib;
    uint32_t types, sm, memory;
};

enum { C = NVML_PROCESS_COMPUTE, G = NVML_PROCESS_GRAPHICS };

static const struct expected gpu0[] = {
    { 77, G, 2, 0 },
    { 512, C, 7, 0 },
    { 1000, C, 3, 1 },
    { 2222, C | G, 20, 8 },
};

static const struct expected gpu1[] = {
    { 300, C, 1, 0 }, { 411, C, 2, 1 }, { 512, C, 7, 0 }, { 522, C, 3, 2 },  { 633, C, 4, 3 },
    { 744, C, 5, 4 }, { 855, C, 6, 5 }, { 966, C, 7, 6 }, { 1077, C, 8, 7 }, { 1188, C, 9, 8 },
};

static int by_memory(const void *left, const void *right)
{
    int64_t a = ((const struct nvml_process *)left)->used_memory.i;
    int64_t b = ((const struct nvml_process *)right)->used_memory.i;
    return (a > b) - (a < b);
}

static const struct nvml_process_sample *sample_of(const struct nvml_process_sample *samples,
                                                   size_t count, uint32_t pid)
{
    for (size_t i = 0; i < count; i++)
        if (samples[i].pid == pid)
            return &samples[i];
    return NULL;
}

static void check(struct nvml *nvml, unsigned index, const struct expected *expected, size_t count)
{
    struct arena arena = { 0 };
    struct nvml_device *device = nvml_device_open(nvml, index);
    struct nvml_process *rows;
    struct nvml_process_sample *samples;
    struct value why;
    size_t row_count, sample_count;
    assert_int_equal(nvml_device_code(device), 0);
    nvml_device_processes(device, 4194304, UINT64_C(16) << 30, &arena, &rows, &row_count, &why);
    assert_int_equal(why.why, NVITOP_WHY_NONE);
    assert_int_equal(row_count, count);
    nvml_device_process_samples(device, clock_epoch_us() - 1000000, rows, row_count, &arena,
                                &samples, &sample_count, &why);
    assert_int_equal(why.why, NVITOP_WHY_NONE);
    qsort(rows, row_count, sizeof(*rows), by_memory);
    for (size_t i = 0; i < count; i++) {
        const struct nvml_process_sample *sample = sample_of(samples, sample_count, rows[i].pid);
        assert_int_equal(rows[i].used_memory.kind, NVITOP_INT);
        assert_int_equal(rows[i].used_memory.i >> 20, expected[i].mib);
        assert_int_equal(rows[i].types, expected[i].types);
        assert_non_null(sample);
        assert_int_equal(sample->sm, expected[i].sm);
        assert_int_equal(sample->memory, expected[i].memory);
    }
    nvml_device_free(device);
    arena_done(&arena);
}

static void trap_01_every_driver_gives_the_same_list(void **state)
{
    (void)state;
    struct nvml *nvml;
    struct nvml_failure failure;
    unsigned count = 0;
    assert_int_equal(nvml_open(getenv("NVITOP_NVML"), &nvml, &failure), NVITOP_OK);
    assert_int_equal(nvml_device_count(nvml, &count, &failure), NVITOP_OK);
    assert_int_equal(count, 2);
    check(nvml, 0, gpu0, ARRAY_LEN(gpu0));
    check(nvml, 1, gpu1, ARRAY_LEN(gpu1));
    nvml_close(nvml);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        trap_01_every_driver_gives_the_same_list) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
