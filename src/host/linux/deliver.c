/*
 * Signals. A pid may be another process's by the time a signal is sent, so the process is held by
 * a descriptor first, then compared, then signalled through it: whoever has the pid later gets
 * nothing. An old kernel or a container's filter may refuse descriptors; then there is a moment
 * between comparing and kill(2), as short as it can be made.
 *
 * Invariant: nothing is sent unless the start time was read after the process was held, and fits.
 */
#include "host/linux/deliver.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/host.h"

/* The numbers are the same on every architecture; older headers lack them. */
enum { CALL_PIDFD_SEND_SIGNAL = 424, CALL_PIDFD_OPEN = 434, PID_INIT = 1 };

static int pidfd_open_raw(pid_t pid)
{
    long fd = syscall(CALL_PIDFD_OPEN, pid, 0);
    return fd < 0 ? -errno : (int)fd;
}

static int pidfd_send_raw(int fd, int signal)
{
    return syscall(CALL_PIDFD_SEND_SIGNAL, fd, signal, NULL, 0) < 0 ? -errno : 0;
}

static int kill_raw(pid_t pid, int signal)
{
    return kill(pid, signal) < 0 ? -errno : 0;
}

const struct deliver_calls deliver_system = {
    .pidfd_open = pidfd_open_raw,
    .pidfd_send = pidfd_send_raw,
    .kill = kill_raw,
    .start_ticks = host_start_ticks,
};

static int status_of(int result)
{
    switch (-result) {
    case 0: return NVITOP_OK;
    case ESRCH: return NVITOP_EGONE;
    case EPERM:
    case EACCES: return NVITOP_EPERM;
    default: return NVITOP_EUNKNOWN;
    }
}

/* The kernel does not know the call, or a filter forbids it. EPERM of sending may as well mean the
 * process: then kill(2) says so too. */
static bool is_call_refused(int result)
{
    return result == -ENOSYS || result == -EPERM;
}

int deliver_signal(const struct deliver_calls *calls, const char *root, pid_t pid,
                   uint64_t start_ticks, int signal)
{
    if (start_ticks == 0)
        return NVITOP_ENOTSUP;
    if (pid <= PID_INIT)
        return NVITOP_EUNKNOWN;
    int fd = calls->pidfd_open(pid), result = fd;
    if (fd < 0 && !is_call_refused(fd))
        return status_of(fd);
    if (calls->start_ticks(root, pid) != start_ticks)
        result = -ESRCH;
    else if (fd >= 0)
        result = calls->pidfd_send(fd, signal);
    if (is_call_refused(result))
        result = calls->kill(pid, signal);
    if (fd >= 0)
        close(fd);
    return status_of(result);
}

int host_signal(const char *root, pid_t pid, uint64_t start_ticks, int signal)
{
    return deliver_signal(&deliver_system, root, pid, start_ticks, signal);
}
