/*
 * The join of GPU rows with host facts, over a host of our own making: this file defines the
 * functions of host.h that the join calls, so the real reader is not linked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/join.h"

enum {
    GPUS_MAX = 8,
    PID_OWN = 100,
    PID_OTHER = 200,
    PID_GONE = 300,
    PID_ZOMBIE = 400,
    PID_MAX = 500
};
enum { UID_OWN = 1000 };

/* What the fake host saw and says; reset before each test. */
static struct {
    int stat_reads, command_reads, workload_reads;
    bool is_initial, has_gpu;
    int counter_reads;
} fake;

static int reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    fake.is_initial = true;
    return 0;
}

struct host_process host_process_without_facts(pid_t pid, enum host_presence presence,
                                               enum nvitop_why why)
{
    struct value na = value_na(why);
    return (struct host_process){ .pid = pid,
                                  .presence = presence,
                                  .uid = na,
                                  .user = na,
                                  .ppid = na,
                                  .name = na,
                                  .cpu_seconds = na };
}

void host_process_read(struct host *host, pid_t pid, struct arena *arena,
                       struct host_process *ret_process)
{
    (void)host;
    (void)arena;
    fake.stat_reads++;
    *ret_process = (struct host_process){ .pid = pid, .presence = HOST_PRESENT, .start_ticks = 7 };
    if (pid == PID_GONE) {
        *ret_process = host_process_without_facts(pid, HOST_GONE, NVITOP_WHY_GONE);
        return;
    }
    if (pid == PID_ZOMBIE)
        ret_process->presence = HOST_ZOMBIE;
    ret_process->uid = value_int(pid == PID_OWN ? UID_OWN : 0);
    ret_process->user = value_text(pid == PID_OWN ? "me" : "root");
    ret_process->cpu_seconds = value_real(5);
    ret_process->running_time = value_real(10);
    ret_process->rss = value_int(1 << 20);
}

void host_forget(struct host *host, const pid_t *pids, size_t count)
{
    (void)host;
    (void)pids;
    (void)count;
}

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    (void)root;
    (void)pid;
    return 7;
}

size_t host_parents(struct host *host, struct arena *arena, struct host_parent **ret_parents)
{
    (void)host;
    (void)arena;
    *ret_parents = NULL;
    return 0;
}

uint32_t host_pid_max(struct host *host)
{
    (void)host;
    return PID_MAX;
}

bool host_process_has_gpu(struct host *host, pid_t pid, enum nvitop_why *ret_why)
{
    (void)host;
    (void)pid;
    *ret_why = NVITOP_WHY_HOST_PID;
    return fake.has_gpu;
}

bool host_is_initial_pid_ns(struct host *host)
{
    (void)host;
    return fake.is_initial;
}

bool host_is_wsl(void)
{
    return false;
}

bool host_is_wddm(void)
{
    return false;
}

bool host_counts_gpu_memory(void)
{
    return true;
}

/* The system has counted what the own process has of one GPU. */
struct value host_gpu_memory(struct host *host, pid_t pid, const char *bus_id)
{
    (void)host;
    fake.counter_reads++;
    bool is_counted = pid == PID_OWN && strcmp(bus_id, "00000000:21:00.0") == 0;
    return is_counted ? value_int(500) : value_na(NVITOP_WHY_NOT_SUPPORTED);
}

void host_read_self(struct arena *arena, struct host_self *ret_self)
{
    (void)arena;
    *ret_self = (struct host_self){ .user = "me", .hostname = "here", .uid = UID_OWN };
}

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    (void)root;
    fake.command_reads++;
    *ret_command =
        (struct host_command){ .command = value_text(arena_printf(arena, "cmd %d", (int)pid)) };
}

void host_workload_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                 struct value ret_workload[HOST_WORKLOAD_COUNT])
{
    (void)root;
    fake.workload_reads++;
    ret_workload[HOST_CONTAINER_ID] = value_text(arena_printf(arena, "box %d", (int)pid));
    ret_workload[HOST_POD_UID] = value_na(NVITOP_WHY_NOT_APPLICABLE);
    ret_workload[HOST_SLURM_JOB_ID] = value_text("421");
    ret_workload[HOST_BATCH_JOB_ID] = value_na(NVITOP_WHY_NO_PERMISSION);
}

/* ---- readings ---- */

struct scene {
    struct device_reading readings[GPUS_MAX];
    struct value totals[NVITOP_HOST_COUNT];
    struct filter filter;
    enum nvml_pid_scope scope;
    size_t gpu_count;
    bool has_workloads;
};

