/*
 * fork, exec, read with a deadline. The child gets /dev/null for stdin and stderr, so a helper
 * that chatters or asks cannot touch the caller's terminal.
 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "nvitop/nvitop.h"

static void exec_child(const char *const argv[], int out)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    dup2(null, STDERR_FILENO);
    dup2(out, STDOUT_FILENO);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
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

int spawn_capture(const char *const argv[], unsigned timeout_ms, char *ret_out, size_t size)
{
    if (access(argv[0], X_OK) != 0)
        return NVITOP_ENOTFOUND;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return NVITOP_EUNKNOWN;
    pid_t child = fork();
    if (child == 0)
        exec_child(argv, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return NVITOP_EUNKNOWN;
    }
    uint64_t deadline = clock_mono_ns() + timeout_ms * CLOCK_NS_PER_MS;
    int in_time = read_all(ends[0], deadline, ret_out, size);
    close(ends[0]);
    if (!in_time)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, in_time ? 0 : WNOHANG) < 0 && errno == EINTR)
        ;
    if (!in_time)
        return NVITOP_ETIMEOUT;
    return WIFEXITED(status) ? WEXITSTATUS(status) : NVITOP_EUNKNOWN;
}

int spawn_replace(const char *const argv[])
{
    execv(argv[0], (char *const *)(uintptr_t)argv);
    return errno;
}
