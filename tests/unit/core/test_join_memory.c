/*
 * A join that goes on, over a table of processes that this file changes between two passes; it
 * defines the functions of host.h that are called, so the real reader is not linked. Time is a
 * number that the tests step.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/join.h"
#include "core/join_memory.h"

enum { PROCESSES_MAX = 128, GPUS_MAX = 8, PID_MAX = 4000000, UID_OWN = 1000, SECOND_MS = 1000 };

struct fake_process {
    pid_t pid, ppid;
    uint64_t start_ticks;
    double cpu_seconds, running_time;
    const char *user, *name;
    bool is_hidden, is_zombie;
};

/* The fake host; reset before each test. */
static struct {
    struct fake_process processes[PROCESSES_MAX];
    size_t count;
    int stat_reads, scans, gpu_looks, self_reads;
    _Atomic int command_reads, workload_reads;
    bool is_foreign, has_gpu;
    pid_t kept[PROCESSES_MAX];
    size_t kept_count;
} fake;

static int news[2]; /* a byte for each time that all commands asked for had come */

static const struct fake_process *find(pid_t pid)
{
    for (size_t i = 0; i < fake.count; i++)
        if (fake.processes[i].pid == pid)
            return &fake.processes[i];
    return NULL;
}

struct host_process host_process_without_facts(pid_t pid, enum host_presence presence,
                                               enum nvitop_why why)
{
    struct value na = value_na(why);
    return (struct host_process){ pid, presence, 0, na, na, na, na, na, na, na, na, na, na, NULL };
}

void host_process_read(struct host *host, pid_t pid, struct arena *arena,
                       struct host_process *ret_process)
{
    (void)host;
    const struct fake_process *process = find(pid);
    fake.stat_reads++;
    *ret_process = host_process_without_facts(pid, HOST_GONE, NVITOP_WHY_GONE);
    if (!process)
        return;
    if (process->is_hidden) {
        *ret_process = host_process_without_facts(pid, HOST_HIDDEN, NVITOP_WHY_NO_PERMISSION);
        return;
    }
    *ret_process = (struct host_process){
        .pid = pid,
        .presence = process->is_zombie ? HOST_ZOMBIE : HOST_PRESENT,
        .start_ticks = process->start_ticks,
        .uid = value_int(UID_OWN),
        .user = value_text(arena_strdup(arena, process->user)),
        .ppid = value_int(process->ppid),
        .threads = value_int(1),
        .state = value_text(arena_strdup(arena, "S")),
        .name = value_text(arena_strdup(arena, process->name)),
        .rss = value_int(1 << 20),
        .cpu_seconds = value_real(process->cpu_seconds),
        .running_time = value_real(process->running_time),
    };
}

void host_forget(struct host *host, const pid_t *pids, size_t count)
{
    (void)host;
    fake.kept_count = count;
    for (size_t i = 0; i < count; i++)
        fake.kept[i] = pids[i];
}

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    (void)root;
    return (uint64_t)pid; /* whom the test wants answered started at that tick */
}

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    (void)root;
    int number = ++fake.command_reads;
    char *text = arena_printf(arena, "cmd %d, read %d", (int)pid, number);
    *ret_command = (struct host_command){ .command = value_text(text) };
}

void host_workload_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                 struct value ret_workload[HOST_WORKLOAD_COUNT])
{
    (void)root;
    int number = ++fake.workload_reads;
    for (size_t i = 0; i < HOST_WORKLOAD_COUNT; i++)
        ret_workload[i] = value_na(NVITOP_WHY_NOT_APPLICABLE);
    ret_workload[HOST_CONTAINER_ID] =
        value_text(arena_printf(arena, "box of %d, read %d", (int)pid, number));
}

size_t host_parents(struct host *host, struct arena *arena, struct host_parent **ret_parents)
{
    (void)host;
    fake.scans++;
    *ret_parents = arena_array(arena, fake.count, sizeof(**ret_parents));
    for (size_t i = 0; i < fake.count; i++)
        (*ret_parents)[i] = (struct host_parent){ fake.processes[i].pid, fake.processes[i].ppid };
    return fake.count;
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
    fake.gpu_looks++;
    *ret_why = fake.has_gpu ? NVITOP_WHY_NONE : NVITOP_WHY_HOST_PID;
    return fake.has_gpu;
}

