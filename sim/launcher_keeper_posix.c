/*
 * The life of the keeper.
 *
 * The launcher's process becomes the command by exec, so that terminal, job control, signals and
 * exit status are the command's own and need no passing on. The keeper is forked twice (the
 * command must not find a child that it knows nothing of) and watches that process by a pidfd.
 *
 * The folder and the freezer are made by the keeper itself, once it is out of reach of the
 * terminal's signals: however early the launcher is killed, somebody is there to remove them.
 *
 * It ends everything in one way, whatever the reason: kill its children, adopt what they leave
 * (it is a subreaper) and kill that too, until no child is left; then remove the folder.
 */
#include "sim/launcher_keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/launcher_demo.h"
#include "sim/launcher_freezer.h"
#include "sim/launcher_place.h"
#include "sim/launcher_stub_pipe.h"
#include "sim/launcher_tree.h"

#define PROCESSES_FAIL "the scenario's processes don't start"

enum { START_TIMEOUT_MS = 30000, END_STEP_MS = 50, END_STEPS = 100, WATCH_STEP_MS = 200 };

struct keeper {
    const struct keeper_plan *plan;
    const struct demo_set *set;
    struct keeper_home home;
    pid_t launcher;
    int launcher_fd; /* pidfd; -1 where the kernel has none */
    int answer;      /* to the launcher: see answer_good */
    int signals;     /* signalfd */
    struct tree tree;
    pid_t *roots; /* children to reap */
    size_t root_count;
    int *pids; /* of each process of the set, 0 = not known yet */
};

/* Every descriptor but the standard ones and those that are kept: a pipe that the launcher's
 * caller waits on must not stay open here. */
static void close_others(const struct keeper *keeper)
{
    DIR *listing = opendir("/proc/self/fd");
    struct dirent *entry;
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        dup2(null, fd);
    while (listing && (entry = readdir(listing))) {
        int fd = atoi(entry->d_name);
        if (fd > STDERR_FILENO && fd != dirfd(listing) && fd != keeper->answer &&
            fd != keeper->signals && fd != keeper->home.place.lock)
            close(fd);
    }
    if (listing)
        closedir(listing);
}

/* From here on signals are read, when their time has come. A write that fails is noticed where it
 * is done. */
static void set_up_signals(struct keeper *keeper)
{
    static const int handled[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT };
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_LEN(handled); i++) {
        signal(handled[i], SIG_DFL);
        sigaddset(&set, handled[i]);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigprocmask(SIG_SETMASK, &set, NULL);
    keeper->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void set_up_process(struct keeper *keeper)
{
    close_others(keeper);
    if (chdir("/") < 0)
        _exit(1);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "nvitop-sim");
    keeper->launcher_fd = (int)syscall(SYS_pidfd_open, keeper->launcher, 0);
}

/* Reads the reports until every process has told its pid. */
static const char *await_reports(struct keeper *keeper, const char **ret_name)
{
    uint64_t end = clock_mono_ns() + START_TIMEOUT_MS * CLOCK_NS_PER_MS;
    struct pollfd poller = { .fd = keeper->tree.report_read, .events = POLLIN };
    for (size_t missing = keeper->set->count; missing;) {
        struct stub_report record;
        uint64_t now = clock_mono_ns();
        *ret_name = "";
        if (now >= end || poll(&poller, 1, (int)((end - now) / CLOCK_NS_PER_MS) + 1) == 0)
            return "they took more than half a minute";
        if (!(poller.revents & POLLIN) ||
            read(poller.fd, &record, sizeof(record)) != (ssize_t)sizeof(record) ||
            record.index >= keeper->set->count)
            continue;
        *ret_name = keeper->set->items[record.index].name;
        if (record.pid < 0)
            return strerror(-record.pid);
        missing -= keeper->pids[record.index] == 0;
        keeper->pids[record.index] = record.pid;
    }
    return NULL;
}

static const char *write_pids(const struct keeper *keeper)
{
    struct str text = { 0 };
    for (size_t i = 0; i < keeper->set->count; i++)
        str_printf(&text, "%s %d\n", keeper->set->items[i].name, keeper->pids[i]);
    bool is_written = place_write(&keeper->home.place, "pids", str_text(&text), text.len);
    str_done(&text);
    return is_written ? NULL : "the pid map cannot be written";
}

