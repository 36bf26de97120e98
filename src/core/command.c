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

struct lane {
    char *root; /* NULL: /proc */
    pid_t *pids;
    size_t count;
    struct host_command *results;
    struct arena arena;
};

static void run_lane(struct job *job, void *arg)
{
    struct lane *lane = arg;
    for (size_t i = 0; i < lane->count; i++) {
        host_command_read_blocking(lane->root, lane->pids[i], &lane->arena, &lane->results[i]);
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

static struct lane *lane_new(const char *root, const pid_t *pids, size_t count)
{
    struct lane *lane = xcalloc(1, sizeof(*lane));
    lane->root = root ? xstrdup(root) : NULL;
    lane->pids = xcalloc(count, sizeof(*pids));
    memcpy(lane->pids, pids, count * sizeof(*pids));
    lane->count = count;
    lane->results = xcalloc(count, sizeof(*lane->results));
    return lane;
}

/* What bounds the waiting. */
struct limits {
    unsigned patience_ms; /* for one step */
    uint64_t deadline_ns; /* for all */
};

/* Waits as long as the lane gets on; false when it made no step in time, or time is up. */
static bool wait_while_moving(struct job *job, const struct limits *limits)
{
    for (;;) {
        int before = job_stage(job);
        uint64_t now = clock_mono_ns();
        uint64_t step = now + limits->patience_ms * CLOCK_NS_PER_MS;
        if (job_wait(job, JOB_DONE, MIN_OF(step, limits->deadline_ns)))
            return true;
        if (job_stage(job) == before || clock_mono_ns() >= limits->deadline_ns)
            return false;
    }
}

static void take_results(const struct lane *lane, size_t count, struct arena *arena,
                         struct host_command *ret)
{
    for (size_t i = 0; i < count; i++) {
        ret[i] = lane->results[i];
        if (ret[i].command.kind == NVITOP_TEXT)
            ret[i].command.text = arena_strdup(arena, ret[i].command.text);
    }
}

static void give_up(struct host_command *commands, size_t count, enum nvitop_why why)
{
    for (size_t i = 0; i < count; i++)
        commands[i] = (struct host_command){ .command = value_na(why) };
}

/* Runs one lane over the pids; returns how many are settled (answered or given up). */
static size_t run_one(const char *root, const pid_t *pids, size_t count,
                      const struct limits *limits, struct arena *arena, struct host_command *ret,
                      bool *ret_is_stuck)
{
    struct lane *lane = lane_new(root, pids, count);
    struct job *job = job_start(run_lane, free_lane, lane);
    if (!job) {
        free_lane(lane);
        give_up(ret, count, NVITOP_WHY_ERROR);
        return count;
    }
    size_t settled = count;
    if (!wait_while_moving(job, limits)) {
        *ret_is_stuck = true;
        settled = (size_t)job_stage(job);
    }
    settled = MIN_OF(settled, count);
    take_results(lane, settled, arena, ret);
    if (settled < count)
        give_up(&ret[settled++], 1, NVITOP_WHY_NOT_RESPONDING);
    job_release(job);
    return settled;
}

bool command_read_all(const char *root, const pid_t *pids, size_t count, unsigned patience_ms,
                      uint64_t deadline_ns, struct arena *arena, struct host_command *ret_commands)
{
    struct limits limits = { patience_ms, deadline_ns };
    size_t done = 0, lost = 0;
    while (done < count && lost < JOB_LANES_MAX && clock_mono_ns() < deadline_ns) {
        bool is_stuck = false;
        done += run_one(root, pids + done, count - done, &limits, arena, ret_commands + done,
                        &is_stuck);
        lost += is_stuck;
    }
    give_up(ret_commands + done, count - done, NVITOP_WHY_NOT_RESPONDING);
    return lost == 0;
}

char *command_line(struct arena *arena, const char *const *argv, size_t argc)
{
    return host_command_line(arena, argv, argc);
}