bool host_is_initial_pid_ns(struct host *host)
{
    (void)host;
    return !fake.is_foreign;
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

struct value host_gpu_memory(struct host *host, pid_t pid, const char *bus_id)
{
    (void)host, (void)pid, (void)bus_id;
    return value_na(NVITOP_WHY_NOT_SUPPORTED);
}

void host_read_self(struct arena *arena, struct host_self *ret_self)
{
    fake.self_reads++;
    *ret_self = (struct host_self){ .user = arena_strdup(arena, "me"),
                                    .hostname = arena_strdup(arena, "here"),
                                    .uid = UID_OWN };
}

/* ---- the world and a pass over it ---- */

/* Ascending pids, please. By default it starts at the tick of its pid's number. */
static struct fake_process *born(pid_t pid, pid_t ppid)
{
    struct fake_process *process = &fake.processes[fake.count++];
    *process =
        (struct fake_process){ pid, ppid, (uint64_t)pid, 5, 10, "me", "python", false, false };
    return process;
}

struct world {
    struct join_memory *memory;
    uint64_t now_ns;
    uint32_t pids[PROCESSES_MAX]; /* what each GPU lists */
    size_t pid_count, gpu_count;
    struct device_process *kept; /* a list that is joined again and again, instead of a new one */
    bool keeps_facts, has_relatives, has_no_processes, has_workloads;
    bool waits; /* for command lines */
    unsigned keep_ms;
};

static void notify(void *arg)
{
    (void)arg;
    if (write(news[1], "n", 1) != 1 && errno != EAGAIN) /* full: there are news */
        abort();
}

static void wait_for_news(void)
{
    char byte;
    assert_int_equal(read(news[0], &byte, 1), 1);
}

static int set_up(void **state)
{
    memset(&fake, 0, sizeof(fake));
    struct world *world = xcalloc(1, sizeof(*world));
    world->memory = join_memory_new(NULL, notify, NULL);
    world->now_ns = CLOCK_NS_PER_S;
    world->gpu_count = 1;
    *state = world;
    return pipe(news) || fcntl(news[1], F_SETFL, O_NONBLOCK);
}

static int tear_down(void **state)
{
    struct world *world = *state;
    join_memory_free(world->memory);
    free(world);
    return close(news[0]) || close(news[1]);
}

static void list(struct world *world, uint32_t pid)
{
    world->pids[world->pid_count++] = pid;
}

static void fill(const struct world *world, int32_t index, struct device_reading *reading)
{
    reading->rows = arena_array(&reading->arena, 1, sizeof(*reading->rows));
    *reading->rows = (struct snapshot_device){ .physical = index, .mig = -1, .is_leaf = true };
    reading->row_count = 1;
    reading->process_count = world->has_no_processes ? 0 : world->pid_count;
    reading->processes = world->kept;
    if (world->kept)
        return;
    reading->processes =
        arena_array(&reading->arena, world->pid_count, sizeof(*reading->processes));
    for (size_t i = 0; i < reading->process_count; i++)
        reading->processes[i].row =
            (struct nvml_process){ .pid = world->pids[i], .types = NVML_PROCESS_COMPUTE };
}

/* A pass `later_ms` after the one before. */
static struct snapshot *pass(struct world *world, unsigned later_ms)
{
    static const struct value totals[NVITOP_HOST_COUNT];
    static const struct filter filter;
    struct device_reading readings[GPUS_MAX] = { 0 };
    world->now_ns += later_ms * CLOCK_NS_PER_MS;
    for (size_t i = 0; i < world->gpu_count; i++)
        fill(world, (int32_t)i, &readings[i]);
    struct join_input input = { .totals = totals,
                                .readings = readings,
                                .reading_count = world->gpu_count,
                                .filter = &filter,
                                .memory = world->memory,
                                .now_ns = world->now_ns,
                                .keeps_facts = world->keeps_facts,
                                .has_relatives = world->has_relatives,
                                .has_workloads = world->has_workloads,
                                .deadline_ns = world->waits ? UINT64_MAX : 0,
                                .keep_ns = world->keep_ms * CLOCK_NS_PER_MS };
    struct snapshot *snapshot = snapshot_new();
    snapshot->has_processes = !world->has_no_processes;
    assert_true(join_snapshot(&input, snapshot));
    return snapshot;
}

static void skip_pass(struct world *world, unsigned later_ms)
{
    snapshot_unref(pass(world, later_ms));
}

static struct value of(const struct snapshot *snapshot, size_t row, int id)
{
    return snapshot_process_value(&snapshot->processes[row], id);
}

static void assert_command(struct world *world, const char *expected)
{
    struct snapshot *snapshot = pass(world, SECOND_MS);
    struct value command = of(snapshot, 0, NVITOP_PROC_COMMAND);
    if (!expected)
        assert_int_equal(command.why, NVITOP_WHY_NO_SAMPLE);
    else
        assert_string_equal(command.text, expected);
    snapshot_unref(snapshot);
}

static void assert_cpu(struct world *world, unsigned later_ms, double expected)
{
    struct snapshot *snapshot = pass(world, later_ms);
    struct value cpu = of(snapshot, 0, NVITOP_PROC_CPU_PERCENT);
    assert_int_equal(cpu.kind, NVITOP_REAL);
    assert_true(cpu.r > expected - 1e-6 && cpu.r < expected + 1e-6);
    snapshot_unref(snapshot);
}

static void assert_container(struct world *world, const char *expected, enum nvitop_why why)
{
    struct snapshot *snapshot = pass(world, SECOND_MS);
    struct value container = of(snapshot, 0, NVITOP_PROC_CONTAINER_ID);
    assert_int_equal(container.why, why);
    if (expected)
        assert_string_equal(container.text, expected);
    snapshot_unref(snapshot);
}

/* ---- what it remembers ---- */

static void whose_a_process_is_is_read_once_in_its_life(void **state)
{
    struct world *world = *state;
    struct fake_process *process = born(100, 1);
    list(world, 100);
    assert_container(world, NULL, NVITOP_WHY_NO_SAMPLE);
    wait_for_news();
    assert_container(world, NULL, NVITOP_WHY_NOT_ASKED);
    assert_int_equal(fake.workload_reads, 0);

    world->has_workloads = true; /* from now on somebody shows it */
    assert_container(world, NULL, NVITOP_WHY_NOT_ASKED);
    wait_for_news();
    world->waits = true; /* for what is asked again */
    for (int i = 0; i < 5; i++)
        assert_container(world, "box of 100, read 1", NVITOP_WHY_NONE);
    assert_int_equal(fake.workload_reads, 1);
    assert_int_equal(fake.command_reads, 2);
    world->waits = false;

    process->start_ticks++; /* another one, of whom the fake says that the pid is re-used again */
    assert_container(world, NULL, NVITOP_WHY_NO_SAMPLE);
    wait_for_news();
    assert_container(world, NULL, NVITOP_WHY_GONE);
}

static void a_command_comes_later_and_is_read_once(void **state)
{
    struct world *world = *state;
    born(100, 1);
    list(world, 100);
    assert_command(world, NULL);
    wait_for_news();
    world->keeps_facts = true;
    assert_command(world, "cmd 100, read 1");
    world->keeps_facts = false;
    for (int i = 0; i < 5; i++)
        assert_command(world, "cmd 100, read 1");
    assert_int_equal(fake.command_reads, 1);
    assert_int_equal(fake.self_reads, 1);
}

static void who_waits_has_the_command_at_once(void **state)
{
    struct world *world = *state;
    born(100, 1);
    list(world, 100);
    world->waits = true;
    assert_command(world, "cmd 100, read 1");
    assert_command(world, "cmd 100, read 1");
    assert_int_equal(fake.command_reads, 1);
}

/* A snapshot of other devices does not show everybody. */
static void who_is_not_listed_is_remembered_for_a_while(void **state)
{
    struct world *world = *state;
    struct fake_process *process = born(100, 1);
    world->keep_ms = 5000;
    list(world, 100);
    assert_cpu(world, 0, 50);
    world->pid_count = 0;
    skip_pass(world, 1000);
    skip_pass(world, 1000);
    world->pid_count = 1;
    process->cpu_seconds += 1;
    assert_cpu(world, 2000, 25);
    world->pid_count = 0;
    skip_pass(world, 6000);
    assert_int_equal(fake.kept_count, 0);
    world->pid_count = 1;
    assert_cpu(world, 1000, 60); /* of its life, as if it was new */
}

static void another_name_is_another_program(void **state)
{
    struct world *world = *state;
    struct fake_process *process = born(100, 1);
    list(world, 100);
    assert_command(world, NULL);
    wait_for_news();
    assert_command(world, "cmd 100, read 1");
    process->name = "train";
    assert_command(world, "cmd 100, read 1"); /* until the new one has come */
    wait_for_news();
    assert_command(world, "cmd 100, read 2");
    assert_command(world, "cmd 100, read 2");
}

static void cpu_use_is_that_since_the_last_look(void **state)
{
    struct world *world = *state;
    struct fake_process *process = born(100, 1);
    list(world, 100);
    assert_cpu(world, 0, 50); /* of its life */
    process->cpu_seconds += 0.5;
    assert_cpu(world, 2000, 25);
    process->cpu_seconds += 4;
    assert_cpu(world, 1000, 400);
    process->cpu_seconds += 1;
    assert_cpu(world, 50, 400); /* too soon to tell */
    assert_cpu(world, 950, 100);
    world->keeps_facts = true;
    process->cpu_seconds += 1;
    assert_cpu(world, 1000, 100); /* not looked at */
    world->keeps_facts = false;
    assert_cpu(world, 1000, 50);
    process->cpu_seconds -= 2;
    assert_cpu(world, 1000, 0);
}

static void trap_26_one_pid_on_eight_gpus_is_read_once_a_tick(void **state)
{
    struct world *world = *state;
    born(100, 1);
    list(world, 100);
    world->gpu_count = GPUS_MAX;
    for (int tick = 1; tick <= 3; tick++) {
        struct snapshot *snapshot = pass(world, SECOND_MS);
        assert_int_equal(snapshot->process_count, GPUS_MAX);
        assert_int_equal(fake.stat_reads, tick);
        snapshot_unref(snapshot);
    }
    wait_for_news();
    assert_int_equal(fake.command_reads, 1);
}

static void between_its_periods_only_strangers_are_looked_at(void **state)
{
    struct world *world = *state;
    born(100, 1);
    list(world, 100);
    skip_pass(world, SECOND_MS);
    born(200, 1);
    list(world, 200);
    world->keeps_facts = true;
    for (int i = 0; i < 3; i++) {
        struct snapshot *snapshot = pass(world, SECOND_MS);
        assert_string_equal(of(snapshot, 0, NVITOP_PROC_USER).text, "me");
        assert_string_equal(of(snapshot, 1, NVITOP_PROC_NAME).text, "python");
        assert_int_equal(fake.stat_reads, 2);
        snapshot_unref(snapshot);
    }
}

static void trap_23_a_pid_that_is_used_again_is_another_process(void **state)
{
    struct world *world = *state;
    struct fake_process *process = born(100, 1);
    list(world, 100);
    assert_cpu(world, SECOND_MS, 50);
    wait_for_news();
    assert_command(world, "cmd 100, read 1");
    process->start_ticks = 101;
    process->user = "you";
    process->cpu_seconds = 1;
    struct snapshot *snapshot = pass(world, SECOND_MS);
    assert_int_equal(snapshot->processes[0].start_ticks, 101);
    assert_string_equal(of(snapshot, 0, NVITOP_PROC_USER).text, "you");
    assert_true(of(snapshot, 0, NVITOP_PROC_CPU_PERCENT).r == 10.0);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_COMMAND).why, NVITOP_WHY_NO_SAMPLE);
    snapshot_unref(snapshot);
    wait_for_news(); /* the host has somebody else by now: no command of his is taken */
    snapshot = pass(world, SECOND_MS);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_COMMAND).why, NVITOP_WHY_GONE);
    snapshot_unref(snapshot);
}