/* False: the launcher is not there to hear it. */
static bool answer(struct keeper *keeper, const struct str *text)
{
    bool is_heard = write(keeper->answer, str_text(text), text->len) == (ssize_t)text->len;
    close(keeper->answer);
    return is_heard;
}

/* A success begins with a NUL, then come the folder and the freezer, each with its NUL. */
static bool answer_good(struct keeper *keeper)
{
    struct str text = { 0 };
    const char *freezer = keeper->home.freezer ? keeper->home.freezer : "";
    str_append_char(&text, 0);
    str_append_bytes(&text, keeper->home.place.prefix, strlen(keeper->home.place.prefix) + 1);
    str_append_bytes(&text, freezer, strlen(freezer) + 1);
    bool is_heard = answer(keeper, &text);
    str_done(&text);
    return is_heard;
}

static bool start_all(struct keeper *keeper)
{
    const char *name = "", *why = NULL;
    if (tree_init(&keeper->tree, keeper->set) < 0) {
        why = "no descriptors for them";
    } else {
        tree_start(&keeper->tree, keeper->set->first_root, keeper->roots, &keeper->root_count);
        why = await_reports(keeper, &name);
    }
    if (!why && (why = write_pids(keeper)))
        name = "";
    if (!why)
        return answer_good(keeper);
    struct str text = { 0 };
    str_printf(&text, PROCESSES_FAIL ": %s%s%s", why, *name ? ": " : "", name);
    answer(keeper, &text);
    str_done(&text);
    return false;
}

/* Takes up those who ended, also children that we inherited from one who ended before. A zombie
 * that shall last is in neither list while its parent lives. */
static void reap(struct keeper *keeper)
{
    for (size_t i = 0; i < keeper->root_count; i++)
        if (keeper->roots[i] > 0 && waitpid(keeper->roots[i], NULL, WNOHANG) != 0)
            keeper->roots[i] = 0;
    for (size_t i = 0; i < keeper->set->count; i++)
        if (keeper->set->items[i].parent >= 0 && keeper->pids[i] > 0 &&
            waitpid(keeper->pids[i], NULL, WNOHANG) > 0)
            keeper->pids[i] = 0;
}

/* True while there is nothing to end for. */
static bool serve_signals(struct keeper *keeper)
{
    struct signalfd_siginfo info;
    while (read(keeper->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        if (info.ssi_signo != SIGCHLD)
            return false;
    reap(keeper);
    return true;
}

/* Has the launcher's process been told to end, and can't because a thread of it stands in the
 * freezer? Its main thread is a zombie then, or SIGKILL is pending. */
static bool is_stuck(const struct keeper *keeper)
{
    char path[64], line[256];
    unsigned long long pending = 0;
    bool is_zombie = false, is_killed = false;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)keeper->launcher);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file)) {
        is_zombie = is_zombie || str_has_prefix(line, "State:\tZ");
        if (sscanf(line, "SigPnd: %llx", &pending) == 1 ||
            sscanf(line, "ShdPnd: %llx", &pending) == 1)
            is_killed = is_killed || (pending >> (SIGKILL - 1) & 1);
    }
    if (file)
        fclose(file);
    return is_zombie || is_killed;
}

static bool has_launcher_ended(const struct keeper *keeper, const struct pollfd *poller)
{
    if (poller->revents || (keeper->home.freezer && is_stuck(keeper)))
        return true;
    return keeper->launcher_fd < 0 && kill(keeper->launcher, 0) < 0 && errno == ESRCH;
}

static void watch(struct keeper *keeper)
{
    struct pollfd pollers[] = {
        { .fd = keeper->signals, .events = POLLIN },
        { .fd = keeper->launcher_fd, .events = POLLIN }, /* -1 is passed over */
    };
    bool is_polling = keeper->launcher_fd < 0 || keeper->home.freezer;
    do {
        poll(pollers, ARRAY_LEN(pollers), is_polling ? WATCH_STEP_MS : -1);
    } while (!has_launcher_ended(keeper, &pollers[1]) && serve_signals(keeper));
}

