/*
 * A driver that never answers, or far too late. What has a deadline keeps it, closing too, and the
 * program can end.
 *
 * usage: silent CASE LIBRARY
 *   opening   nvmlInit never returns: opening gives up, closing does not wait
 *   patient   the same, closed while a thread still waits for the opening
 *   lookup    the handle of GPU 0 is never given
 *   call      a call of GPU 0 never returns: everybody else goes on
 *   slow      all GPUs take so long that one after the other would be too late
 *   late      the same call comes back seconds after the session was closed
 */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stress.h"

static const int stuck_metric = NVITOP_DEV_TEMPERATURE;

/* What a busy machine, and a sanitizer, may add to a deadline. */
static const double slack_s = 1.5, close_s = 3, read_s = 0.5;
enum { OPEN_MS = 400, READ_MS = 500, FIRST_MS = 20000, SLOW_MS = 2000 };

struct stuck {
    struct nvitop_session *session;
    struct nvitop_device *device;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_inside, is_back;
    int status;
};

static void tell(struct stuck *stuck, bool *flag)
{
    pthread_mutex_lock(&stuck->mutex);
    *flag = true;
    pthread_cond_broadcast(&stuck->changed);
    pthread_mutex_unlock(&stuck->mutex);
}

static void await(struct stuck *stuck, const bool *flag)
{
    pthread_mutex_lock(&stuck->mutex);
    while (!*flag)
        pthread_cond_wait(&stuck->changed, &stuck->mutex);
    pthread_mutex_unlock(&stuck->mutex);
}

static void need_took(double since, double least, double most)
{
    double took = now() - since;
    need(took >= least - 0.05 && took <= most + slack_s, "a deadline is kept (ms)",
         lround(took * 1e3), __FILE__, __LINE__);
}

static void close_with_stuck_thread(struct nvitop_session *session)
{
    double start = now();
    nvitop_session_close(session);
    need_took(start, 0, close_s);
}

/* ---- opening ---- */

static void set_options(struct nvitop_options *options, const char *library, uint32_t open_ms)
{
    nvitop_options_init(options);
    options->nvml_path = library;
    options->open_timeout_ms = open_ms;
    options->read_timeout_ms = READ_MS;
}

static void play_opening(const char *library)
{
    struct nvitop_options options;
    struct nvitop_session *session = NULL;
    struct nvitop_snapshot *snapshot = NULL;
    struct nvitop_failure failure = { .size = sizeof(failure) };
    uint32_t gpus = 77;
    double start = now();
    set_options(&options, library, OPEN_MS);
    GIVES(NVITOP_ETIMEOUT, nvitop_session_open(&options, &session));
    NEED(!session);
    need_took(start, OPEN_MS / 1e3, OPEN_MS / 1e3 + close_s);
    options.flags = NVITOP_OPEN_LAZY;
    GOES_WELL(nvitop_session_open(&options, &session));
    start = now();
    GIVES(NVITOP_ETIMEOUT, nvitop_session_status(session));
    need_took(start, OPEN_MS / 1e3, OPEN_MS / 1e3);
    start = now();
    GIVES(NVITOP_ETIMEOUT, nvitop_device_count(session, &gpus));
    GIVES(NVITOP_ETIMEOUT, nvitop_snapshot_take(session, NULL, &snapshot));
    need_took(start, 0, 0); /* the thread that is with the driver is known by now */
    NEED(gpus == 77 && !snapshot);
    GOES_WELL(nvitop_session_failure(session, &failure));
    NEED(failure.status == NVITOP_ETIMEOUT && failure.text[0]);
    close_with_stuck_thread(session);
}

static void *ask_status(void *arg)
{
    struct stuck *stuck = arg;
    tell(stuck, &stuck->is_inside);
    stuck->status = nvitop_session_status(stuck->session);
    tell(stuck, &stuck->is_back);
    return NULL;
}

static void play_patient(const char *library)
{
    static struct stuck stuck = { .mutex = PTHREAD_MUTEX_INITIALIZER,
                                  .changed = PTHREAD_COND_INITIALIZER };
    struct nvitop_options options;
    long threads = thread_count();
    pthread_t thread;
    set_options(&options, library, 0);
    options.flags = NVITOP_OPEN_LAZY;
    GOES_WELL(nvitop_session_open(&options, &stuck.session));
    NEED(pthread_create(&thread, NULL, ask_status, &stuck) == 0);
    pthread_detach(thread);
    while (thread_count() < threads + 2) /* it, and the one that is with the driver */
        ;
    close_with_stuck_thread(stuck.session);
}

/* ---- one GPU ---- */

static void *read_stuck(void *arg)
{
    struct stuck *stuck = arg;
    struct nvitop_value value;
    tell(stuck, &stuck->is_inside);
    stuck->status = nvitop_device_read(stuck->device, &stuck_metric, 1, &value);
    tell(stuck, &stuck->is_back);
    return NULL;
}

/* Until the simulator's log says that the call is out. */
static void await_call(const char *function)
{
    char line[256];
    const char *log = "calls"; /* in the working folder, by NVITOP_SIM_LOG */
    bool is_out = false;
    while (!is_out) {
        FILE *file = fopen(log, "re");
        NEED(file);
        while (!is_out && fgets(line, sizeof(line), file))
            is_out = strncmp(line, function, strlen(function)) == 0;
        fclose(file);
    }
}