/* As long as the driver is silent, nobody tells a new list. */
static void trap_23_whoever_gets_a_pid_of_an_old_list_is_not_on_it(void **state)
{
    struct world *world = *state;
    struct device_process kept[2] = { { .row.pid = 100 }, { .row.pid = 101 } };
    struct fake_process *process = born(100, 1); /* and the other one had gone already */
    list(world, 100);
    list(world, 101);
    world->kept = kept;
    skip_pass(world, SECOND_MS);
    wait_for_news();
    assert_command(world, "cmd 100, read 1");

    process->start_ticks++;
    born(101, 1);
    for (int i = 0; i < 2; i++) {
        struct snapshot *snapshot = pass(world, SECOND_MS);
        for (size_t row = 0; row < 2; row++) {
            assert_int_equal(snapshot->processes[row].pid, 100 + row);
            assert_int_equal(snapshot->processes[row].presence, PROCESS_GONE);
            assert_int_equal(of(snapshot, row, NVITOP_PROC_USER).why, NVITOP_WHY_GONE);
            assert_int_equal(of(snapshot, row, NVITOP_PROC_COMMAND).why, NVITOP_WHY_GONE);
            assert_false(snapshot->processes[row].is_own);
        }
        snapshot_unref(snapshot);
    }
    assert_int_equal(fake.command_reads, 1);

    world->kept = NULL; /* the driver answers again: now it is they */
    struct snapshot *snapshot = pass(world, SECOND_MS);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_PRESENT);
    assert_int_equal(snapshot->processes[0].start_ticks, process->start_ticks);
    assert_int_equal(snapshot->processes[1].presence, PROCESS_PRESENT);
    snapshot_unref(snapshot);
}