static void add_gpu(struct scene *scene, const uint32_t *pids, size_t count)
{
    struct device_reading *reading = &scene->readings[scene->gpu_count];
    reading->rows = arena_array(&reading->arena, 1, sizeof(*reading->rows));
    *reading->rows = (struct snapshot_device){ .physical = (int32_t)scene->gpu_count++,
                                               .mig = -1,
                                               .is_leaf = true };
    reading->rows->values[NVITOP_DEV_MEMORY_TOTAL - NVITOP_DEV_NAME] = value_int(1000);
    reading->row_count = 1;
    reading->processes = arena_array(&reading->arena, count, sizeof(*reading->processes));
    reading->process_count = count;
    for (size_t i = 0; i < count; i++) {
        reading->processes[i].row = (struct nvml_process){ .pid = pids[i],
                                                           .types = NVML_PROCESS_COMPUTE,
                                                           .used_memory = value_int(250) };
        reading->processes[i].sm = value_int(4);
    }
}

static struct snapshot *join(struct scene *scene)
{
    scene->totals[NVITOP_HOST_MEMORY_TOTAL - NVITOP_HOST_CPU_PERCENT] = value_int(4 << 20);
    struct join_input input = { .pid_scope = scene->scope,
                                .totals = scene->totals,
                                .readings = scene->readings,
                                .reading_count = scene->gpu_count,
                                .filter = &scene->filter,
                                .has_workloads = scene->has_workloads,
                                .is_lifetime_cpu = true,
                                .patience_ms = 10000,
                                .deadline_ns = clock_mono_ns() + 60 * CLOCK_NS_PER_S };
    struct snapshot *snapshot = snapshot_new();
    assert_true(join_snapshot(&input, snapshot));
    return snapshot;
}

static struct value of(const struct snapshot *snapshot, size_t row, int id)
{
    return snapshot_process_value(&snapshot->processes[row], id);
}

static void a_row_has_gpu_and_host_facts(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_OWN }, 1);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->process_count, 1);
    assert_true(snapshot->processes[0].is_own);
    assert_true(of(snapshot, 0, NVITOP_PROC_GPU_MEMORY_PERCENT).r == 25.0);
    assert_true(of(snapshot, 0, NVITOP_PROC_CPU_PERCENT).r == 50.0);
    assert_true(of(snapshot, 0, NVITOP_PROC_RSS_PERCENT).r == 25.0);
    assert_string_equal(of(snapshot, 0, NVITOP_PROC_COMMAND).text, "cmd 100");
    assert_string_equal(of(snapshot, 0, NVITOP_PROC_TYPE).text, "C");
    snapshot_unref(snapshot);
}

static void set_bus_id(struct scene *scene, size_t gpu, const char *bus_id)
{
    scene->readings[gpu].rows->values[NVITOP_DEV_BUS_ID - NVITOP_DEV_NAME] = value_text(bus_id);
}

static void memory_that_the_driver_does_not_know_is_the_systems(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    for (size_t i = 0; i < 3; i++)
        add_gpu(&scene, (uint32_t[]){ PID_OWN, PID_ZOMBIE }, 2);
    set_bus_id(&scene, 0, "00000000:21:00.0");
    set_bus_id(&scene, 1, "00000000:22:00.0"); /* the third does not tell where it is */
    for (size_t i = 0; i < 3; i++)
        for (size_t p = 0; p < 2; p++)
            scene.readings[i].processes[p].row.used_memory = value_na(NVITOP_WHY_NO_PERMISSION);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->process_count, 6);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_GPU_MEMORY).i, 500);
    assert_true(of(snapshot, 0, NVITOP_PROC_GPU_MEMORY_PERCENT).r == 50.0);
    for (size_t row = 1; row < 6; row++) /* the driver's own reason stays */
        assert_int_equal(of(snapshot, row, NVITOP_PROC_GPU_MEMORY).why, NVITOP_WHY_NO_PERMISSION);
    assert_int_equal(fake.counter_reads, 4);
    snapshot_unref(snapshot);
}

static void memory_that_the_driver_knows_is_the_drivers(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_OWN }, 1);
    set_bus_id(&scene, 0, "00000000:21:00.0");
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_GPU_MEMORY).i, 250);
    assert_int_equal(fake.counter_reads, 0);
    snapshot_unref(snapshot);
}

static void whose_a_process_is_is_only_read_for_who_shows_it(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_OWN, PID_GONE }, 2);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(fake.workload_reads, 0);
    for (int id = NVITOP_PROC_CONTAINER_ID; id <= NVITOP_PROC_BATCH_JOB_ID; id++)
        assert_int_equal(of(snapshot, 0, id).why, NVITOP_WHY_NOT_ASKED);
    snapshot_unref(snapshot);

    scene = (struct scene){ .has_workloads = true };
    add_gpu(&scene, (uint32_t[]){ PID_OWN, PID_GONE }, 2);
    snapshot = join(&scene);
    assert_int_equal(fake.workload_reads, 1);
    assert_string_equal(of(snapshot, 0, NVITOP_PROC_CONTAINER_ID).text, "box 100");
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_POD_UID).why, NVITOP_WHY_NOT_APPLICABLE);
    assert_string_equal(of(snapshot, 0, NVITOP_PROC_SLURM_JOB_ID).text, "421");
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_BATCH_JOB_ID).why, NVITOP_WHY_NO_PERMISSION);
    assert_int_equal(of(snapshot, 1, NVITOP_PROC_CONTAINER_ID).why, NVITOP_WHY_GONE);
    snapshot_unref(snapshot);
}

