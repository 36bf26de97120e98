/*
 * Lanes for commands. A lane works through its pids in order and publishes each result by
 * advancing its stage, so that whoever waits can take what is finished from a lane that got stuck.
 * Invariant: results[0..stage) are complete and never touched again by the lane.
 */
#include "core/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/worker.h"

/* ---- one process ---- */

struct host_command command_without(enum nvitop_why why)
{
    struct host_command command = { .command = value_na(why) };
    for (size_t i = 0; i < HOST_WORKLOAD_COUNT; i++)
        command.workload[i] = value_na(why);
    return command;
}

struct host_command command_read_blocking(const char *root, pid_t pid, bool has_workload,
                                          struct arena *arena)
{
    struct host_command told = command_without(NVITOP_WHY_NOT_ASKED), command;
    host_command_read_blocking(root, pid, arena, &command);
    told.command = command.command;
    told.is_empty = command.is_empty;
    if (has_workload)
        host_workload_read_blocking(root, pid, arena, told.workload);
    return told;
}

struct host_command command_copy(struct arena *arena, const struct host_command *command)
{
    struct host_command copy = *command;
    copy.command = value_copy(arena, copy.command);
    for (size_t i = 0; i < ARRAY_LEN(copy.workload); i++)
        copy.workload[i] = value_copy(arena, copy.workload[i]);
    return copy;
}

static void own(struct value *value)
{
    if (value->kind == NVITOP_TEXT)
        value->text = xstrdup(value->text);
}

static void disown(struct value *value)
{
    if (value->kind == NVITOP_TEXT)
        free((char *)(uintptr_t)value->text);
}

struct host_command command_own(const struct host_command *command)
{
    struct host_command copy = *command;
    own(&copy.command);
    for (size_t i = 0; i < ARRAY_LEN(copy.workload); i++)
        own(&copy.workload[i]);
    return copy;
}

void command_disown(struct host_command *command)
{
    disown(&command->command);
    for (size_t i = 0; i < ARRAY_LEN(command->workload); i++)
        disown(&command->workload[i]);
}

/* ---- lanes ---- */

struct lane {
    char *root; /* NULL: /proc */
    pid_t *pids;
    size_t count;
    bool has_workloads;
    struct host_command *results;
    struct arena arena;
};

static void run_lane(struct job *job, void *arg)
{
    struct lane *lane = arg;
    for (size_t i = 0; i < lane->count; i++) {
        lane->results[i] =
            command_read_blocking(lane->root, lane->pids[i], lane->has_workloads, &lane->arena);
        job_advance(job, (int)i + 1);
    }
}

static void free_lane(void *arg)
{
    struct lane *lane = arg;
    arena_done(&lane->arena);
    free(lane->results);
    free(lane->pids);
    free(lane->root);
    free(lane);
}

/* For what the question asks from the pid at `first` on. */
static struct lane *lane_new(const struct command_question *question, size_t first)
{
    struct lane *lane = xcalloc(1, sizeof(*lane));
    lane->root = question->root ? xstrdup(question->root) : NULL;
    lane->count = question->count - first;
    lane->pids = xcalloc(lane->count, sizeof(*lane->pids));
    memcpy(lane->pids, question->pids + first, lane->count * sizeof(*lane->pids));
    lane->has_workloads = question->has_workloads;
    lane->results = xcalloc(lane->count, sizeof(*lane->results));
    return lane;
}

/* Waits as long as the lane gets on; false when it made no step in time, or time is up. */
static bool wait_while_moving(struct job *job, const struct command_question *question)
{
    for (;;) {
        int before = job_stage(job);
        uint64_t now = clock_mono_ns();
        uint64_t step = now + question->patience_ms * CLOCK_NS_PER_MS;
        if (job_wait(job, JOB_DONE, MIN_OF(step, question->deadline_ns)))
            return true;
        if (job_stage(job) == before || clock_mono_ns() >= question->deadline_ns)
            return false;
    }
}

static void give_up(struct host_command *commands, size_t count, enum nvitop_why why)
{
    for (size_t i = 0; i < count; i++)
        commands[i] = command_without(why);
}

/* Runs one lane over the pids from `first` on; returns how many are settled (answered or given
 * up). */
static size_t run_one(const struct command_question *question, size_t first, struct arena *arena,
                      struct host_command *ret, bool *ret_is_stuck)
{
    struct lane *lane = lane_new(question, first);
    struct job *job = job_start(run_lane, free_lane, lane);
    size_t count = question->count - first, settled = count;
    if (!job) {
        free_lane(lane);
        give_up(ret, count, NVITOP_WHY_ERROR);
        return count;
    }
    if (!wait_while_moving(job, question)) {
        *ret_is_stuck = true;
        settled = (size_t)job_stage(job);
    }
    settled = MIN_OF(settled, count);
    for (size_t i = 0; i < settled; i++)
        ret[i] = command_copy(arena, &lane->results[i]);
    if (settled < count)
        give_up(&ret[settled++], 1, NVITOP_WHY_NOT_RESPONDING);
    job_release(job);
    return settled;
}

bool command_read_all(const struct command_question *question, struct arena *arena,
                      struct host_command *ret_commands)
{
    size_t count = question->count, done = 0, lost = 0;
    while (done < count && lost < JOB_LANES_MAX && clock_mono_ns() < question->deadline_ns) {
        bool is_stuck = false;
        done += run_one(question, done, arena, ret_commands + done, &is_stuck);
        lost += is_stuck;
    }
    give_up(ret_commands + done, count - done, NVITOP_WHY_NOT_RESPONDING);
    return lost == 0;
}

char *command_line(struct arena *arena, const char *const *argv, size_t argc)
{
    return host_command_line(arena, argv, argc);
}
