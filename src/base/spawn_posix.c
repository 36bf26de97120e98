/*
 * Start, read with a deadline, reap. The child gets /dev/null for stdin and stderr, so a helper
 * that chatters or asks cannot touch the caller's terminal.
 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "environment.h"
#include "nvitop/nvitop.h"

enum { END_TRIES = 100 };

/* posix_spawn rather than fork: fork takes the heap's locks, which a thread that is stuck
 * somewhere may hold. Returns 0 or an errno. */
static int start(const char *const argv[], int out, pid_t *ret_child)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error =
        posix_spawn(ret_child, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Reads until end of file or deadline; false past the deadline. */
static int read_all(int fd, uint64_t deadline, char *out, size_t size)
{
    size_t len = 0;
    for (;;) {
        uint64_t now = clock_mono_ns();
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int left_ms = now < deadline ? (int)((deadline - now) / CLOCK_NS_PER_MS) + 1 : 0;
        int ready = poll(&wait, 1, left_ms);
        if (ready == 0 || (ready < 0 && errno != EINTR))
            return 0;
        if (ready < 0)
            continue;
        char spill[256];
        size_t room = size - 1 - len;
        ssize_t got = read(fd, room ? out + len : spill, room ? room : sizeof(spill));
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0 && room)
            len += (size_t)got;
    }
    out[len] = 0;
    return 1;
}

/* Its exit status, or NVITOP_EUNKNOWN. */
static int reap(pid_t child)
{
    int status = 0;
    pid_t reaped;
    while ((reaped = waitpid(child, &status, 0)) < 0 && errno == EINTR)
        ;
    return reaped == child && WIFEXITED(status) ? WEXITSTATUS(status) : NVITOP_EUNKNOWN;
}

/* SIGKILL ends it soon, unless the kernel holds it: then it is left as a zombie-to-be. */
static void end(pid_t child)
{
    static const struct timespec pause = { .tv_nsec = 1000000 };
    kill(child, SIGKILL);
    for (int i = 0; i < END_TRIES && waitpid(child, NULL, WNOHANG) == 0; i++)
        nanosleep(&pause, NULL);
}

bool spawn_is_there(const char *program)
{
    return access(program, X_OK) == 0;
}

int spawn_capture(const char *const argv[], unsigned timeout_ms, char *ret_out, size_t size)
{
    if (!spawn_is_there(argv[0]))
        return NVITOP_ENOTFOUND;
    int ends[2];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return NVITOP_EUNKNOWN;
    int error = start(argv, ends[1], &child);
    close(ends[1]);
    if (error) {
        close(ends[0]);
        return NVITOP_EUNKNOWN;
    }
    uint64_t deadline = clock_mono_ns() + timeout_ms * CLOCK_NS_PER_MS;
    int in_time = read_all(ends[0], deadline, ret_out, size);
    close(ends[0]);
    if (in_time)
        return reap(child);
    end(child);
    return NVITOP_ETIMEOUT;
}

int spawn_replace(const char *const argv[], const char *name, const char *value)
{
    environment_set(name, value);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    int why = errno;
    environment_drop(name);
    return why;
}