static void trap_26_one_pid_on_eight_gpus_is_read_once(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    for (int i = 0; i < GPUS_MAX; i++)
        add_gpu(&scene, (uint32_t[]){ PID_OWN }, 1);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->process_count, GPUS_MAX);
    assert_int_equal(fake.stat_reads, 1);
    assert_int_equal(fake.command_reads, 1);
    for (size_t i = 0; i < GPUS_MAX; i++)
        assert_int_equal(snapshot->processes[i].device, i);
    snapshot_unref(snapshot);
}

static void trap_23_gone_and_zombie_are_normal_states(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_OWN, PID_GONE, PID_ZOMBIE }, 3);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->process_count, 3);
    assert_int_equal(snapshot->processes[0].pid, PID_OWN);
    assert_int_equal(snapshot->processes[1].presence, PROCESS_ZOMBIE);
    assert_int_equal(snapshot->processes[2].presence, PROCESS_GONE);
    assert_int_equal(of(snapshot, 2, NVITOP_PROC_USER).why, NVITOP_WHY_GONE);
    assert_int_equal(of(snapshot, 2, NVITOP_PROC_GPU_MEMORY).i, 250);
    assert_int_equal(fake.command_reads, 1);
    snapshot_unref(snapshot);
}

static void trap_05_a_pid_beyond_the_largest_is_never_looked_up(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_MAX + 1 }, 1);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_GONE);
    assert_int_equal(fake.stat_reads, 0);
    snapshot_unref(snapshot);
}

static void trap_24_foreign_pids_keep_their_gpu_facts_only(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_OWN }, 1);
    fake.is_initial = false;
    struct snapshot *snapshot = join(&scene);
    assert_true(snapshot->has_pid_namespace);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_HOST_PID);
    assert_false(snapshot->processes[0].is_own);
    assert_int_equal(snapshot->processes[0].start_ticks, 0);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_COMMAND).why, NVITOP_WHY_HOST_PID);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_GPU_MEMORY).i, 250);
    assert_int_equal(fake.command_reads, 0);
    snapshot_unref(snapshot);
}

static void trap_24_a_process_seen_to_use_the_gpu_is_ours(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    add_gpu(&scene, (uint32_t[]){ PID_OWN }, 1);
    fake.is_initial = false;
    fake.has_gpu = true;
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_PRESENT);
    snapshot_unref(snapshot);
}

static void the_library_may_state_whose_pids_it_reports(void **state)
{
    (void)state;
    struct scene ours = { .scope = NVML_PIDS_OURS }, foreign = { .scope = NVML_PIDS_FOREIGN };
    add_gpu(&ours, (uint32_t[]){ PID_OWN }, 1);
    add_gpu(&foreign, (uint32_t[]){ PID_OWN }, 1);
    fake.is_initial = false;
    struct snapshot *snapshot = join(&ours);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_PRESENT);
    snapshot_unref(snapshot);
    fake.has_gpu = true;
    snapshot = join(&foreign);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_HOST_PID);
    snapshot_unref(snapshot);
}

static void commands_of_filtered_rows_are_not_read(void **state)
{
    (void)state;
    const char *users[] = { "me" };
    struct scene scene = { .filter = { .users = users, .user_count = 1 } };
    add_gpu(&scene, (uint32_t[]){ PID_OWN, PID_OTHER, PID_GONE }, 3);
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->process_count, 1);
    assert_int_equal(fake.command_reads, 1);
    snapshot_unref(snapshot);
}

static void no_gpus_is_a_snapshot_too(void **state)
{
    (void)state;
    struct scene scene = { 0 };
    struct snapshot *snapshot = join(&scene);
    assert_int_equal(snapshot->device_count, 0);
    assert_int_equal(snapshot->process_count, 0);
    assert_string_equal(snapshot->hostname, "here");
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_row_has_gpu_and_host_facts, reset),
        cmocka_unit_test_setup(memory_that_the_driver_does_not_know_is_the_systems, reset),
        cmocka_unit_test_setup(memory_that_the_driver_knows_is_the_drivers, reset),
        cmocka_unit_test_setup(whose_a_process_is_is_only_read_for_who_shows_it, reset),
        cmocka_unit_test_setup(trap_26_one_pid_on_eight_gpus_is_read_once, reset),
        cmocka_unit_test_setup(trap_23_gone_and_zombie_are_normal_states, reset),
        cmocka_unit_test_setup(trap_05_a_pid_beyond_the_largest_is_never_looked_up, reset),
        cmocka_unit_test_setup(trap_24_foreign_pids_keep_their_gpu_facts_only, reset),
        cmocka_unit_test_setup(trap_24_a_process_seen_to_use_the_gpu_is_ours, reset),
        cmocka_unit_test_setup(the_library_may_state_whose_pids_it_reports, reset),
        cmocka_unit_test_setup(commands_of_filtered_rows_are_not_read, reset),
        cmocka_unit_test_setup(no_gpus_is_a_snapshot_too, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
