/*
 * The join. Each pid is looked up once however many GPUs it uses; command lines are read only of
 * the rows that pass the filter. A row is never dropped for want of host facts: it keeps its GPU
 * facts and says why the rest is missing.
 */
#include "core/join.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/command.h"
#include "core/join_memory.h"
#include "core/order.h"
#include "core/person.h"
#include "core/process_memory.h"
#include "core/relatives.h"
#include "core/uma.h"

struct people {
    struct person *rows; /* ascending pid */
    size_t count;
};

static struct person *find(const struct people *people, uint32_t pid)
{
    size_t low = 0, high = people->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uint32_t)people->rows[middle].facts.pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < people->count && (uint32_t)people->rows[low].facts.pid == pid ? &people->rows[low]
                                                                               : NULL;
}

static int compare_pids(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* All pids of all readings, ascending, each once. */
static size_t collect_pids(const struct join_input *input, struct arena *arena, uint32_t **ret_pids)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < input->reading_count; i++)
        total += input->readings[i].process_count;
    uint32_t *pids = arena_array(arena, total, sizeof(*pids));
    for (size_t i = 0, at = 0; i < input->reading_count; i++)
        for (size_t p = 0; p < input->readings[i].process_count; p++)
            pids[at++] = input->readings[i].processes[p].row.pid;
    if (total)
        qsort(pids, total, sizeof(*pids), compare_pids);
    for (size_t i = 0; i < total; i++)
        if (!count || pids[count - 1] != pids[i])
            pids[count++] = pids[i];
    *ret_pids = pids;
    return count;
}

static bool are_pids_ours(const struct join_input *input)
{
    return input->pid_scope == NVML_PIDS_OURS ||
           (input->pid_scope == NVML_PIDS_BY_KERNEL && host_is_initial_pid_ns(input->host));
}

static struct join_pass pass_of(const struct join_input *input, struct arena *arena)
{
    return (struct join_pass){ .host = input->host,
                               .now_ns = input->now_ns,
                               .keeps_facts = input->keeps_facts,
                               .has_relatives = input->has_relatives,
                               .has_workloads = input->has_workloads,
                               .keep_ns = input->keep_ns,
                               .arena = arena };
}

/* A pid that may be another namespace's: joined only if that process is seen to use a GPU. */
static bool is_foreign(const struct join_input *input, const struct person *person,
                       enum nvitop_why *ret_why)
{
    *ret_why = NVITOP_WHY_HOST_PID;
    if (input->pid_scope == NVML_PIDS_FOREIGN)
        return true;
    if (!input->memory || person->facts.presence == HOST_GONE)
        return !host_process_has_gpu(input->host, person->facts.pid, ret_why);
    struct join_pass pass = pass_of(input, NULL);
    return !join_memory_has_gpu(input->memory, &pass, person->facts.pid, ret_why);
}

static const enum process_presence presences[] = {
    [HOST_PRESENT] = PROCESS_PRESENT,
    [HOST_GONE] = PROCESS_GONE,
    [HOST_HIDDEN] = PROCESS_HIDDEN,
    [HOST_ZOMBIE] = PROCESS_ZOMBIE,
};

static struct value lifetime_cpu(const struct host_process *facts)
{
    struct value whole = facts->running_time;
    return value_number(whole, 0) > 0 ? value_percent(facts->cpu_seconds, whole)
                                      : value_na(NVITOP_WHY_NO_SAMPLE);
}

static void read_person(const struct join_input *input, pid_t pid, struct arena *arena,
                        struct person *person)
{
    struct join_pass pass = pass_of(input, arena);
    if (input->memory) {
        join_memory_look_up(input->memory, &pass, pid, person);
        return;
    }
    host_process_read(input->host, pid, arena, &person->facts);
    person->cpu_percent =
        input->is_lifetime_cpu ? lifetime_cpu(&person->facts) : value_na(NVITOP_WHY_NO_SAMPLE);
}

static void look_up(const struct join_input *input, bool is_ours, uint32_t pid, struct arena *arena,
                    struct person *person)
{
    if (pid > host_pid_max(input->host)) /* nobody here can have it: not even asked for */
        person->facts = host_process_without_facts((pid_t)pid, HOST_GONE, NVITOP_WHY_GONE);
    else
        read_person(input, (pid_t)pid, arena, person);
    person->facts.pid = (pid_t)pid;
    person->presence = presences[person->facts.presence];
    person->command = command_without(NVITOP_WHY_NOT_ASKED);
    if (!is_ours && is_foreign(input, person, &person->why))
        person->presence = PROCESS_HOST_PID;
}

