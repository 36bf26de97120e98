/*
 * One entry for each pid. Invariants: entries ascend by pid, without doubles; all that an entry
 * says is of the process that started at its start_ticks, and is dropped as soon as another one
 * answers to the pid; texts of facts live in the arena of the pass that read them last.
 */
#include "core/join_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/command.h"
#include "core/commands.h"
#include "core/person.h"

/* Below this a difference of CPU times, counted in hundredths of a second, says nothing. */
enum { CPU_SPAN_MS = 100 };

enum asking { NOT_ASKED, ASKED, ANSWERED, GIVEN_UP };

struct entry {
    struct host_process facts;
    bool is_seen;     /* in this pass */
    uint64_t seen_ns; /* in which last */
    struct value cpu_percent;
    double cpu_seconds; /* at sampled_ns */
    uint64_t sampled_ns;
    bool has_gpu, is_gpu_known;
    enum nvitop_why gpu_why;
    enum asking asking;
    struct host_command command; /* its texts are the entry's */
    bool has_workload;           /* it was asked for too */
    char *asked_as;              /* the name it had when it was asked for */
};

struct join_memory {
    struct commands *commands;
    struct arena self_arena;
    struct host_self self;
    struct entry *entries;
    size_t count, cap;
    struct arena texts, old_texts;
    struct arena scan; /* what parents are in */
    struct host_parent *parents;
    size_t parent_count;
    bool has_parents;
};

struct join_memory *join_memory_new(const char *procfs, void (*notify)(void *arg), void *arg)
{
    struct join_memory *memory = xcalloc(1, sizeof(*memory));
    memory->commands = commands_new(procfs, notify, arg);
    return memory;
}

const struct host_self *join_memory_self(struct join_memory *memory)
{
    if (!memory->self.user)
        host_read_self(&memory->self_arena, &memory->self);
    return &memory->self;
}

/* ---- entries ---- */

