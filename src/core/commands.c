/*
 * One lane at a time works through the questions in order. A lane that is stuck is told that it is
 * over and left behind; what it had not come to goes to the next one. Invariants: questions before
 * `next` are answered, the one at `next` is being read while `is_busy`; a lane that is over
 * touches nothing any more but itself.
 */
#include "core/commands.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/command.h"
#include "core/cond.h"
#include "core/worker.h"

/* How long closing waits for a lane that reads, and for one that only has to hear of it. */
enum { CLOSE_BUSY_MS = 100, CLOSE_IDLE_MS = 1000 };

struct answers {
    struct commands_answer *rows;
    size_t count, cap;
};

struct question {
    struct process_id process;
    bool has_workload;
};

struct questions {
    struct question *rows;
    size_t next, count, cap;
};

struct lane {
    char *root; /* NULL: /proc */
    void (*notify)(void *arg);
    void *arg;
    /* Under the mutex: */
    pthread_mutex_t mutex;
    pthread_cond_t moved;    /* for the lane: there is something to do */
    pthread_cond_t answered; /* for the owner: all that was asked is answered */
    bool is_over, is_busy;
    uint64_t since_ns; /* while busy */
    struct questions questions;
    struct answers answers;
};

struct commands {
    char *root;
    void (*notify)(void *arg);
    void *arg;
    struct lane *lane; /* NULL: none runs */
    struct job *job;   /* the lane's */
    struct job *lost[JOB_LANES_MAX];
    size_t lost_count;
    struct answers ready;
    size_t taken; /* of those ready */
};

static void add_answer(struct answers *answers, struct process_id process,
                       struct host_command command)
{
    if (answers->count == answers->cap) {
        answers->cap = MAX_OF(answers->cap * 2, (size_t)16);
        answers->rows = xreallocarray(answers->rows, answers->cap, sizeof(*answers->rows));
    }
    answers->rows[answers->count++] = (struct commands_answer){ process, command };
}

static void add_question(struct questions *questions, struct question question)
{
    if (questions->count == questions->cap) {
        questions->cap = MAX_OF(questions->cap * 2, (size_t)16);
        questions->rows = xreallocarray(questions->rows, questions->cap, sizeof(*questions->rows));
    }
    questions->rows[questions->count++] = question;
}

static void free_answers(struct answers *answers, size_t from)
{
    for (size_t i = from; i < answers->count; i++)
        command_disown(&answers->rows[i].command);
    free(answers->rows);
}

/* ---- the lane's side ---- */

/* What was read before the start time was compared is that process's. */
static struct host_command read_command(const char *root, const struct question *question)
{
    struct arena arena = { 0 };
    pid_t pid = (pid_t)question->process.pid;
    struct host_command command = command_read_blocking(root, pid, question->has_workload, &arena);
    if (host_start_ticks(root, pid) != question->process.start_ticks)
        command = command_without(NVITOP_WHY_GONE);
    command = command_own(&command);
    arena_done(&arena);
    return command;
}

static void wait_for_questions(struct lane *lane)
{
    bool has_worked = lane->questions.next > 0;
    lane->questions.next = lane->questions.count = 0;
    pthread_cond_broadcast(&lane->answered);
    if (has_worked && lane->notify)
        lane->notify(lane->arg);
    pthread_cond_wait(&lane->moved, &lane->mutex);
}

static void answer_next(struct lane *lane)
{
    struct question question = lane->questions.rows[lane->questions.next];
    lane->is_busy = true;
    lane->since_ns = clock_mono_ns();
    pthread_mutex_unlock(&lane->mutex);
    struct host_command command = read_command(lane->root, &question);
    pthread_mutex_lock(&lane->mutex);
    lane->is_busy = false;
    if (lane->is_over) {
        command_disown(&command);
        return;
    }
    lane->questions.next++;
    add_answer(&lane->answers, question.process, command);
}

static void run_lane(struct job *job, void *arg)
{
    (void)job;
    struct lane *lane = arg;
    pthread_mutex_lock(&lane->mutex);
    while (!lane->is_over) {
        if (lane->questions.next == lane->questions.count)
            wait_for_questions(lane);
        else
            answer_next(lane);
    }
    pthread_mutex_unlock(&lane->mutex);
}

static void free_lane(void *arg)
{
    struct lane *lane = arg;
    free_answers(&lane->answers, 0);
    free(lane->questions.rows);
    pthread_cond_destroy(&lane->moved);
    pthread_cond_destroy(&lane->answered);
    pthread_mutex_destroy(&lane->mutex);
    free(lane->root);
    free(lane);
}

/* ---- the owner's side ---- */

static void start_lane(struct commands *commands)
{
    struct lane *lane = xcalloc(1, sizeof(*lane));
    lane->root = commands->root ? xstrdup(commands->root) : NULL;
    lane->notify = commands->notify;
    lane->arg = commands->arg;
    pthread_mutex_init(&lane->mutex, NULL);
    pthread_cond_init(&lane->moved, NULL);
    cond_init(&lane->answered);
    commands->job = job_start(run_lane, free_lane, lane);
    commands->lane = commands->job ? lane : NULL;
    if (!commands->job)
        free_lane(lane);
}

struct commands *commands_new(const char *procfs, void (*notify)(void *arg), void *arg)
{
    struct commands *commands = xcalloc(1, sizeof(*commands));
    commands->root = procfs ? xstrdup(procfs) : NULL;
    commands->notify = notify;
    commands->arg = arg;
    return commands;
}

