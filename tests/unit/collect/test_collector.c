/*
 * The collector over a stand-in for a session, whose clock, answers and troubles the test decides.
 * Samples of the sampler wait at a gate while it is closed, so that a test says which come when.
 */
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases.h"
#include "collect/collector.h"
#include "core/snapshot.h"

enum { PATIENCE_MS = 20000, BRIEF_MS = 30 };

struct stand_in {
    _Atomic uint64_t now_ns;
    atomic_int takes, value; /* samples begun; the figure that all metrics have */
    atomic_int hosts;        /* how often the host was asked */
    atomic_bool has_no_driver;
    atomic_bool is_gated; /* samples of other threads than `owner` wait at the gate */
    pthread_t owner;
    int came[2], gate[2], freed[2];
};

static void say(int pipe_end)
{
    if (write(pipe_end, "x", 1) != 1)
        abort();
}

static void hear(int pipe_end)
{
    char byte;
    struct pollfd fd = { .fd = pipe_end, .events = POLLIN };
    if (poll(&fd, 1, PATIENCE_MS) != 1 || read(pipe_end, &byte, 1) != 1)
        abort();
}

static bool is_silent(int pipe_end)
{
    struct pollfd fd = { .fd = pipe_end, .events = POLLIN };
    return poll(&fd, 1, 0) == 0;
}

static void fill(struct value *values, size_t count, int value)
{
    for (size_t i = 0; i < count; i++)
        values[i] = value_int(value);
}

/* GPU 0 with process 1. */
static struct snapshot *scene(int value)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->devices = arena_array(&snapshot->arena, 1, sizeof(*snapshot->devices));
    snapshot->devices[0].mig = -1;
    snapshot->processes = arena_array(&snapshot->arena, 1, sizeof(*snapshot->processes));
    snapshot->processes[0] = (struct snapshot_process){ .pid = 1, .start_ticks = 5 };
    snapshot->device_count = snapshot->process_count = 1;
    fill(snapshot->devices[0].values, NVITOP_DEV_COUNT, value);
    fill(snapshot->processes[0].values, NVITOP_PROC_COUNT, value);
    fill(snapshot->host, NVITOP_HOST_COUNT, value);
    return snapshot;
}

static int take(void *arg, struct snapshot **ret_snapshot)
{
    struct stand_in *stand_in = arg;
    atomic_fetch_add(&stand_in->takes, 1);
    if (atomic_load(&stand_in->is_gated) && !pthread_equal(pthread_self(), stand_in->owner)) {
        say(stand_in->came[1]);
        hear(stand_in->gate[0]);
    }
    if (atomic_load(&stand_in->has_no_driver))
        return NVITOP_ENOLIB;
    *ret_snapshot = scene(atomic_load(&stand_in->value));
    return NVITOP_OK;
}

static void host(void *arg, struct value values[NVITOP_HOST_COUNT])
{
    struct stand_in *stand_in = arg;
    atomic_fetch_add(&stand_in->hosts, 1);
    fill(values, NVITOP_HOST_COUNT, atomic_load(&stand_in->value));
}

static bool descends(void *arg, uint32_t pid, const int32_t *roots, size_t count)
{
    (void)arg;
    for (size_t i = 0; i < count; i++)
        if ((int32_t)pid == roots[i])
            return true;
    return false;
}

static uint64_t mono_ns(void *arg)
{
    return atomic_load(&((struct stand_in *)arg)->now_ns);
}

static uint64_t epoch_us(void *arg)
{
    return atomic_load(&((struct stand_in *)arg)->now_ns) / 1000 + UINT64_C(1700000000000000);
}

static void free_stand_in(void *arg)
{
    say(((struct stand_in *)arg)->freed[1]);
}

static void step(struct stand_in *stand_in, double seconds)
{
    atomic_fetch_add(&stand_in->now_ns, (uint64_t)(int64_t)(seconds * 1e9));
}