static struct people look_up_all(const struct join_input *input, struct arena *arena)
{
    uint32_t *pids;
    struct people people = { .count = collect_pids(input, arena, &pids) };
    people.rows = arena_array(arena, people.count, sizeof(*people.rows));
    bool is_ours = are_pids_ours(input);
    for (size_t i = 0; i < people.count; i++)
        look_up(input, is_ours, pids[i], arena, &people.rows[i]);
    return people;
}

static_assert((int)PROCESS_TYPE_COMPUTE == (int)NVML_PROCESS_COMPUTE &&
                  (int)PROCESS_TYPE_GRAPHICS == (int)NVML_PROCESS_GRAPHICS,
              "the types of a row are the binding's");

static const char *const type_names[] = { NULL, "C", "G", "C+G" };

static void set(struct snapshot_process *process, int id, struct value value)
{
    process->values[id - NVITOP_PROC_TYPE] = value;
}

static void fill_gpu_facts(struct snapshot_process *process, const struct device_process *from,
                           const struct snapshot_device *device, struct host *host)
{
    struct value memory = process_memory_of(&from->row, device, host);
    const char *type = type_names[from->row.types & 3];
    set(process, NVITOP_PROC_TYPE, type ? value_text(type) : value_na(NVITOP_WHY_ERROR));
    set(process, NVITOP_PROC_GPU_MEMORY, memory);
    set(process, NVITOP_PROC_GPU_MEMORY_PERCENT,
        value_percent_rounded(memory, snapshot_device_value(device, NVITOP_DEV_MEMORY_TOTAL)));
    set(process, NVITOP_PROC_UTIL_SM, from->sm);
    set(process, NVITOP_PROC_UTIL_MEMORY, from->memory);
    set(process, NVITOP_PROC_UTIL_ENCODER, from->encoder);
    set(process, NVITOP_PROC_UTIL_DECODER, from->decoder);
}

static void fill_host_facts(struct snapshot_process *process, const struct person *person,
                            const struct join_input *input)
{
    const struct host_process *facts = &person->facts;
    process->start_ticks = facts->start_ticks;
    set(process, NVITOP_PROC_USER, facts->user);
    set(process, NVITOP_PROC_CPU_PERCENT, person->cpu_percent);
    set(process, NVITOP_PROC_RSS, facts->rss);
    set(process, NVITOP_PROC_RSS_PERCENT,
        value_percent(facts->rss,
                      input->totals[NVITOP_HOST_MEMORY_TOTAL - NVITOP_HOST_CPU_PERCENT]));
    set(process, NVITOP_PROC_RUNNING_TIME, facts->running_time);
    set(process, NVITOP_PROC_STATE, facts->state);
    set(process, NVITOP_PROC_THREADS, facts->threads);
    set(process, NVITOP_PROC_PPID, facts->ppid);
    set(process, NVITOP_PROC_NAME, facts->name);
    set(process, NVITOP_PROC_CPU_TIME, facts->cpu_seconds);
    set(process, NVITOP_PROC_START_TIME, facts->start_time);
}

/* Whose it was, if it was seen while it lived. */
static void fill_identity(struct snapshot_process *process, const struct person *person)
{
    process->start_ticks = person->facts.start_ticks;
    if (!process->start_ticks)
        return;
    set(process, NVITOP_PROC_USER, person->facts.user);
    set(process, NVITOP_PROC_PPID, person->facts.ppid);
}

static void fill_person(struct snapshot_process *process, const struct person *person,
                        const struct join_input *input, uint32_t uid)
{
    if (person->presence == PROCESS_GONE)
        fill_identity(process, person);
    if (person->presence != PROCESS_PRESENT && person->presence != PROCESS_ZOMBIE)
        return;
    fill_host_facts(process, person, input);
    process->is_own = !value_is_na(person->facts.uid) && person->facts.uid.i == (int64_t)uid;
}

static void fill_process(struct snapshot_process *process, const struct device_process *from,
                         const struct person *person, size_t first_row,
                         const struct join_input *input, struct snapshot *snapshot, uint32_t uid)
{
    static const enum nvitop_why missing[] = {
        [PROCESS_PRESENT] = NVITOP_WHY_NOT_ASKED, [PROCESS_GONE] = NVITOP_WHY_GONE,
        [PROCESS_ZOMBIE] = NVITOP_WHY_NOT_ASKED,  [PROCESS_HIDDEN] = NVITOP_WHY_NO_PERMISSION,
        [PROCESS_HOST_PID] = NVITOP_WHY_HOST_PID,
    };
    *process = (struct snapshot_process){ .pid = from->row.pid,
                                          .device = first_row + from->device,
                                          .types = from->row.types,
                                          .presence = person->presence };
    enum nvitop_why why = missing[person->presence];
    if (person->presence == PROCESS_HOST_PID)
        why = person->why;
    for (size_t i = 0; i < NVITOP_PROC_COUNT; i++)
        process->values[i] = value_na(why);
    fill_gpu_facts(process, from, &snapshot->devices[process->device], input->host);
    fill_person(process, person, input, uid);
}