static size_t lower_bound(const struct join_memory *memory, pid_t pid)
{
    size_t low = 0, high = memory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memory->entries[middle].facts.pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct entry *find(struct join_memory *memory, pid_t pid)
{
    size_t at = lower_bound(memory, pid);
    bool is_there = at < memory->count && memory->entries[at].facts.pid == pid;
    return is_there ? &memory->entries[at] : NULL;
}

static struct entry *add(struct join_memory *memory, pid_t pid)
{
    if (memory->count == memory->cap) {
        memory->cap = MAX_OF(memory->cap * 2, (size_t)64);
        memory->entries = xreallocarray(memory->entries, memory->cap, sizeof(*memory->entries));
    }
    size_t at = lower_bound(memory, pid);
    struct entry *entry = memory->entries + at;
    memmove(entry + 1, entry, (memory->count - at) * sizeof(*entry));
    memory->count++;
    *entry = (struct entry){ .facts = { .pid = pid } };
    return entry;
}

static void set_command(struct entry *entry, struct host_command command)
{
    command_disown(&entry->command);
    entry->command = command;
}

/* What is known of whoever had the pid goes. */
static void clear(struct entry *entry)
{
    set_command(entry, command_without(NVITOP_WHY_NO_SAMPLE));
    free(entry->asked_as);
    *entry = (struct entry){ .facts = { .pid = entry->facts.pid },
                             .is_seen = entry->is_seen,
                             .seen_ns = entry->seen_ns,
                             .command = entry->command };
}

bool join_memory_free(struct join_memory *memory)
{
    if (!memory)
        return true;
    for (size_t i = 0; i < memory->count; i++)
        clear(&memory->entries[i]);
    bool is_clean = commands_free(memory->commands);
    arena_done(&memory->texts);
    arena_done(&memory->scan);
    arena_done(&memory->self_arena);
    free(memory->entries);
    free(memory);
    return is_clean;
}

/* ---- facts ---- */

static void copy_texts(struct arena *arena, struct host_process *facts)
{
    facts->user = value_copy(arena, facts->user);
    facts->state = value_copy(arena, facts->state);
    facts->name = value_copy(arena, facts->name);
}

static void count_cpu(struct entry *entry, uint64_t now_ns)
{
    const struct host_process *facts = &entry->facts;
    uint64_t span_ns = now_ns - entry->sampled_ns;
    double cpu_seconds = value_number(facts->cpu_seconds, 0);
    if (value_is_na(facts->cpu_seconds)) {
        entry->cpu_percent = facts->cpu_seconds;
        return;
    }
    if (entry->sampled_ns == 0)
        entry->cpu_percent = value_number(facts->running_time, 0) > 0
                                 ? value_percent(facts->cpu_seconds, facts->running_time)
                                 : value_na(NVITOP_WHY_NO_SAMPLE);
    else if (span_ns < CPU_SPAN_MS * CLOCK_NS_PER_MS)
        return;
    else
        entry->cpu_percent = value_real(MAX_OF(cpu_seconds - entry->cpu_seconds, 0) * 100 /
                                        ((double)span_ns / (double)CLOCK_NS_PER_S));
    entry->cpu_seconds = cpu_seconds;
    entry->sampled_ns = now_ns;
}

/* A process that has gone: what made it the one it was stays, for as long as it is listed. */
static void keep_identity(struct entry *entry, struct host_process *facts, struct arena *texts)
{
    const struct host_process *old = &entry->facts;
    if (!old->start_ticks)
        return;
    facts->start_ticks = old->start_ticks;
    facts->uid = old->uid;
    facts->ppid = old->ppid;
    facts->user = value_copy(texts, old->user);
}

static void read_facts(struct join_memory *memory, const struct join_pass *pass,
                       struct entry *entry)
{
    struct host_process facts;
    host_process_read(pass->host, entry->facts.pid, &memory->texts, &facts);
    if (facts.presence == HOST_GONE)
        keep_identity(entry, &facts, &memory->texts);
    else if (facts.start_ticks != entry->facts.start_ticks)
        clear(entry);
    facts.pid = entry->facts.pid;
    entry->facts = facts;
    count_cpu(entry, pass->now_ns);
}

void join_memory_look_up(struct join_memory *memory, const struct join_pass *pass, pid_t pid,
                         struct person *ret_person)
{
    struct entry *entry = find(memory, pid);
    if (!entry || !pass->keeps_facts) {
        entry = entry ? entry : add(memory, pid);
        read_facts(memory, pass, entry);
    }
    entry->is_seen = true;
    entry->seen_ns = pass->now_ns;
    ret_person->facts = entry->facts;
    copy_texts(pass->arena, &ret_person->facts);
    ret_person->cpu_percent = entry->cpu_percent;
}

bool join_memory_has_gpu(struct join_memory *memory, const struct join_pass *pass, pid_t pid,
                         enum nvitop_why *ret_why)
{
    struct entry *entry = find(memory, pid);
    if (!entry->has_gpu && !(entry->is_gpu_known && pass->keeps_facts))
        entry->has_gpu = host_process_has_gpu(pass->host, pid, &entry->gpu_why);
    entry->is_gpu_known = true;
    *ret_why = entry->gpu_why;
    return entry->has_gpu;
}

/* ---- command lines ---- */

/* A new name may mean another program in the same process. */
static bool is_to_be_asked(const struct entry *entry, const struct join_pass *pass)
{
    const char *name = value_text_or(entry->facts.name, "");
    bool is_more = pass->has_workloads && !entry->has_workload;
    return entry->asking == NOT_ASKED ||
           (entry->asking == ANSWERED && (is_more || strcmp(name, entry->asked_as) != 0));
}

const struct host_command *join_memory_command(struct join_memory *memory,
                                               const struct join_pass *pass, pid_t pid)
{
    struct entry *entry = find(memory, pid);
    struct process_id process = { (uint32_t)pid, entry->facts.start_ticks };
    if (!is_to_be_asked(entry, pass))
        return &entry->command;
    if (entry->asking == NOT_ASKED)
        entry->command = command_without(NVITOP_WHY_NO_SAMPLE);
    entry->has_workload = pass->has_workloads;
    free(entry->asked_as);
    entry->asked_as = xstrdup(value_text_or(entry->facts.name, ""));
    entry->asking = ASKED;
    commands_ask(memory->commands, process, pass->has_workloads);
    return &entry->command;
}

static void take_answers(struct join_memory *memory)
{
    struct commands_answer answer;
    while (commands_take(memory->commands, &answer)) {
        struct value command = answer.command.command;
        struct entry *entry = find(memory, (pid_t)answer.process.pid);
        if (!entry || entry->facts.start_ticks != answer.process.start_ticks) {
            command_disown(&answer.command);
            continue;
        }
        set_command(entry, answer.command);
        bool is_given_up = value_is_na(command) && command.why == NVITOP_WHY_NOT_RESPONDING;
        entry->asking = is_given_up ? GIVEN_UP : ANSWERED;
    }
}

void join_memory_wait(struct join_memory *memory, uint64_t deadline_ns)
{
    commands_wait(memory->commands, deadline_ns);
    take_answers(memory);
}

/* ---- a pass ---- */

void join_memory_begin(struct join_memory *memory, const struct join_pass *pass)
{
    commands_check(memory->commands, pass->now_ns);
    take_answers(memory);
    for (size_t i = 0; i < memory->count; i++)
        memory->entries[i].is_seen = false;
    memory->has_parents = memory->has_parents && pass->has_relatives && pass->keeps_facts;
    if (!pass->keeps_facts) {
        memory->old_texts = memory->texts;
        memory->texts = (struct arena){ 0 };
    }
}

size_t join_memory_parents(struct join_memory *memory, const struct join_pass *pass,
                           const struct host_parent **ret_parents)
{
    if (!memory->has_parents) {
        arena_done(&memory->scan);
        memory->parent_count = host_parents(pass->host, &memory->scan, &memory->parents);
        memory->has_parents = true;
    }
    *ret_parents = memory->parents;
    return memory->parent_count;
}

/* One who was not looked up in this pass; false: forgotten. Texts of earlier passes go now. */
static bool outlasts(struct join_memory *memory, const struct join_pass *pass, struct entry *entry)
{
    if (entry->is_seen)
        return true;
    if (pass->now_ns - entry->seen_ns >= pass->keep_ns) {
        clear(entry);
        return false;
    }
    if (!pass->keeps_facts)
        copy_texts(&memory->texts, &entry->facts);
    return true;
}

void join_memory_end(struct join_memory *memory, const struct join_pass *pass)
{
    pid_t *pids = xcalloc(memory->count, sizeof(*pids));
    size_t kept = 0;
    for (size_t i = 0; i < memory->count; i++) {
        struct entry *entry = &memory->entries[i];
        if (!outlasts(memory, pass, entry))
            continue;
        pids[kept] = entry->facts.pid;
        memory->entries[kept++] = *entry;
    }
    memory->count = kept;
    host_forget(pass->host, pids, kept);
    arena_done(&memory->old_texts);
    free(pids);
}