static struct collector *begin_so(struct stand_in *stand_in, double interval, bool is_gated,
                                  bool is_by_hand)
{
    static const int32_t roots[] = { ROOTS_ALL };
    *stand_in = (struct stand_in){ .owner = pthread_self() };
    atomic_init(&stand_in->is_gated, is_gated);
    atomic_init(&stand_in->now_ns, 1000 * CLOCK_NS_PER_S);
    atomic_init(&stand_in->value, 10);
    assert_int_equal(pipe(stand_in->came), 0);
    assert_int_equal(pipe(stand_in->gate), 0);
    assert_int_equal(pipe(stand_in->freed), 0);
    const struct collector_source source = { stand_in, take,     host,         descends,
                                             mono_ns,  epoch_us, free_stand_in };
    const struct collector_options options = {
        .roots = roots,
        .root_count = 1,
        .interval = interval,
        .patience_ms = PATIENCE_MS,
        .is_by_hand = is_by_hand,
    };
    return collector_new(&source, &options);
}

static struct collector *begin(struct stand_in *stand_in, double interval, bool is_gated)
{
    return begin_so(stand_in, interval, is_gated, false);
}

/* Takes the gate away, lets the sampler's sample through if one waits there, and frees everything.
 */
static void end(struct stand_in *stand_in, struct collector *collector)
{
    atomic_store(&stand_in->is_gated, false);
    say(stand_in->gate[1]);
    assert_true(collector_free(collector));
    hear(stand_in->freed[0]);
    for (size_t i = 0; i < 2; i++) {
        close(stand_in->came[i]);
        close(stand_in->gate[i]);
        close(stand_in->freed[i]);
    }
}

struct found {
    const char *key;
    size_t place; /* or the key that is at this place, from 1 */
    char *text;
    double value;
    size_t count;
};

static void look(void *arg, const char *key, double value)
{
    struct found *found = arg;
    found->count++;
    if (found->key && strcmp(key, found->key) == 0)
        found->value = value;
    if (found->count == found->place)
        found->text = xstrdup(key);
}

static int collect(struct collector *collector, result_emit_fn *emit, void *arg)
{
    struct result result = { 0 };
    int status = collector_collect(collector, &result);
    result_emit(&result, emit, arg);
    result_done(&result);
    return status;
}

/* -12345 if there is no such key. */
static double figure(struct collector *collector, const char *key)
{
    struct found found = { .key = key, .value = -12345 };
    assert_int_equal(collect(collector, look, &found), NVITOP_OK);
    return found.value;
}

static size_t key_count(struct collector *collector)
{
    struct found found = { 0 };
    assert_int_equal(collect(collector, look, &found), NVITOP_OK);
    return found.count;
}

/* ---- keys ---- */

static char *key_case(const char *input, size_t len)
{
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, INFINITY, true);
    struct found found = { .place = strtoul(input, NULL, 10) };
    (void)len;
    assert_int_equal(collector_activate(collector, "T"), NVITOP_OK);
    assert_int_equal(collect(collector, look, &found), NVITOP_OK);
    assert_int_equal(found.count, 100);
    end(&stand_in, collector);
    return found.text ? found.text : xstrdup("none");
}

static void a_hundred_keys(void **state)
{
    (void)state;
    assert_int_equal(cases_run("collector-keys", key_case), 0);
}

static void without_a_driver_there_is_the_host(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, INFINITY, true);
    atomic_store(&stand_in.has_no_driver, true);
    assert_int_equal(collector_activate(collector, "T"), NVITOP_OK);
    assert_int_equal(key_count(collector), 7 * 4 + 3);
    assert_true(figure(collector, "T/host/cpu_percent (%)/last") == 10);
    /* and when it comes, there is more */
    atomic_store(&stand_in.has_no_driver, false);
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    assert_int_equal(key_count(collector), 100);
    /* when it goes again, keys stay */
    atomic_store(&stand_in.has_no_driver, true);
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    assert_int_equal(key_count(collector), 100);
    end(&stand_in, collector);
}

/* ---- when samples are taken ---- */