static bool is_seen(const struct person *person)
{
    return person->presence == PROCESS_PRESENT || person->presence == PROCESS_ZOMBIE;
}

/* Whose the row is. It is of the one who had the pid when the list was new, not of another since.
 */
static struct person whose(struct device_process *process, const struct person *person)
{
    uint64_t start_ticks = is_seen(person) ? person->facts.start_ticks : 0;
    if (!process->is_joined)
        process->start_ticks = start_ticks;
    process->is_joined = true;
    if (!start_ticks || start_ticks == process->start_ticks)
        return *person;
    return (struct person){ .presence = PROCESS_GONE,
                            .facts = host_process_without_facts(person->facts.pid, HOST_GONE,
                                                                NVITOP_WHY_GONE) };
}

static void add_processes(const struct join_input *input, const struct people *people, uint32_t uid,
                          struct snapshot *snapshot)
{
    size_t total = 0, first_row = 0;
    for (size_t i = 0; i < input->reading_count; i++)
        total += input->readings[i].process_count;
    snapshot->processes = arena_array(&snapshot->arena, total, sizeof(*snapshot->processes));
    for (size_t i = 0; i < input->reading_count; i++) {
        const struct device_reading *reading = &input->readings[i];
        for (size_t p = 0; p < reading->process_count; p++) {
            struct snapshot_process *process = &snapshot->processes[snapshot->process_count];
            struct person *person = find(people, reading->processes[p].row.pid);
            struct person own = whose(&reading->processes[p], person);
            fill_process(process, &reading->processes[p], &own, first_row, input, snapshot, uid);
            if (!filter_passes(input->filter, process))
                continue;
            person->is_wanted |= process->presence == PROCESS_PRESENT;
            snapshot->process_count++;
        }
        first_row += reading->row_count;
    }
}

static bool read_commands(const struct join_input *input, const struct people *people,
                          struct arena *arena)
{
    pid_t *pids = arena_array(arena, people->count, sizeof(*pids));
    struct person **wanted = arena_array(arena, people->count, sizeof(struct person *));
    size_t count = 0;
    for (size_t i = 0; i < people->count; i++)
        if (people->rows[i].is_wanted) {
            wanted[count] = &people->rows[i];
            pids[count++] = people->rows[i].facts.pid;
        }
    if (!count)
        return true;
    struct host_command *commands = arena_array(arena, count, sizeof(*commands));
    struct command_question question = { .root = input->procfs,
                                         .pids = pids,
                                         .count = count,
                                         .has_workloads = input->has_workloads,
                                         .patience_ms = input->patience_ms,
                                         .deadline_ns = input->deadline_ns };
    bool is_clean = command_read_all(&question, arena, commands);
    for (size_t i = 0; i < count; i++)
        wanted[i]->command = commands[i];
    return is_clean;
}

/* Has all be asked for that is not known, and waits for the answers. */
static void await_commands(const struct join_input *input, const struct people *people)
{
    struct join_pass pass = pass_of(input, NULL);
    if (!input->deadline_ns)
        return;
    for (size_t i = 0; i < people->count; i++)
        if (people->rows[i].is_wanted)
            join_memory_command(input->memory, &pass, people->rows[i].facts.pid);
    join_memory_wait(input->memory, input->deadline_ns);
}

static void recall_commands(const struct join_input *input, const struct people *people,
                            struct arena *arena)
{
    struct join_pass pass = pass_of(input, NULL);
    await_commands(input, people);
    for (size_t i = 0; i < people->count; i++) {
        struct person *person = &people->rows[i];
        if (person->is_wanted)
            person->command =
                command_copy(arena, join_memory_command(input->memory, &pass, person->facts.pid));
    }
}

static_assert(NVITOP_PROC_BATCH_JOB_ID - NVITOP_PROC_CONTAINER_ID + 1 == HOST_WORKLOAD_COUNT,
              "the metrics stand in the host's order");

static void fill_command(struct snapshot_process *process, const struct host_command *command)
{
    set(process, NVITOP_PROC_COMMAND, command->command);
    for (int i = 0; i < HOST_WORKLOAD_COUNT; i++)
        set(process, NVITOP_PROC_CONTAINER_ID + i, command->workload[i]);
}

static void fill_commands(const struct people *people, struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->process_count; i++) {
        struct snapshot_process *process = &snapshot->processes[i];
        const struct person *person = find(people, process->pid);
        if (person->is_wanted && process->presence == PROCESS_PRESENT)
            fill_command(process, &person->command);
    }
}