static void trap_23_one_that_has_gone_keeps_its_identity(void **state)
{
    struct world *world = *state;
    born(100, 50);
    list(world, 100);
    skip_pass(world, SECOND_MS);
    fake.count = 0;
    for (int i = 0; i < 3; i++) {
        struct snapshot *snapshot = pass(world, SECOND_MS);
        const struct snapshot_process *process = &snapshot->processes[0];
        assert_int_equal(process->presence, PROCESS_GONE);
        assert_int_equal(process->start_ticks, 100);
        assert_string_equal(of(snapshot, 0, NVITOP_PROC_USER).text, "me");
        assert_int_equal(of(snapshot, 0, NVITOP_PROC_PPID).i, 50);
        assert_int_equal(of(snapshot, 0, NVITOP_PROC_CPU_PERCENT).why, NVITOP_WHY_GONE);
        assert_int_equal(of(snapshot, 0, NVITOP_PROC_RSS).why, NVITOP_WHY_GONE);
        snapshot_unref(snapshot);
    }
    world->pid_count = 0;
    skip_pass(world, SECOND_MS);
    list(world, 100);
    struct snapshot *snapshot = pass(world, SECOND_MS);
    assert_int_equal(snapshot->processes[0].start_ticks, 0);
    assert_int_equal(of(snapshot, 0, NVITOP_PROC_USER).why, NVITOP_WHY_GONE);
    snapshot_unref(snapshot);
}