static void the_first_collect_has_data(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 10, true);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    hear(stand_in.came[0]); /* the sampler's is on its way, and stays there */
    assert_int_equal(key_count(collector), 100);
    assert_int_equal(atomic_load(&stand_in.takes), 2);
    step(&stand_in, 5);
    assert_int_equal(key_count(collector), 100); /* half an interval old: fresh enough */
    assert_int_equal(atomic_load(&stand_in.takes), 2);
    step(&stand_in, 0.5);
    assert_int_equal(key_count(collector), 100);
    assert_int_equal(atomic_load(&stand_in.takes), 3);
    assert_int_equal(collector_activate(collector, "b"), NVITOP_OK); /* as fresh as can be */
    assert_int_equal(key_count(collector), 100);
    step(&stand_in, 0.5);
    assert_int_equal(collector_clear(collector, NULL), NVITOP_OK);
    assert_int_equal(key_count(collector), 3);
    end(&stand_in, collector);
}

static void the_sampler_samples(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 0.001, true);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    for (int i = 0; i < 5; i++) {
        hear(stand_in.came[0]);
        step(&stand_in, 1);
        atomic_fetch_add(&stand_in.value, 1);
        say(stand_in.gate[1]);
    }
    hear(stand_in.came[0]); /* the sixth: five are done */
    assert_true(figure(collector, "a/host/cpu_percent (%)/min") == 11);
    assert_true(figure(collector, "a/host/cpu_percent (%)/max") == 15);
    end(&stand_in, collector);
}

static void each_activation_has_a_sampler(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, INFINITY, true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
        assert_int_equal(collector_activate(collector, "b"), NVITOP_OK);
        hear(stand_in.came[0]);
        assert_true(is_silent(stand_in.came[0])); /* one for both */
        say(stand_in.gate[1]);
        assert_int_equal(collector_deactivate(collector, NULL), NVITOP_OK);
        assert_int_equal(collector_deactivate(collector, NULL), NVITOP_OK);
    }
    end(&stand_in, collector);
}

/* ---- by hand ---- */

static void by_hand_nothing_is_taken(void **state)
{
    (void)state;
    struct stand_in stand_in;
    const char *const names[] = { "mine" };
    struct collector *collector = begin_so(&stand_in, 2, false, true);
    assert_int_equal(collector_is_due(collector), NVITOP_ESTATE);
    assert_int_equal(collector_add(collector, 0, names, (const double[]){ 3 }, 1), NVITOP_OK);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    assert_int_equal(collector_is_due(collector), 1);
    assert_int_equal(key_count(collector), 3);
    step(&stand_in, 1);
    assert_int_equal(collector_add(collector, 1.5, names, (const double[]){ 4 }, 1), NVITOP_OK);
    assert_int_equal(key_count(collector), 3); /* begun before the window was opened */
    assert_int_equal(collector_is_due(collector), 1);
    assert_int_equal(collector_add(collector, 0.5, names, (const double[]){ 5 }, 1), NVITOP_OK);
    assert_int_equal(collector_is_due(collector), 0);
    assert_true(figure(collector, "a/mine/mean") == 5);
    step(&stand_in, 1.5);
    assert_int_equal(collector_is_due(collector), 1);
    assert_int_equal(atomic_load(&stand_in.takes), 0);
    /* what is missing in a sample of the library's own */
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    assert_int_equal(key_count(collector), 4 + 100);
    assert_true(figure(collector, "a/mine/last") == 5);
    assert_int_equal(collector_clear(collector, NULL), NVITOP_OK);
    assert_int_equal(key_count(collector), 3);
    assert_true(collector_end(collector, 0));
    assert_int_equal(collector_add(collector, 0, names, (const double[]){ 6 }, 1), NVITOP_ESTATE);
    end(&stand_in, collector);
}

/* ---- statuses ---- */

static void nothing(void *arg, const char *key, double value)
{
    (void)arg, (void)key, (void)value;
}

