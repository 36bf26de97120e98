/*
 * Scenario → demo processes: command lines split, users looked up, parents found, CPU use scaled.
 * Invariants of the result: parents are live and have no loop; the CPU use of all together is
 * at most CPU_TOTAL_PERMILLE of one core, whatever the scenario says.
 */
#include "sim/launcher_demo.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/launcher_argv.h"
#include "sim/launcher_stub.h"
#include "sim/launcher_user.h"
#include "sim/scenario.h"

enum { CPU_TOTAL_PERMILLE = 400, CPU_PROCESS_PERMILLE = 900, PERMILLE_PER_PERCENT = 10 };

struct reader {
    struct arena *arena;
    struct demo_set *set;
    const struct scenario_entity **entities; /* of each item */
    struct scenario_error *error;
    struct launcher_user self;
};

static int refuse(struct reader *reader, const struct scenario_entity *entity, unsigned key,
                  const char *why, const char *what)
{
    reader->error->line = entity->values[key].line;
    snprintf(reader->error->text, sizeof(reader->error->text), "[process %s] %s: %s%s%s",
             entity->name, scenario_sections[SCENARIO_PROCESS].keys[key].name, why,
             *what ? " " : "", what);
    return NVITOP_EINVAL;
}

static int read_argv(struct reader *reader, const struct scenario_entity *entity,
                     struct demo_process *process)
{
    const char *why = "";
    const char *command = scenario_is_set(entity, PROCESS_COMMAND)
                              ? scenario_text(entity, PROCESS_COMMAND)
                              : entity->name;
    double pad = scenario_constant(entity, PROCESS_COMMAND_PAD, 0);
    if (pad < 0 || pad > ARGV_PAD_MAX)
        return refuse(reader, entity, PROCESS_COMMAND_PAD, "must be 0 to 1048576", "");
    if (argv_parse(command, 0, reader->arena, &process->argv, &why) < 0)
        return refuse(reader, entity, PROCESS_COMMAND, why, "");
    if (pad > 0 && argv_parse(command, (size_t)pad, reader->arena, &process->argv, &why) < 0)
        return refuse(reader, entity, PROCESS_COMMAND_PAD, why, "");
    process->is_argv_cleared = scenario_constant(entity, PROCESS_NO_ARGV, 0) > 0;
    return NVITOP_OK;
}

static int read_env(struct reader *reader, const struct scenario_entity *entity,
                    struct demo_process *process)
{
    const char *why = "";
    const char *text = scenario_text(entity, PROCESS_ENV);
    if (*text && argv_parse_pairs(text, reader->arena, &process->env, &why) < 0)
        return refuse(reader, entity, PROCESS_ENV, why, "");
    return NVITOP_OK;
}

/* The file name of argv[0], as exec would set it. */
static const char *comm_of(struct reader *reader, const struct scenario_entity *entity, char **argv)
{
    const char *comm = scenario_text(entity, PROCESS_COMM), *slash = strrchr(argv[0], '/');
    if (!*comm)
        comm = slash ? slash + 1 : argv[0];
    return arena_strdup(reader->arena, *comm ? comm : entity->name);
}

static int read_user(struct reader *reader, const struct scenario_entity *entity,
                     struct demo_process *process)
{
    const char *name = scenario_text(entity, PROCESS_USER);
    double uid = scenario_constant(entity, PROCESS_UID, -1);
    struct launcher_user user = { .name = *name ? arena_strdup(reader->arena, name) : "user",
                                  .home = "/" };
    process->user = reader->self.name;
    process->home = reader->self.home;
    if (!launcher_user_may_change() || (!*name && uid < 0))
        return NVITOP_OK;
    if (!*name || !launcher_user_find(name, reader->arena, &user)) {
        if (uid < 0 || uid >= UINT32_MAX)
            return refuse(reader, entity, PROCESS_USER, "no such user here, and no uid:", name);
        user.uid = user.gid = (uint32_t)uid;
    }
    process->has_uid = true;
    process->uid = user.uid;
    process->gid = user.gid;
    process->user = user.name;
    process->home = user.home;
    return NVITOP_OK;
}

static int read_state(struct reader *reader, const struct scenario_entity *entity,
                      struct demo_process *process)
{
    static const char *const names[] = {
        [DEMO_LIVE] = "live", [DEMO_ZOMBIE] = "zombie", [DEMO_GONE] = "gone"
    };
    const char *name = scenario_text(entity, PROCESS_STATE);
    double threads = scenario_constant(entity, PROCESS_THREADS, 1);
    double cpu = scenario_constant(entity, PROCESS_CPU, 0);
    unsigned state = 0;
    while (state < ARRAY_LEN(names) && strcmp(name, names[state]) != 0)
        state++;
    if (state == ARRAY_LEN(names))
        return refuse(reader, entity, PROCESS_STATE, "must be live, zombie or gone, not", name);
    process->state = (enum demo_state)state;
    if (threads < 1 || threads > STUB_THREADS_MAX)
        return refuse(reader, entity, PROCESS_THREADS, "must be 1 to 256", "");
    if (cpu < 0 || cpu > 100)
        return refuse(reader, entity, PROCESS_CPU, "must be 0 to 100", "");
    process->threads = (unsigned)threads;
    process->cpu_permille =
        MIN_OF((unsigned)(cpu * PERMILLE_PER_PERCENT), (unsigned)CPU_PROCESS_PERMILLE);
    return NVITOP_OK;
}

