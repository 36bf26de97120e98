/*
 * A program that forks again and again while its threads are in calls and its collector samples.
 * Each child makes the session its own, uses all of it, closes it and exits 0; the parent goes on
 * as if nothing had been. Every fourth child forgets nvitop_session_after_fork, and every fifth is
 * forked from within the collector's own callback.
 *
 * usage: forks LIBRARY COUNT
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

enum { CHILD_SECONDS = 30, OWN_THREADS = 2 }; /* the session's reader of command lines, too */

struct program {
    struct nvitop_session *session;
    struct nvitop_device *device;
    struct nvitop_collector *collector;
    atomic_bool is_over;
    atomic_long rounds[4];
    bool has_forked; /* the callback of the main thread only */
    long number;     /* of the fork that is due */
};

static void read_device(struct program *program)
{
    static const int ids[] = { NVITOP_DEV_UUID, NVITOP_DEV_TEMPERATURE, NVITOP_DEV_MEMORY_USED };
    struct nvitop_value values[LEN(ids)];
    GOES_WELL(nvitop_device_read(program->device, ids, LEN(ids), values));
    NEED(values[0].kind == NVITOP_TEXT && values[1].kind == NVITOP_INT);
    need_whole(&values[2]);
}

static void take_snapshot(struct program *program)
{
    struct nvitop_snapshot *snapshot;
    GOES_WELL(nvitop_snapshot_take(program->session, NULL, &snapshot));
    NEED(need_whole_snapshot(snapshot, NVITOP_CONDITION_OK) > 0);
    nvitop_snapshot_unref(snapshot);
}

static void ignore(void *arg, const char *key, double value)
{
    (void)arg;
    (void)key;
    (void)value;
}

static void collect(struct program *program)
{
    GOES_WELL(nvitop_collector_collect(program->collector, ignore, NULL));
}

static void list_processes(struct program *program)
{
    struct nvitop_process rows[64];
    size_t count;
    GOES_WELL(nvitop_device_processes(program->device, rows, sizeof(*rows), LEN(rows), &count));
}

/* ---- the parent's threads ---- */

static void (*const roles[])(struct program *program) = { read_device, take_snapshot, collect,
                                                          list_processes };

struct member {
    struct program *program;
    size_t role;
};

static void *run_member(void *arg)
{
    struct member *member = arg;
    while (!atomic_load(&member->program->is_over)) {
        roles[member->role](member->program);
        atomic_fetch_add(&member->program->rounds[member->role], 1);
    }
    return NULL;
}

/* ---- a child ---- */

static void use_parents_collector(struct program *program)
{
    GIVES(NVITOP_ESTATE, nvitop_collector_collect(program->collector, ignore, NULL));
    GOES_WELL(nvitop_collector_activate(program->collector, "child"));
    collect(program);
    GOES_WELL(nvitop_collector_deactivate(program->collector, "child"));
    nvitop_collector_free(program->collector);
}

static void use_own_collector(struct program *program)
{
    GOES_WELL(nvitop_collector_new(program->session, NULL, &program->collector));
    GOES_WELL(nvitop_collector_activate(program->collector, "own"));
    GOES_WELL(nvitop_collector_sample(program->collector));
    collect(program);
    nvitop_collector_free(program->collector);
}

static void be_child(struct program *program)
{
    struct nvitop_device *again;
    alarm(CHILD_SECONDS); /* a child that is stuck ends by it, and the parent sees that */
    if (program->number % 4 != 3)
        GOES_WELL(nvitop_session_after_fork(program->session));
    read_device(program);
    take_snapshot(program);
    list_processes(program);
    GOES_WELL(
        nvitop_device_by_index(program->session, nvitop_device_index(program->device), &again));
    NEED(again == program->device);
    use_parents_collector(program);
    use_own_collector(program);
    NEED(threads_fall_to(OWN_THREADS, 10));
    nvitop_session_close(program->session);
    exit(0);
}

/* ---- the parent ---- */

static void fork_once(struct program *program)
{
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    NEED(pid >= 0);
    if (pid == 0)
        be_child(program);
    NEED(waitpid(pid, &status, 0) == pid);
    need(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child exits 0", status, __FILE__,
         __LINE__);
}

static void fork_in_callback(void *arg, const char *key, double value)
{
    struct program *program = arg;
    (void)key;
    (void)value;
    if (!program->has_forked)
        fork_once(program);
    program->has_forked = true;
}

static void fork_somehow(struct program *program, long number)
{
    program->number = number;
    program->has_forked = false;
    if (number % 5 == 4)
        GOES_WELL(nvitop_collector_collect(program->collector, fork_in_callback, program));
    else
        fork_once(program);
    NEED(program->has_forked == (number % 5 == 4));
}

static void open_program(struct program *program, const char *library)
{
    struct nvitop_collector_options options;
    struct nvitop_index first = { 0, -1 };
    program->session = open_session(library, 0, 0);
    GOES_WELL(nvitop_device_by_index(program->session, first, &program->device));
    nvitop_collector_options_init(&options);
    options.interval = 0.002;
    GOES_WELL(nvitop_collector_new(program->session, &options, &program->collector));
    GOES_WELL(nvitop_collector_activate(program->collector, "parent"));
}

int main(int argc, char **argv)
{
    static struct program program;
    struct member members[LEN(roles)];
    NEED(argc == 3);
    open_program(&program, argv[1]);
    for (size_t i = 0; i < LEN(roles); i++) {
        members[i] = (struct member){ &program, i };
        start_thread(run_member, &members[i]);
    }
    for (long i = 0; i < strtol(argv[2], NULL, 10); i++)
        fork_somehow(&program, i);
    atomic_store(&program.is_over, true);
    join_threads();
    for (size_t i = 0; i < LEN(roles); i++)
        NEED(program.rounds[i] > 10);
    GOES_WELL(nvitop_collector_deactivate(program.collector, "parent"));
    nvitop_collector_free(program.collector);
    NEED(threads_fall_to(OWN_THREADS, 10));
    nvitop_session_close(program.session);
    return 0;
}
