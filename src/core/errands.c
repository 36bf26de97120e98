/*
 * Errands. Reading an environment may get stuck, so a lane reads and a minder waits for it, no
 * longer than the deadline; signals are sent by one thread that ends when there are none left, so
 * they keep their order.
 *
 * Invariants: everything but the options is touched under the mutex only. The object lives until
 * its owner and every thread have let go of it; `busy` counts those that will come back for sure,
 * `lanes` those that may not.
 */
#include "core/errands.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/cond.h"
#include "core/worker.h"
#include "host/host.h"

/* Signals to be sent, and what came of it. */
struct order {
    struct order *next;
    struct signal_report report;
};

struct queue {
    struct order *first, **end;
};

struct errands {
    struct errands_options options;
    char *procfs;
    pthread_mutex_t mutex;
    pthread_cond_t came_back;
    int holders, busy, lanes;
    bool is_closed;
    uint64_t question; /* number of the newest */
    struct source_environ *environment;
    bool is_sending;
    struct queue orders, reports;
};

static void queue_push(struct queue *queue, struct order *order)
{
    order->next = NULL;
    *(queue->first ? queue->end : &queue->first) = order;
    queue->end = &order->next;
}

static struct order *queue_pop(struct queue *queue)
{
    struct order *order = queue->first;
    if (order)
        queue->first = order->next;
    return order;
}

static void queue_clear(struct queue *queue)
{
    for (struct order *order; (order = queue_pop(queue));)
        free(order);
}

struct errands *errands_new(const struct errands_options *options)
{
    struct errands *errands = xcalloc(1, sizeof(*errands));
    errands->options = *options;
    errands->procfs = options->procfs ? xstrdup(options->procfs) : NULL;
    errands->holders = 1;
    pthread_mutex_init(&errands->mutex, NULL);
    cond_init(&errands->came_back);
    return errands;
}

static void let_go(struct errands *errands)
{
    pthread_mutex_lock(&errands->mutex);
    bool is_last = --errands->holders == 0;
    pthread_mutex_unlock(&errands->mutex);
    if (!is_last)
        return;
    queue_clear(&errands->orders);
    queue_clear(&errands->reports);
    source_environ_free(errands->environment);
    pthread_cond_destroy(&errands->came_back);
    pthread_mutex_destroy(&errands->mutex);
    free(errands->procfs);
    free(errands);
}

bool errands_free(struct errands *errands, uint64_t deadline_ns)
{
    if (!errands)
        return true;
    pthread_mutex_lock(&errands->mutex);
    errands->is_closed = true;
    while (errands->busy + errands->lanes > 0)
        if (!cond_wait_until(&errands->came_back, &errands->mutex, deadline_ns))
            break;
    bool is_clean = errands->busy + errands->lanes == 0;
    pthread_mutex_unlock(&errands->mutex);
    let_go(errands);
    return is_clean;
}

/* One of the threads counted in *ret_count has come back. */
static void come_back(struct errands *errands, int *ret_count)
{
    pthread_mutex_lock(&errands->mutex);
    --*ret_count;
    pthread_cond_broadcast(&errands->came_back);
    pthread_mutex_unlock(&errands->mutex);
}

/* Under the mutex: so the owner can be sure of quiet once it has closed. */
static void notify(const struct errands *errands)
{
    if (!errands->is_closed && errands->options.notify)
        errands->options.notify(errands->options.arg);
}

/* ---- environments ---- */

/* A question, as its lane and its minder see it. */
struct reading {
    struct errands *errands;
    struct process_id process;
    uint64_t question;
    struct source_environ *environment; /* the lane's, until it has come back */
};

static struct reading *reading_new(struct errands *errands, struct process_id process,
                                   uint64_t question)
{
    struct reading *reading = xcalloc(1, sizeof(*reading));
    *reading = (struct reading){ errands, process, question, NULL };
    pthread_mutex_lock(&errands->mutex);
    errands->holders++;
    pthread_mutex_unlock(&errands->mutex);
    return reading;
}