static int read_process(struct reader *reader, const struct scenario_entity *entity)
{
    struct demo_process *process = &reader->set->items[reader->set->count];
    int status;
    if (reader->set->count == DEMO_COUNT_MAX)
        return refuse(reader, entity, PROCESS_COUNT, "more than 4096 processes to start", "");
    reader->entities[reader->set->count++] = entity;
    process->name = arena_strdup(reader->arena, entity->name);
    process->parent = process->first_child = process->next = -1;
    if ((status = read_argv(reader, entity, process)) < 0 ||
        (status = read_env(reader, entity, process)) < 0 ||
        (status = read_user(reader, entity, process)) < 0 ||
        (status = read_state(reader, entity, process)) < 0)
        return status;
    process->comm = comm_of(reader, entity, process->argv);
    return NVITOP_OK;
}

static int find(const struct demo_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Does following the parents of `index` lead past every process there is? */
static bool is_loop(const struct demo_set *set, int index)
{
    for (size_t steps = 0; steps <= set->count; steps++)
        if (index < 0 || (index = set->items[index].parent) < 0)
            return false;
    return true;
}

static int read_parents(struct reader *reader)
{
    struct demo_set *set = reader->set;
    for (size_t i = 0; i < set->count; i++) {
        const char *name = scenario_text(reader->entities[i], PROCESS_PARENT);
        if (!*name)
            continue;
        if ((set->items[i].parent = find(set, name)) < 0)
            return refuse(reader, reader->entities[i], PROCESS_PARENT,
                          "no process of that name is started:", name);
        if (set->items[set->items[i].parent].state != DEMO_LIVE)
            return refuse(reader, reader->entities[i], PROCESS_PARENT,
                          "this one doesn't live:", name);
        if (is_loop(set, (int)i))
            return refuse(reader, reader->entities[i], PROCESS_PARENT,
                          "is its own ancestor:", name);
    }
    return NVITOP_OK;
}

/* Links children to parents, in the order of the file. */
static void link_tree(struct demo_set *set)
{
    set->first_root = -1;
    for (size_t i = set->count; i-- > 0;) {
        struct demo_process *process = &set->items[i];
        int *head =
            process->parent < 0 ? &set->first_root : &set->items[process->parent].first_child;
        process->next = *head;
        *head = (int)i;
    }
}

static void scale_cpu(struct demo_set *set)
{
    unsigned long total = 0;
    for (size_t i = 0; i < set->count; i++)
        total += set->items[i].cpu_permille;
    if (total <= CPU_TOTAL_PERMILLE)
        return;
    for (size_t i = 0; i < set->count; i++)
        set->items[i].cpu_permille =
            (unsigned)(set->items[i].cpu_permille * (unsigned long)CPU_TOTAL_PERMILLE / total);
}

/* A row with a number, or with the pid of another row, is not started. */
static bool is_started(const struct scenario_entity *entity)
{
    const char *pid = scenario_text(entity, PROCESS_PID);
    size_t len = strlen(entity->name);
    if (!len)
        return false;
    if (!*pid)
        return true;
    return str_has_prefix(pid, "${") && strncmp(pid + 2, entity->name, len) == 0 &&
           strcmp(pid + 2 + len, "}") == 0;
}

int demo_set_read(const struct scenario *scenario, struct arena *arena, struct demo_set *ret_set,
                  struct scenario_error *ret_error)
{
    struct reader reader = {
        .arena = arena,
        .set = ret_set,
        .entities = arena_array(arena, scenario->process_count + 1, sizeof(*reader.entities)),
        .error = ret_error,
    };
    launcher_user_self(arena, &reader.self);
    int status = NVITOP_OK;
    *ret_set = (struct demo_set){ .items = arena_array(arena, scenario->process_count + 1,
                                                       sizeof(*ret_set->items)) };
    for (size_t i = 0; i < scenario->process_count && status == NVITOP_OK; i++)
        if (is_started(&scenario->processes[i]))
            status = read_process(&reader, &scenario->processes[i]);
    if (status < 0 || (status = read_parents(&reader)) < 0)
        return status;
    link_tree(ret_set);
    scale_cpu(ret_set);
    return NVITOP_OK;
}