static void statuses(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, INFINITY, false);
    assert_int_equal(collect(collector, nothing, NULL), NVITOP_ESTATE);
    assert_int_equal(collector_deactivate(collector, NULL), NVITOP_OK);
    assert_int_equal(collector_deactivate(collector, "a"), NVITOP_ESTATE);
    assert_int_equal(collector_clear(collector, NULL), NVITOP_ESTATE);
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_EDUPLICATE);
    assert_int_equal(collector_activate(collector, "b"), NVITOP_OK);
    assert_int_equal(collector_deactivate(collector, "zz"), NVITOP_ENOTFOUND);
    assert_int_equal(collector_clear(collector, "zz"), NVITOP_ENOTFOUND);
    assert_int_equal(collector_deactivate(collector, "a"), NVITOP_OK); /* b lies inside */
    assert_int_equal(collect(collector, nothing, NULL), NVITOP_ESTATE);
    assert_int_equal(collector_activate(collector, "b"), NVITOP_OK);
    assert_true(collector_end(collector, UINT64_MAX));
    assert_int_equal(collect(collector, nothing, NULL), NVITOP_ESTATE);
    assert_int_equal(collector_activate(collector, "c"), NVITOP_ESTATE);
    assert_int_equal(collector_deactivate(collector, NULL), NVITOP_ESTATE);
    assert_int_equal(collector_clear(collector, NULL), NVITOP_ESTATE);
    assert_int_equal(collector_sample(collector), NVITOP_ESTATE);
    end(&stand_in, collector);
}

/* ---- trouble ---- */

static void set_patience(struct stand_in *stand_in, struct collector **collector, unsigned ms)
{
    static const int32_t roots[] = { ROOTS_ALL };
    const struct collector_source source = { stand_in, take,     host,         descends,
                                             mono_ns,  epoch_us, free_stand_in };
    const struct collector_options options = {
        .roots = roots, .root_count = 1, .interval = 1, .patience_ms = ms
    };
    collector_free(*collector);
    hear(stand_in->freed[0]);
    *collector = collector_new(&source, &options);
}

/* A sample that does not come back: whoever ends waits his time and no longer; what comes back
 * afterwards belongs to nobody. */
static void trap_11_a_stuck_sample_is_left_behind(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 1, true);
    set_patience(&stand_in, &collector, BRIEF_MS);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    hear(stand_in.came[0]);
    uint64_t before = clock_mono_ns();
    assert_int_equal(collector_deactivate(collector, "a"), NVITOP_OK);
    assert_true(clock_mono_ns() - before >= BRIEF_MS * CLOCK_NS_PER_MS);
    /* it can be used again, and has figures of its own */
    assert_int_equal(collector_activate(collector, "b"), NVITOP_OK);
    hear(stand_in.came[0]);
    atomic_store(&stand_in.value, 20);
    assert_true(figure(collector, "b/host/cpu_percent (%)/max") == 20);
    assert_false(collector_free(collector));
    assert_true(is_silent(stand_in.freed[0]));
    atomic_store(&stand_in.has_no_driver, true);
    say(stand_in.gate[1]);
    say(stand_in.gate[1]);
    hear(stand_in.freed[0]);                           /* by the last of the two that were stuck */
    assert_int_equal(atomic_load(&stand_in.hosts), 0); /* it has asked nothing more */
}

static void trap_35_suspended_for_an_hour(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 1, true);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(collector_sample(collector), NVITOP_OK);
        step(&stand_in, i == 1 ? 3600 : 1);
        atomic_store(&stand_in.value, i < 1 ? 10 : 90);
    }
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    /* 1 s from 10 to 10, an hour of nothing, 2 s of 90 */
    assert_true(fabs(figure(collector, "a/gpu:0/temperature (C)/mean") - (10 + 2 * 90) / 3.) <
                1e-9);
    assert_true(figure(collector, "a/duration (s)") == 3603);
    end(&stand_in, collector);
}