static void what_is_hidden_stays_so(void **state)
{
    struct world *world = *state;
    born(100, 1)->is_hidden = true;
    list(world, 100);
    for (int i = 0; i < 2; i++) {
        struct snapshot *snapshot = pass(world, SECOND_MS);
        assert_int_equal(snapshot->processes[0].presence, PROCESS_HIDDEN);
        assert_int_equal(of(snapshot, 0, NVITOP_PROC_USER).why, NVITOP_WHY_NO_PERMISSION);
        assert_int_equal(of(snapshot, 0, NVITOP_PROC_COMMAND).why, NVITOP_WHY_NO_PERMISSION);
        snapshot_unref(snapshot);
    }
    assert_int_equal(fake.command_reads, 0);
}

static void trap_24_a_process_seen_to_use_the_gpu_is_not_searched_again(void **state)
{
    struct world *world = *state;
    born(100, 1);
    list(world, 100);
    fake.is_foreign = true;
    struct snapshot *snapshot = pass(world, SECOND_MS);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_HOST_PID);
    assert_int_equal(snapshot->processes[0].start_ticks, 0);
    snapshot_unref(snapshot);
    fake.has_gpu = true;
    for (int i = 0; i < 3; i++) {
        snapshot = pass(world, SECOND_MS);
        assert_int_equal(snapshot->processes[0].presence, PROCESS_PRESENT);
        snapshot_unref(snapshot);
    }
    assert_int_equal(fake.gpu_looks, 2);
    fake.processes[0].start_ticks = 101; /* another one, which has no GPU */
    fake.has_gpu = false;
    snapshot = pass(world, SECOND_MS);
    assert_int_equal(snapshot->processes[0].presence, PROCESS_HOST_PID);
    snapshot_unref(snapshot);
}

static void without_processes_nothing_is_read_or_forgotten(void **state)
{
    struct world *world = *state;
    born(100, 1);
    list(world, 100);
    assert_command(world, NULL);
    wait_for_news();
    world->has_no_processes = true;
    skip_pass(world, SECOND_MS);
    assert_int_equal(fake.stat_reads, 1);
    world->has_no_processes = false;
    assert_command(world, "cmd 100, read 1");
}

static void the_host_forgets_whom_nobody_lists(void **state)
{
    struct world *world = *state;
    born(100, 1);
    born(200, 1);
    list(world, 200);
    list(world, 100);
    skip_pass(world, SECOND_MS);
    assert_int_equal(fake.kept_count, 2);
    assert_int_equal(fake.kept[0], 100);
    assert_int_equal(fake.kept[1], 200);
    world->pid_count = 1;
    skip_pass(world, SECOND_MS);
    assert_int_equal(fake.kept_count, 1);
    assert_int_equal(fake.kept[0], 200);
}