static void sort_naturally(struct snapshot *snapshot)
{
    size_t *order = arena_array(&snapshot->arena, snapshot->process_count, sizeof(*order));
    order_processes(snapshot, order_default(ORDER_NATURAL), order);
    struct snapshot_process *sorted =
        arena_array(&snapshot->arena, snapshot->process_count, sizeof(*sorted));
    for (size_t i = 0; i < snapshot->process_count; i++)
        sorted[i] = snapshot->processes[order[i]];
    snapshot->processes = sorted;
}

static void add_devices(const struct join_input *input, struct snapshot *snapshot)
{
    size_t total = 0;
    for (size_t i = 0; i < input->reading_count; i++)
        total += input->readings[i].row_count;
    snapshot->devices = arena_array(&snapshot->arena, total, sizeof(*snapshot->devices));
    for (size_t i = 0; i < input->reading_count; i++) {
        struct device_reading *reading = &input->readings[i];
        struct snapshot_device *rows = &snapshot->devices[snapshot->device_count];
        memcpy(rows, reading->rows, reading->row_count * sizeof(*rows));
        snapshot->device_count += reading->row_count;
        uma_apply(rows, reading, input->totals, snapshot->has_processes);
        arena_merge(&snapshot->arena, &reading->arena);
    }
}

/* One that the driver does not list. */
static void fill_relative(struct snapshot_process *process, const struct person *person,
                          const struct join_input *input, uint32_t uid)
{
    *process = (struct snapshot_process){ .pid = (uint32_t)person->facts.pid,
                                          .device = (size_t)SNAPSHOT_NO_DEVICE,
                                          .presence = person->presence };
    for (size_t i = 0; i < NVITOP_PROC_COUNT; i++)
        process->values[i] = value_na(NVITOP_WHY_NOT_APPLICABLE);
    fill_person(process, person, input, uid);
}

static void add_relatives(const struct join_input *input, uint32_t uid, struct snapshot *snapshot)
{
    struct join_pass pass = pass_of(input, &snapshot->arena);
    const struct host_parent *parents;
    pid_t *pids;
    size_t parent_count = join_memory_parents(input->memory, &pass, &parents);
    size_t count = relatives_pick(snapshot, parents, parent_count, &snapshot->arena, &pids);
    snapshot->relatives = arena_array(&snapshot->arena, count, sizeof(*snapshot->relatives));
    for (size_t i = 0; i < count; i++) {
        struct person person = { 0 };
        look_up(input, true, (uint32_t)pids[i], &snapshot->arena, &person);
        if (person.presence != PROCESS_PRESENT && person.presence != PROCESS_ZOMBIE)
            continue;
        struct snapshot_process *relative = &snapshot->relatives[snapshot->relative_count++];
        fill_relative(relative, &person, input, uid);
        if (person.presence != PROCESS_PRESENT)
            continue;
        struct host_command command =
            command_copy(&snapshot->arena, join_memory_command(input->memory, &pass, pids[i]));
        fill_command(relative, &command);
    }
    snapshot->has_relatives = true;
}

static bool add_people(const struct join_input *input, uint32_t uid, struct snapshot *snapshot)
{
    struct join_pass pass = pass_of(input, &snapshot->arena);
    if (input->memory)
        join_memory_begin(input->memory, &pass);
    struct people people = look_up_all(input, &snapshot->arena);
    add_processes(input, &people, uid, snapshot);
    bool is_clean = true;
    if (input->memory)
        recall_commands(input, &people, &snapshot->arena);
    else
        is_clean = read_commands(input, &people, &snapshot->arena);
    fill_commands(&people, snapshot);
    sort_naturally(snapshot);
    if (input->memory && input->has_relatives)
        add_relatives(input, uid, snapshot);
    if (input->memory)
        join_memory_end(input->memory, &pass);
    return is_clean;
}

bool join_snapshot(const struct join_input *input, struct snapshot *snapshot)
{
    struct host_self self;
    if (input->memory)
        self = *join_memory_self(input->memory);
    else
        host_read_self(&snapshot->arena, &self);
    snapshot->user = arena_strdup(&snapshot->arena, self.user);
    snapshot->hostname = arena_strdup(&snapshot->arena, self.hostname);
    snapshot->is_superuser = self.is_superuser;
    snapshot->is_wsl = host_is_wsl();
    snapshot->is_wddm = host_is_wddm();
    snapshot->has_pid_namespace = !are_pids_ours(input);
    memcpy(snapshot->host, input->totals, sizeof(snapshot->host));
    add_devices(input, snapshot);
    if (input->memory && !snapshot->has_processes)
        return true; /* what it remembers stays */
    return add_people(input, self.uid, snapshot);
}