static void trap_35_a_clock_that_steps_back(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 1, true);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    step(&stand_in, 1);
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    step(&stand_in, -0.5);
    assert_int_equal(collector_sample(collector), NVITOP_OK);
    assert_true(figure(collector, "a/gpu:0/temperature (C)/mean") == 10);
    assert_true(figure(collector, "a/gpu:0/temperature (C)/min") == 10);
    end(&stand_in, collector);
}

/* ---- often, and many at once ---- */

static void ten_thousand_activations(void **state)
{
    (void)state;
    enum { TIMES = 10000 };
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 0.001, false);
    for (int i = 0; i < TIMES; i++) {
        assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
        while (i % 100 == 0 && atomic_load(&stand_in.takes) <= i / 100)
            sched_yield(); /* the others seldom leave the sampler the time for one */
        assert_int_equal(collector_deactivate(collector, i % 2 ? "a" : NULL), NVITOP_OK);
    }
    end(&stand_in, collector);
}

enum { THREADS = 8, ROUNDS = 200 };

struct crowd {
    struct collector *collector;
    atomic_int names;
};

static void *one_of_the_crowd(void *arg)
{
    struct crowd *crowd = arg;
    char tag[16];
    snprintf(tag, sizeof(tag), "t%d", atomic_fetch_add(&crowd->names, 1));
    for (int i = 0; i < ROUNDS; i++) {
        collector_activate(crowd->collector, tag);
        collect(crowd->collector, nothing, NULL);
        collector_sample(crowd->collector);
        collector_clear(crowd->collector, i % 3 ? NULL : tag);
        collector_deactivate(crowd->collector, tag);
    }
    return NULL;
}

static void many_threads(void **state)
{
    (void)state;
    struct stand_in stand_in;
    struct crowd crowd = { .collector = begin(&stand_in, 0.001, false) };
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, one_of_the_crowd, &crowd), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    collector_deactivate(crowd.collector, NULL);
    assert_int_equal(collect(crowd.collector, nothing, NULL), NVITOP_ESTATE);
    end(&stand_in, crowd.collector);
}

/* ---- forks ---- */

/* The thread sanitizer's hook: a child that starts threads is what is tested here. */
__attribute__((visibility("default"))) const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

/* The status that the child ends with: which check failed, 0 for none. */
static int child(struct stand_in *stand_in, struct collector *collector)
{
    struct found found = { 0 };
    atomic_store(&stand_in->is_gated, false);
    collector_after_fork(collector);
    if (collect(collector, nothing, NULL) != NVITOP_ESTATE)
        return 1;
    if (collector_activate(collector, "a") || collect(collector, look, &found))
        return 2;
    if (found.count != 100)
        return 3;
    if (collector_deactivate(collector, NULL))
        return 4;
    if (!collector_free(collector))
        return 5;
    hear(stand_in->freed[0]);
    return 0;
}

static void a_child_has_no_activation(void **state)
{
    (void)state;
    int status;
    struct stand_in stand_in;
    struct collector *collector = begin(&stand_in, 1, true);
    assert_int_equal(collector_activate(collector, "a"), NVITOP_OK);
    hear(stand_in.came[0]);
    pid_t pid = fork();
    if (pid == 0)
        _exit(child(&stand_in, collector));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(key_count(collector), 100);
    end(&stand_in, collector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_keys),
        cmocka_unit_test(without_a_driver_there_is_the_host),
        cmocka_unit_test(the_first_collect_has_data),
        cmocka_unit_test(the_sampler_samples),
        cmocka_unit_test(each_activation_has_a_sampler),
        cmocka_unit_test(by_hand_nothing_is_taken),
        cmocka_unit_test(statuses),
        cmocka_unit_test(trap_11_a_stuck_sample_is_left_behind),
        cmocka_unit_test(trap_35_suspended_for_an_hour),
        cmocka_unit_test(trap_35_a_clock_that_steps_back),
        cmocka_unit_test(ten_thousand_activations),
        cmocka_unit_test(many_threads),
        cmocka_unit_test(a_child_has_no_activation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