static void reading_free(void *arg)
{
    struct reading *reading = arg;
    source_environ_free(reading->environment);
    let_go(reading->errands);
    free(reading);
}

static struct source_environ *environ_new(struct process_id process, enum nvitop_why why)
{
    struct source_environ *environment = xcalloc(1, sizeof(*environment));
    environment->process = process;
    environment->why = value_na(why);
    return environment;
}

static void read_environ(const char *root, pid_t pid, struct source_environ *environment)
{
    host_environ_read_blocking(root, pid, &environment->arena, &environment->pairs,
                               &environment->count, &environment->why);
}

/* The start time is compared afterwards: whatever was read before is then that process's. */
static struct source_environ *read_other(const char *root, struct process_id process)
{
    struct source_environ *environment = environ_new(process, NVITOP_WHY_HOST_PID);
    pid_t pid = process.pid <= INT32_MAX ? (pid_t)process.pid : 0;
    if (process.start_ticks)
        read_environ(root, pid, environment);
    uint64_t start_ticks = host_start_ticks(root, pid);
    if (start_ticks && (start_ticks == process.start_ticks || !process.start_ticks))
        return environment;
    source_environ_free(environment);
    return environ_new(process, NVITOP_WHY_GONE);
}

static void run_lane(struct job *job, void *arg)
{
    (void)job;
    struct reading *reading = arg;
    struct errands *errands = reading->errands;
    if (reading->process.pid == 0) {
        reading->environment = environ_new(reading->process, NVITOP_WHY_NONE);
        read_environ(NULL, getpid(), reading->environment);
    } else {
        reading->environment = read_other(errands->procfs, reading->process);
    }
    come_back(errands, &errands->lanes);
}

static void publish(struct errands *errands, uint64_t question, struct source_environ *environment)
{
    pthread_mutex_lock(&errands->mutex);
    if (question == errands->question) {
        source_environ_free(errands->environment);
        errands->environment = environment;
        environment = NULL;
        notify(errands);
    }
    pthread_mutex_unlock(&errands->mutex);
    source_environ_free(environment); /* a later question has been asked */
}

/* What a lane of its own has read in time, or that it has not. */
static struct source_environ *wait_for_lane(struct reading *question)
{
    struct errands *errands = question->errands;
    unsigned patience_ms =
        errands->options.environ_ms ? errands->options.environ_ms : ERRANDS_ENVIRON_MS;
    struct reading *reading = reading_new(errands, question->process, question->question);
    struct source_environ *environment = NULL;
    struct job *lane = job_start(run_lane, reading_free, reading);
    if (!lane) {
        come_back(errands, &errands->lanes);
        reading_free(reading);
        return environ_new(question->process, NVITOP_WHY_ERROR);
    }
    if (job_wait(lane, JOB_DONE, clock_mono_ns() + patience_ms * CLOCK_NS_PER_MS)) {
        environment = reading->environment;
        reading->environment = NULL;
    }
    job_release(lane);
    return environment ? environment : environ_new(question->process, NVITOP_WHY_NOT_RESPONDING);
}

static bool take_lane(struct errands *errands)
{
    pthread_mutex_lock(&errands->mutex);
    bool is_free = errands->lanes < JOB_LANES_MAX;
    errands->lanes += is_free;
    pthread_mutex_unlock(&errands->mutex);
    return is_free;
}

static void run_minder(struct job *job, void *arg)
{
    (void)job;
    struct reading *question = arg;
    struct errands *errands = question->errands;
    struct source_environ *environment =
        take_lane(errands) ? wait_for_lane(question)
                           : environ_new(question->process, NVITOP_WHY_NOT_RESPONDING);
    publish(errands, question->question, environment);
    come_back(errands, &errands->busy);
}

