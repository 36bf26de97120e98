/*
 * Guard and child, in the shell's process group both. The child reports its status on a pipe only
 * after it has closed stdin, stdout and stderr: else `nvitop -1 | less` would not see the end.
 * The guard leaves when the status is there, when the child can be reaped, or when its stat shows
 * Z (its threads may be stuck though its main thread is gone), which is looked at once a second.
 *
 * Signals: what the terminal sends reaches the child by itself, so TERM, HUP and INT are passed on
 * only if a process sent them. TSTP and CONT keep their default here, and stops of the child are
 * never waited for: job control sees one group that stops and continues as a whole.
 */
#include "cmd/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"

enum { LOOK_MS = 1000, REAP_MS = 50, STAT_SIZE = 1024 };

static const int passed_signals[] = { SIGTERM, SIGHUP, SIGINT };

/* Shared with the child: what it does to the terminal must outlive it. */
static atomic_bool *terminal_flag;

/* In the child: it has a thread that will not let it end. */
static bool is_left_behind;

/* What the child says last. */
struct last_word {
    unsigned char status, is_left_behind;
};

struct guard {
    pid_t child;
    int status_fd, signal_fd;
    int terminal_fd;        /* -1: stdin is no terminal */
    struct termios modes;   /* of the terminal, before the child */
    sigset_t outer_signals; /* blocked by whoever started us */
};

enum outcome { OUTCOME_NONE, OUTCOME_EXITED, OUTCOME_SIGNALED };

struct ending {
    enum outcome outcome;
    int code;            /* exit status or signal */
    bool is_still_there; /* it has said its last word, and will be gone in a moment */
};

void guard_terminal_taken(bool is_taken)
{
    if (terminal_flag)
        atomic_store(terminal_flag, is_taken);
}

void guard_left_behind(bool is_left)
{
    is_left_behind = is_left;
}

/* ---- the child ---- */

static void report(int fd, int status)
{
    struct last_word word = { (unsigned char)status, is_left_behind };
    while (write(fd, &word, sizeof(word)) < 0 && errno == EINTR)
        ;
}

/* Signals are held off from the report on: the guard's end must not turn a success into one. */
static _Noreturn void child_run(const struct guard *guard, pid_t parent, int report_fd,
                                int (*child_main)(void *), void *arg)
{
    close(guard->status_fd);
    close(guard->signal_fd);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    sigprocmask(SIG_SETMASK, &guard->outer_signals, NULL);
    int status = child_main(arg);
    fflush(NULL);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        close(fd);
    report(report_fd, status);
    _exit(status);
}

/* ---- how the child ended ---- */

static struct ending ending_of(int wait_status)
{
    if (WIFSIGNALED(wait_status))
        return (struct ending){ .outcome = OUTCOME_SIGNALED, .code = WTERMSIG(wait_status) };
    return (struct ending){ .outcome = OUTCOME_EXITED, .code = WEXITSTATUS(wait_status) };
}

static struct ending look_at_report(const struct guard *guard)
{
    struct last_word word;
    if (read(guard->status_fd, &word, sizeof(word)) != (ssize_t)sizeof(word))
        return (struct ending){ .outcome = OUTCOME_NONE };
    return (struct ending){ .outcome = OUTCOME_EXITED,
                            .code = word.status,
                            .is_still_there = !word.is_left_behind };
}

static struct ending look_at_child(const struct guard *guard)
{
    int wait_status;
    pid_t reaped = waitpid(guard->child, &wait_status, WNOHANG);
    return reaped == guard->child ? ending_of(wait_status)
                                  : (struct ending){ .outcome = OUTCOME_NONE };
}

/* The fields of /proc/PID/stat behind the name; NULL if it can't be read. */
static const char *read_stat(pid_t pid, char buffer[STAT_SIZE])
{
    char path[32];
    snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, buffer, STAT_SIZE - 1);
    if (fd >= 0)
        close(fd);
    if (len <= 0)
        return NULL;
    buffer[len] = 0;
    const char *name_end = strrchr(buffer, ')');
    return name_end && name_end[1] == ' ' ? name_end + 2 : NULL;
}

/* Z: dead, but with threads that are not. The last field is the status that wait would tell. */
static struct ending look_at_stat(const struct guard *guard)
{
    char buffer[STAT_SIZE];
    const char *fields = read_stat(guard->child, buffer);
    if (!fields || *fields != 'Z')
        return (struct ending){ .outcome = OUTCOME_NONE };
    struct ending reaped = look_at_child(guard);
    if (reaped.outcome != OUTCOME_NONE)
        return reaped;
    const char *last = strrchr(fields, ' ');
    return ending_of(last ? (int)strtol(last + 1, NULL, 10) : 0);
}

static struct ending look(const struct guard *guard)
{
    static struct ending (*const looks[])(const struct guard *) = { look_at_report, look_at_child };
    struct ending ending = { .outcome = OUTCOME_NONE };
    for (size_t i = 0; i < ARRAY_LEN(looks) && ending.outcome == OUTCOME_NONE; i++)
        ending = looks[i](guard);
    return ending;
}