static void give_up(struct commands *commands, struct process_id process)
{
    add_answer(&commands->ready, process, command_without(NVITOP_WHY_NOT_RESPONDING));
}

static void ask(struct commands *commands, struct question question)
{
    if (!commands->lane && commands->lost_count < JOB_LANES_MAX)
        start_lane(commands);
    struct lane *lane = commands->lane;
    if (!lane) {
        give_up(commands, question.process);
        return;
    }
    pthread_mutex_lock(&lane->mutex);
    add_question(&lane->questions, question);
    pthread_cond_signal(&lane->moved);
    pthread_mutex_unlock(&lane->mutex);
}

void commands_ask(struct commands *commands, struct process_id process, bool has_workload)
{
    ask(commands, (struct question){ process, has_workload });
}

/* Lanes that were lost and have come back after all make room for others. */
static void reap_lost(struct commands *commands)
{
    size_t kept = 0;
    for (size_t i = 0; i < commands->lost_count; i++)
        if (job_stage(commands->lost[i]) == JOB_DONE)
            job_release(commands->lost[i]);
        else
            commands->lost[kept++] = commands->lost[i];
    commands->lost_count = kept;
}

/* Under the lane's mutex. */
static void take_answers(struct commands *commands, struct lane *lane)
{
    for (size_t i = 0; i < lane->answers.count; i++)
        add_answer(&commands->ready, lane->answers.rows[i].process, lane->answers.rows[i].command);
    lane->answers.count = 0;
}

/* Ends the lane if it is stuck, and leaves its thread behind; *ret_rest is what it was at and what
 * it had not come to. */
static bool abandon_stuck(struct commands *commands, uint64_t now_ns, struct questions *ret_rest)
{
    struct lane *lane = commands->lane;
    uint64_t patience_ns = COMMANDS_PATIENCE_MS * CLOCK_NS_PER_MS;
    pthread_mutex_lock(&lane->mutex);
    lane->is_over = lane->is_busy && now_ns > lane->since_ns + patience_ns;
    bool is_stuck = lane->is_over;
    if (is_stuck) {
        take_answers(commands, lane);
        *ret_rest = lane->questions;
        lane->questions = (struct questions){ 0 };
    }
    pthread_mutex_unlock(&lane->mutex);
    if (is_stuck) {
        commands->lost[commands->lost_count++] = commands->job;
        commands->lane = NULL;
        commands->job = NULL;
    }
    return is_stuck;
}

void commands_check(struct commands *commands, uint64_t now_ns)
{
    struct questions rest;
    reap_lost(commands);
    if (!commands->lane || !abandon_stuck(commands, now_ns, &rest))
        return;
    give_up(commands, rest.rows[rest.next++].process);
    while (rest.next < rest.count)
        ask(commands, rest.rows[rest.next++]);
    free(rest.rows);
}

/* Waits for no longer than the lane may take for what it is at; true: there is nothing left to wait
 * for. */
static bool await_lane(struct lane *lane, uint64_t deadline_ns)
{
    pthread_mutex_lock(&lane->mutex);
    uint64_t patience_ns = COMMANDS_PATIENCE_MS * CLOCK_NS_PER_MS + 1;
    uint64_t until_ns = (lane->is_busy ? lane->since_ns : clock_mono_ns()) + patience_ns;
    bool is_idle = lane->questions.next == lane->questions.count;
    if (!is_idle)
        cond_wait_until(&lane->answered, &lane->mutex, MIN_OF(until_ns, deadline_ns));
    pthread_mutex_unlock(&lane->mutex);
    return is_idle;
}

void commands_wait(struct commands *commands, uint64_t deadline_ns)
{
    uint64_t now_ns = clock_mono_ns();
    while (commands->lane && now_ns < deadline_ns && !await_lane(commands->lane, deadline_ns)) {
        now_ns = clock_mono_ns();
        commands_check(commands, now_ns);
    }
}

bool commands_take(struct commands *commands, struct commands_answer *ret_answer)
{
    if (commands->taken == commands->ready.count) {
        commands->taken = commands->ready.count = 0;
        if (commands->lane) {
            pthread_mutex_lock(&commands->lane->mutex);
            take_answers(commands, commands->lane);
            pthread_mutex_unlock(&commands->lane->mutex);
        }
    }
    if (commands->taken == commands->ready.count)
        return false;
    *ret_answer = commands->ready.rows[commands->taken++];
    return true;
}

/* Lets go of the lane; true if its thread has ended. */
static bool close_lane(struct commands *commands)
{
    if (!commands->lane)
        return true;
    pthread_mutex_lock(&commands->lane->mutex);
    commands->lane->is_over = true;
    unsigned patience_ms = commands->lane->is_busy ? CLOSE_BUSY_MS : CLOSE_IDLE_MS;
    pthread_cond_signal(&commands->lane->moved);
    pthread_mutex_unlock(&commands->lane->mutex);
    job_wait(commands->job, JOB_DONE, clock_mono_ns() + patience_ms * CLOCK_NS_PER_MS);
    return job_release(commands->job);
}

bool commands_free(struct commands *commands)
{
    if (!commands)
        return true;
    bool is_clean = close_lane(commands);
    for (size_t i = 0; i < commands->lost_count; i++)
        is_clean &= job_release(commands->lost[i]);
    free_answers(&commands->ready, commands->taken);
    free(commands->root);
    free(commands);
    return is_clean;
}
