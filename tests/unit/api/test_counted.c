/* Memory that the driver does not know and the system has counted: each way of asking gives the
 * same figure. The system is one that counts; the linker puts it in the place of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/value.h"
#include "host/host.h"
#include "stand.h"

bool __wrap_host_counts_gpu_memory(void);
struct value __wrap_host_gpu_memory(struct host *host, pid_t pid, const char *bus_id);

bool __wrap_host_counts_gpu_memory(void)
{
    return true;
}

/* Of one GPU, what the own process has there. */
struct value __wrap_host_gpu_memory(struct host *host, pid_t pid, const char *bus_id)
{
    bool is_counted = host && pid == getpid() && strcmp(bus_id, "00000000:21:00.0") == 0;
    return is_counted ? value_int(500) : value_na(NVITOP_WHY_NOT_SUPPORTED);
}

static void set(struct stand *stand)
{
    char pids[128];
    stand_set(stand,
              "[device 0]\nbus_id = 00000000:21:00.0\n[device 1]\nbus_id = 00000000:22:00.0\n"
              "[process UNKNOWN]\ndevice = 0\nmem = unavailable\n"
              "[process ELSEWHERE]\ndevice = 1\nmem = unavailable\n");
    snprintf(pids, sizeof(pids), "UNKNOWN %ld\nELSEWHERE %ld\n", (long)getpid(), (long)getppid());
    simdir_write(&stand->dir, "pids", pids);
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

static struct nvitop_value listed(struct stand *stand, int32_t gpu)
{
    struct nvitop_process row;
    size_t count = 0;
    assert_int_equal(
        nvitop_device_processes(stand_device(stand, gpu, -1), &row, sizeof(row), 1, &count),
        NVITOP_OK);
    assert_int_equal(count, 1);
    return row.gpu_memory;
}

static void a_list_has_what_is_counted(void **state)
{
    (void)state;
    struct stand stand;
    set(&stand);
    assert_int_equal(listed(&stand, 0).kind, NVITOP_INT);
    assert_int_equal(listed(&stand, 0).u.i, 500);
    assert_int_equal(listed(&stand, 1).kind, NVITOP_NA);
    stand_end(&stand);
}

/* Though nobody asks where the GPU is. */
static void a_snapshot_has_it(void **state)
{
    (void)state;
    struct stand stand;
    const int metrics[] = { NVITOP_DEV_NAME };
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    set(&stand);
    nvitop_snapshot_request_init(&request);
    request.metrics = metrics;
    request.metric_count = 1;
    assert_int_equal(nvitop_snapshot_take(stand.session, &request, &snapshot), NVITOP_OK);
    struct nvitop_value memory = stand_value(snapshot, NVITOP_PROC_GPU_MEMORY, 0);
    assert_int_equal(memory.kind, NVITOP_INT);
    assert_int_equal(memory.u.i, 500);
    assert_int_equal(stand_value(snapshot, NVITOP_PROC_GPU_MEMORY, 1).kind, NVITOP_NA);
    nvitop_snapshot_unref(snapshot);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_what_is_counted),
        cmocka_unit_test(a_snapshot_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