/* ---- the guard ---- */

static void pass_signals(const struct guard *guard)
{
    struct signalfd_siginfo info;
    while (read(guard->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        for (size_t i = 0; i < ARRAY_LEN(passed_signals); i++)
            if ((int)info.ssi_signo == passed_signals[i] && info.ssi_code <= 0)
                kill(guard->child, passed_signals[i]);
}

static struct ending watch(const struct guard *guard)
{
    struct pollfd fds[] = { { .fd = guard->status_fd, .events = POLLIN },
                            { .fd = guard->signal_fd, .events = POLLIN } };
    for (;;) {
        int ready = poll(fds, ARRAY_LEN(fds), LOOK_MS);
        pass_signals(guard);
        struct ending ending = look(guard);
        if (ending.outcome == OUTCOME_NONE && ready <= 0)
            ending = look_at_stat(guard);
        if (ending.outcome != OUTCOME_NONE)
            return ending;
        if (fds[0].revents & POLLHUP)
            fds[0].fd = -1; /* closed without a report: its end comes by the other ways */
    }
}

/* Waits for the end of a child that is about to leave: where nobody reaps orphans, as in many
 * containers, it would stay as a zombie. */
static void reap(const struct guard *guard)
{
    uint64_t deadline = clock_mono_ns() + REAP_MS * CLOCK_NS_PER_MS;
    struct pollfd changed = { .fd = guard->signal_fd, .events = POLLIN };
    while (look_at_child(guard).outcome == OUTCOME_NONE && clock_mono_ns() < deadline) {
        struct signalfd_siginfo info;
        if (poll(&changed, 1, REAP_MS) > 0 && read(guard->signal_fd, &info, sizeof(info)) < 0)
            return;
    }
}

/* The terminal as it was: modes, then all that full-screen programs switch on. Written through a
 * descriptor of our own that never blocks: the terminal may be stuck too. */
static void restore_terminal(const struct guard *guard)
{
    static const char reset[] =
        "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[?1l\033>"
        "\033[0m\033[?7h\033[?1049l\033[?25h";
    if (guard->terminal_fd < 0 || !terminal_flag || !atomic_load(terminal_flag) ||
        tcgetpgrp(guard->terminal_fd) != getpgrp())
        return;
    tcsetattr(guard->terminal_fd, TCSANOW, &guard->modes);
    int fd = open("/dev/tty", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (write(fd, reset, sizeof(reset) - 1) < 0)
        errno = 0; /* nothing more can be done for it */
    close(fd);
}

/* By the child's signal, so that the shell sees what happened; the core is the child's alone. */
static int end_like(struct ending ending)
{
    if (ending.outcome != OUTCOME_SIGNALED)
        return ending.code;
    struct rlimit no_core = { 0, 0 };
    setrlimit(RLIMIT_CORE, &no_core);
    signal(ending.code, SIG_DFL);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, ending.code);
    raise(ending.code);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    return 128 + ending.code;
}

static bool prepare_signals(struct guard *guard)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    for (size_t i = 0; i < ARRAY_LEN(passed_signals); i++)
        sigaddset(&watched, passed_signals[i]);
    signal(SIGCHLD, SIG_DFL); /* if it came ignored, the child could not be reaped */
    sigprocmask(SIG_BLOCK, &watched, &guard->outer_signals);
    guard->signal_fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    return guard->signal_fd >= 0;
}

static void prepare_terminal(struct guard *guard)
{
    guard->terminal_fd = tcgetattr(STDIN_FILENO, &guard->modes) == 0 ? STDIN_FILENO : -1;
    void *shared = mmap(NULL, sizeof(*terminal_flag), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    terminal_flag = shared == MAP_FAILED ? NULL : shared;
}

static bool is_switched_off(void)
{
    const char *value = environment_get("NVITOP_GUARD");
    return value && strcmp(value, "0") == 0;
}

int guard_run(int (*child_main)(void *), void *arg)
{
    struct guard guard = { .child = -1, .signal_fd = -1 };
    int ends[2];
    if (is_switched_off() || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return child_main(arg);
    guard.status_fd = ends[0];
    prepare_terminal(&guard);
    fflush(NULL);
    pid_t self = getpid();
    if (prepare_signals(&guard))
        guard.child = fork();
    if (guard.child == 0)
        child_run(&guard, self, ends[1], child_main, arg);
    close(ends[1]);
    if (guard.child < 0) {
        close(ends[0]);
        if (guard.signal_fd >= 0)
            close(guard.signal_fd);
        sigprocmask(SIG_SETMASK, &guard.outer_signals, NULL);
        return child_main(arg);
    }
    struct ending ending = watch(&guard);
    if (ending.is_still_there)
        reap(&guard);
    restore_terminal(&guard);
    return end_like(ending);
}