/* Kills whoever is our child now, those inherited from dead children too. */
static void kill_children(const struct keeper *keeper)
{
    int pid;
    FILE *file = fopen("/proc/thread-self/children", "re");
    for (size_t i = 0; i < keeper->root_count; i++)
        if (keeper->roots[i] > 0)
            kill(keeper->roots[i], SIGKILL);
    while (file && fscanf(file, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
}

static void end_all(struct keeper *keeper)
{
    sigset_t child;
    const struct timespec step = { .tv_nsec = END_STEP_MS * (long)CLOCK_NS_PER_MS };
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    close(keeper->tree.life_write);
    for (int i = 0; i < END_STEPS; i++) {
        kill_children(keeper);
        sigtimedwait(&child, NULL, &step);
        pid_t pid;
        do {
            pid = waitpid(-1, NULL, WNOHANG);
            for (size_t j = 0; pid > 0 && j < keeper->root_count; j++)
                if (keeper->roots[j] == pid)
                    keeper->roots[j] = 0;
        } while (pid > 0);
        if (pid < 0)
            return;
    }
}

static void serve(struct keeper *keeper)
{
    keeper->roots = xcalloc(keeper->set->count + 1, sizeof(pid_t));
    keeper->pids = xcalloc(keeper->set->count + 1, sizeof(int));
    if (start_all(keeper))
        watch(keeper);
    end_all(keeper);
}

static noreturn void keeper_main(struct keeper *keeper)
{
    struct str why = { 0 };
    set_up_signals(keeper);
    bool is_furnished = keeper->plan->furnish(keeper->plan->arg, &keeper->home, &why);
    set_up_process(keeper);
    if (is_furnished)
        serve(keeper);
    else
        answer(keeper, &why);
    if (keeper->home.freezer)
        freezer_remove(keeper->home.freezer);
    if (keeper->home.place.prefix)
        place_remove(&keeper->home.place);
    _exit(0);
}

/* Reads what the keeper answers. Its silent end is a failure too. */
static int await_answer(int answer_fd, struct keeper_home *ret_home, struct str *why)
{
    char block[1024];
    ssize_t got;
    while ((got = read(answer_fd, block, sizeof(block))) != 0)
        if (got > 0)
            str_append_bytes(why, block, (size_t)got);
        else if (errno != EINTR)
            break;
    if (!why->len)
        str_append(why, PROCESSES_FAIL ": their keeper ended");
    if (why->data[0])
        return NVITOP_EUNKNOWN;
    const char *prefix = why->data + 1, *freezer = prefix + strlen(prefix) + 1;
    ret_home->place = (struct place){ .prefix = xstrdup(prefix), .lock = -1 };
    ret_home->freezer = *freezer ? xstrdup(freezer) : NULL;
    str_clear(why);
    return NVITOP_OK;
}

/* Becomes the one between: the keeper must be nobody's child, in a session of its own. */
static noreturn void fork_keeper(struct keeper *keeper)
{
    setsid();
    pid_t pid = fork();
    if (pid == 0)
        keeper_main(keeper);
    _exit(pid < 0);
}

int keeper_start(const struct keeper_plan *plan, struct keeper_home *ret_home, struct str *ret_why)
{
    struct keeper keeper = {
        .plan = plan, .set = plan->set, .home.place.lock = -1, .launcher = getpid()
    };
    int ends[2];
    pid_t between = -1;
    if (pipe2(ends, O_CLOEXEC) == 0) {
        keeper.answer = ends[1];
        if ((between = fork()) == 0)
            fork_keeper(&keeper);
        close(ends[1]);
    } else {
        ends[0] = -1;
    }
    int status = NVITOP_EUNKNOWN;
    if (between > 0) {
        waitpid(between, NULL, 0);
        status = await_answer(ends[0], ret_home, ret_why);
    } else {
        str_printf(ret_why, "no process can be started: %s", strerror(errno));
    }
    if (ends[0] >= 0)
        close(ends[0]);
    return status;
}