static size_t count_commands(const struct snapshot *snapshot)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->relative_count; i++)
        count += snapshot_process_value(&snapshot->relatives[i], NVITOP_PROC_COMMAND).kind ==
                 NVITOP_TEXT;
    return count;
}

static void the_tree_has_relatives_with_facts_and_commands(void **state)
{
    struct world *world = *state;
    born(1, 0);
    born(10, 1);
    born(11, 1);
    born(20, 10);
    born(21, 20);
    born(22, 20)->is_zombie = true;
    list(world, 20);
    struct snapshot *snapshot = pass(world, SECOND_MS);
    assert_false(snapshot->has_relatives);
    assert_int_equal(fake.scans, 0);
    snapshot_unref(snapshot);
    wait_for_news();
    world->has_relatives = true;
    snapshot = pass(world, SECOND_MS);
    world->keeps_facts = true;
    while (count_commands(snapshot) < 3) {
        wait_for_news();
        snapshot_unref(snapshot);
        snapshot = pass(world, SECOND_MS);
    }
    assert_true(snapshot->has_relatives);
    assert_int_equal(fake.scans, 1);
    assert_int_equal(snapshot->relative_count, 4);
    const uint32_t pids[] = { 1, 10, 21, 22 };
    for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
        const struct snapshot_process *relative = &snapshot->relatives[i];
        struct value command = snapshot_process_value(relative, NVITOP_PROC_COMMAND);
        assert_int_equal(relative->pid, pids[i]);
        assert_int_equal(relative->start_ticks, pids[i]);
        assert_true(relative->device == (size_t)SNAPSHOT_NO_DEVICE);
        assert_true(relative->is_own);
        assert_int_equal(snapshot_process_value(relative, NVITOP_PROC_GPU_MEMORY).why,
                         NVITOP_WHY_NOT_APPLICABLE);
        assert_int_equal(command.kind, pids[i] == 22 ? NVITOP_NA : NVITOP_TEXT);
    }
    snapshot_unref(snapshot);
}

/* Many short lives: what is kept is that of the living. */
static void trap_34_memory_is_flat_over_births_and_deaths(void **state)
{
    enum { PASSES = 1000, AT_ONCE = 100, SLACK = 64 * 1024 };
    struct world *world = *state;
    size_t early = 0;
    pid_t pid = 0;
    for (int i = 0; i < PASSES; i++) {
        fake.count = world->pid_count = 0;
        for (int n = 0; n < AT_ONCE; n++) {
            born(++pid, 1);
            list(world, (uint32_t)pid);
        }
        skip_pass(world, SECOND_MS);
        while (fake.command_reads < pid)
            wait_for_news();
        if (i == PASSES / 10)
            early = mallinfo2().uordblks;
    }
    assert_true(mallinfo2().uordblks < early + SLACK);
}

#define REMEMBERING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REMEMBERING(a_command_comes_later_and_is_read_once),
        REMEMBERING(whose_a_process_is_is_read_once_in_its_life),
        REMEMBERING(who_waits_has_the_command_at_once),
        REMEMBERING(who_is_not_listed_is_remembered_for_a_while),
        REMEMBERING(another_name_is_another_program),
        REMEMBERING(cpu_use_is_that_since_the_last_look),
        REMEMBERING(trap_26_one_pid_on_eight_gpus_is_read_once_a_tick),
        REMEMBERING(between_its_periods_only_strangers_are_looked_at),
        REMEMBERING(trap_23_a_pid_that_is_used_again_is_another_process),
        REMEMBERING(trap_23_whoever_gets_a_pid_of_an_old_list_is_not_on_it),
        REMEMBERING(trap_23_one_that_has_gone_keeps_its_identity),
        REMEMBERING(what_is_hidden_stays_so),
        REMEMBERING(trap_24_a_process_seen_to_use_the_gpu_is_not_searched_again),
        REMEMBERING(without_processes_nothing_is_read_or_forgotten),
        REMEMBERING(the_host_forgets_whom_nobody_lists),
        REMEMBERING(the_tree_has_relatives_with_facts_and_commands),
        REMEMBERING(trap_34_memory_is_flat_over_births_and_deaths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
