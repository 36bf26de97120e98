/*
 * Many threads on one simulated driver while its pid map is being replaced. The answers are
 * checked lightly; what counts is what a thread checker says of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "sim/entry.h"

enum { THREADS = 8, ROUNDS = 200, ROWS = 128 };

static atomic_uint failures, listed;

static void expect(int is_good)
{
    if (!is_good)
        atomic_fetch_add(&failures, 1);
}

static void ask_numbers(nvml_handle device)
{
    uint32_t number, period;
    char text[96];
    struct nvml_abi_memory_v2 memory = { .version = NVML_ABI_TAG_MEMORY_V2 };
    struct nvml_abi_field_value fields[2] = { { .field_id =
                                                    NVML_ABI_FI_DEV_NVLINK_THROUGHPUT_DATA_TX },
                                              { .field_id = NVML_ABI_FI_DEV_POWER_INSTANT } };
    int code = nvmlDeviceGetName(device, text, sizeof(text));
    expect(code == NVML_ABI_SUCCESS || code == NVML_ABI_ERROR_UNKNOWN);
    expect(!nvmlDeviceGetUUID(device, text, sizeof(text)));
    expect(!nvmlDeviceGetPowerUsage(device, &number) && number >= 10000 && number <= 200000);
    expect(!nvmlDeviceGetFanSpeed(device, &number) && number == 30);
    expect(!nvmlDeviceGetMemoryInfo_v2(device, &memory) && memory.total);
    expect(!nvmlDeviceGetFieldValues(device, 2, fields) && !fields[1].code);
    code = nvmlDeviceGetEncoderUtilization(device, &number, &period);
    expect(code == NVML_ABI_SUCCESS || code == NVML_ABI_ERROR_NOT_SUPPORTED);
}

static void ask_processes(nvml_handle device)
{
    struct nvml_abi_process_v2 rows[ROWS];
    struct nvml_abi_process_sample samples[4 * ROWS];
    uint32_t count = ROWS;
    int code = nvmlDeviceGetComputeRunningProcesses_v3(device, &count, rows);
    expect(code == NVML_ABI_SUCCESS || code == NVML_ABI_ERROR_INSUFFICIENT_SIZE);
    for (uint32_t i = 0; !code && i < count; i++)
        expect(rows[i].pid >= 1000 && rows[i].pid < 1008);
    if (!code)
        atomic_fetch_add(&listed, count);
    count = 4 * ROWS;
    code = nvmlDeviceGetProcessUtilization(device, samples, &count, 0);
    expect(code == NVML_ABI_SUCCESS || code == NVML_ABI_ERROR_NOT_FOUND ||
           code == NVML_ABI_ERROR_NOT_SUPPORTED);
}

static void *ask(void *context)
{
    uint32_t index = (uint32_t)(uintptr_t)context;
    nvml_handle device = NULL;
    expect(!nvmlInitWithFlags(0));
    for (int round = 0; round < ROUNDS; round++) {
        expect(!nvmlDeviceGetHandleByIndex_v2((index + (uint32_t)round) % 8, &device));
        ask_numbers(device);
        ask_processes(device);
    }
    expect(!nvmlShutdown());
    return NULL;
}

/* Puts a new pid map in place, as the launcher does. */
static void write_map(const char *path, int round)
{
    char fresh[512];
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    FILE *file = fopen(fresh, "w");
    assert_non_null(file);
    for (int i = 0; i < 4; i++)
        fprintf(file, "w%d %d\n", i, 1000 + i + 4 * (round % 2));
    fclose(file);
    assert_int_equal(rename(fresh, path), 0);
}

static void threads_share_the_driver(void **state)
{
    (void)state;
    const char *map = getenv("NVITOP_SIM_PIDS");
    pthread_t threads[THREADS];
    assert_non_null(map);
    write_map(map, 0);
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, (void *)i), 0);
    for (int round = 1; round < 100; round++)
        write_map(map, round);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    unlink(map);
    assert_int_equal(failures, 0);
    assert_true(listed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(threads_share_the_driver) };
    return cmocka_run_group_tests_name("sim/threads", tests, NULL, NULL);
}