static void need_conditions(struct nvitop_session *session, int first)
{
    struct nvitop_snapshot *snapshot;
    double start = now();
    GOES_WELL(nvitop_snapshot_take(session, NULL, &snapshot));
    need_took(start, 0, read_s);
    for (size_t i = 0; i < nvitop_snapshot_device_count(snapshot); i++) {
        struct nvitop_device_row row = { .size = sizeof(row) };
        GOES_WELL(nvitop_snapshot_device(snapshot, i, &row));
        NEED(row.condition == (i == 0 ? first : NVITOP_CONDITION_OK));
    }
    need_whole_snapshot(snapshot, first);
    nvitop_snapshot_unref(snapshot);
}

static void ignore(void *arg, const char *key, double value)
{
    (void)value;
    bool *saw_other = arg;
    *saw_other = *saw_other || strstr(key, "/gpu:1/");
}

static void need_collecting(struct nvitop_session *session)
{
    struct nvitop_collector *collector;
    bool saw_other = false;
    GOES_WELL(nvitop_collector_new(session, NULL, &collector));
    double start = now();
    GOES_WELL(nvitop_collector_activate(collector, "beside"));
    need_took(start, 0, 0);
    GOES_WELL(nvitop_collector_collect(collector, ignore, &saw_other));
    NEED(saw_other);
    start = now();
    GOES_WELL(nvitop_collector_deactivate(collector, NULL));
    need_took(start, 0, close_s);
    nvitop_collector_free(collector);
}

static void need_others(struct nvitop_session *session)
{
    struct nvitop_index second = { 1, -1 };
    struct nvitop_device *device, *chosen[8];
    struct nvitop_select select;
    struct nvitop_value value;
    size_t count;
    double start = now();
    GOES_WELL(nvitop_device_by_index(session, second, &device));
    GOES_WELL(nvitop_device_read(device, &stuck_metric, 1, &value));
    NEED(value.kind == NVITOP_INT);
    nvitop_select_init(&select);
    select.min_free_bytes = 1;
    GOES_WELL(nvitop_select_run(session, &select, NULL, 0, chosen, LEN(chosen), &count));
    NEED(count >= 1 && chosen[0] == device);
    need_took(start, 0, 2 * read_s);
}

static void play_lookup(const char *library)
{
    struct nvitop_session *session = open_session(library, OPEN_MS, READ_MS);
    struct nvitop_snapshot *snapshot;
    double start = now();
    GOES_WELL(nvitop_snapshot_take(session, NULL, &snapshot));
    need_took(start, 0, OPEN_MS / 1e3 + read_s);
    nvitop_snapshot_unref(snapshot);
    need_conditions(session, NVITOP_CONDITION_NOT_RESPONDING);
    need_others(session);
    close_with_stuck_thread(session);
}

static void start_stuck(struct stuck *stuck, const char *library)
{
    struct nvitop_index first = { 0, -1 };
    pthread_t thread;
    stuck->session = open_session(library, FIRST_MS, READ_MS);
    GOES_WELL(nvitop_device_by_index(stuck->session, first, &stuck->device));
    NEED(pthread_create(&thread, NULL, read_stuck, stuck) == 0);
    pthread_detach(thread);
    await(stuck, &stuck->is_inside);
    await_call("nvmlDeviceGetTemperature");
}

static void play_call(const char *library)
{
    static struct stuck stuck = { .mutex = PTHREAD_MUTEX_INITIALIZER,
                                  .changed = PTHREAD_COND_INITIALIZER };
    struct nvitop_value value = { 0 };
    start_stuck(&stuck, library);
    need_conditions(stuck.session, NVITOP_CONDITION_NOT_RESPONDING);
    need_others(stuck.session);
    need_collecting(stuck.session);
    GOES_WELL(nvitop_device_read(stuck.device, &stuck_metric, 1, &value));
    NEED(value.kind == NVITOP_NA && value.why == NVITOP_WHY_NOT_RESPONDING);
    close_with_stuck_thread(stuck.session);
    NEED(!stuck.is_back);
}

/* Once with the looking up of handles, which is done at once for all, and once without. */
static void play_slow(const char *library)
{
    struct nvitop_session *session = open_session(library, FIRST_MS, SLOW_MS);
    for (int i = 0; i < 2; i++) {
        struct nvitop_snapshot *snapshot;
        GOES_WELL(nvitop_snapshot_take(session, NULL, &snapshot));
        NEED(nvitop_snapshot_device_count(snapshot) == 2);
        NEED(need_whole_snapshot(snapshot, NVITOP_CONDITION_OK) == 2);
        nvitop_snapshot_unref(snapshot);
    }
    nvitop_session_close(session);
}

/* What the thread uses is there when it comes back, and it is told something. */
static void play_late(const char *library)
{
    static struct stuck stuck = { .mutex = PTHREAD_MUTEX_INITIALIZER,
                                  .changed = PTHREAD_COND_INITIALIZER };
    start_stuck(&stuck, library);
    close_with_stuck_thread(stuck.session);
    await(&stuck, &stuck.is_back);
    NEED(stuck.status == NVITOP_OK || is_driver_trouble(stuck.status));
}

/* ---- which ---- */

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*play)(const char *library);
    } cases[] = {
        { "opening", play_opening }, { "patient", play_patient }, { "lookup", play_lookup },
        { "call", play_call },       { "slow", play_slow },       { "late", play_late },
    };
    size_t at = 0;
    NEED(argc == 3);
    while (at < LEN(cases) && strcmp(argv[1], cases[at].name) != 0)
        at++;
    NEED(at < LEN(cases));
    cases[at].play(argv[2]);
    NEED(puts("closed") >= 0 && fflush(stdout) == 0);
    return 0;
}