int errands_ask_environ(struct errands *errands, struct process_id process)
{
    pthread_mutex_lock(&errands->mutex);
    uint64_t question = ++errands->question;
    source_environ_free(errands->environment);
    errands->environment = NULL;
    errands->busy++;
    pthread_mutex_unlock(&errands->mutex);
    struct reading *reading = reading_new(errands, process, question);
    struct job *minder = job_start(run_minder, reading_free, reading);
    if (!minder) {
        reading_free(reading);
        come_back(errands, &errands->busy);
        return NVITOP_EUNKNOWN;
    }
    job_release(minder);
    return NVITOP_OK;
}

struct source_environ *errands_take_environ(struct errands *errands)
{
    pthread_mutex_lock(&errands->mutex);
    struct source_environ *environment = errands->environment;
    errands->environment = NULL;
    pthread_mutex_unlock(&errands->mutex);
    return environment;
}

void source_environ_free(struct source_environ *environment)
{
    if (!environment)
        return;
    arena_done(&environment->arena);
    free(environment);
}

/* ---- signals ---- */

static void send_all(const struct errands *errands, struct signal_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        struct signal_verdict *verdict = &report->verdicts[i];
        struct process_id process = verdict->process;
        if (!errands->options.has_signals)
            verdict->status = NVITOP_ENOTSUP;
        else if (process.pid > INT32_MAX)
            verdict->status = NVITOP_EGONE;
        else
            verdict->status = host_signal(errands->procfs, (pid_t)process.pid, process.start_ticks,
                                          report->signal);
    }
}

/* The next order; NULL: the sender may end, and the next order needs another. */
static struct order *next_order(struct errands *errands)
{
    pthread_mutex_lock(&errands->mutex);
    struct order *order = queue_pop(&errands->orders);
    errands->is_sending = order != NULL;
    pthread_mutex_unlock(&errands->mutex);
    return order;
}

static void run_sender(struct job *job, void *arg)
{
    (void)job;
    struct errands *errands = arg;
    for (struct order *order; (order = next_order(errands));) {
        send_all(errands, &order->report);
        pthread_mutex_lock(&errands->mutex);
        queue_push(&errands->reports, order);
        notify(errands);
        pthread_mutex_unlock(&errands->mutex);
    }
    come_back(errands, &errands->busy);
}

static void sender_free(void *arg)
{
    let_go(arg);
}

static int start_sender(struct errands *errands)
{
    struct job *sender = job_start(run_sender, sender_free, errands);
    if (sender) {
        job_release(sender);
        return NVITOP_OK;
    }
    pthread_mutex_lock(&errands->mutex);
    errands->is_sending = false;
    queue_clear(&errands->orders);
    errands->holders--;
    pthread_mutex_unlock(&errands->mutex);
    come_back(errands, &errands->busy);
    return NVITOP_EUNKNOWN;
}

int errands_send_signal(struct errands *errands, int signal, const struct process_id *targets,
                        size_t count)
{
    if (count > SIGNAL_TARGETS_MAX)
        return NVITOP_ETOOBIG;
    struct order *order = xcalloc(1, sizeof(*order));
    order->report = (struct signal_report){ .signal = signal, .count = count };
    for (size_t i = 0; i < count; i++)
        order->report.verdicts[i].process = targets[i];
    pthread_mutex_lock(&errands->mutex);
    queue_push(&errands->orders, order);
    bool is_idle = !errands->is_sending;
    errands->is_sending = true;
    errands->busy += is_idle;
    errands->holders += is_idle;
    pthread_mutex_unlock(&errands->mutex);
    return is_idle ? start_sender(errands) : NVITOP_OK;
}

bool errands_take_verdicts(struct errands *errands, struct signal_report *ret_report)
{
    pthread_mutex_lock(&errands->mutex);
    struct order *order = queue_pop(&errands->reports);
    pthread_mutex_unlock(&errands->mutex);
    if (!order)
        return false;
    *ret_report = order->report;
    free(order);
    return true;
}
