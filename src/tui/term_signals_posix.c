/*
 * Signals as a descriptor. Invariant: while open, the watched ones are blocked in every thread, so
 * none of them interrupts anything; SIGQUIT and the signals of crashes keep their default, and the
 * guard restores the terminal after them.
 */
#include "tui/term_signals.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "nvitop/nvitop.h"

static const int watched[] = { SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT };

struct term_signals {
    int fd;
    sigset_t outer; /* blocked by whoever called us */
};

int term_signals_open(struct term_signals **ret_signals)
{
    struct term_signals *signals = xcalloc(1, sizeof(*signals));
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_LEN(watched); i++)
        sigaddset(&set, watched[i]);
    signals->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals->fd < 0) {
        free(signals);
        return NVITOP_EUNKNOWN;
    }
    sigprocmask(SIG_BLOCK, &set, &signals->outer);
    *ret_signals = signals;
    return NVITOP_OK;
}

void term_signals_close(struct term_signals *signals)
{
    if (!signals)
        return;
    sigprocmask(SIG_SETMASK, &signals->outer, NULL);
    close(signals->fd);
    free(signals);
}

int term_signals_fd(const struct term_signals *signals)
{
    return signals->fd;
}

int term_signals_next(struct term_signals *signals)
{
    struct signalfd_siginfo info;
    return read(signals->fd, &info, sizeof(info)) == (ssize_t)sizeof(info) ? (int)info.ssi_signo
                                                                           : 0;
}

/* The whole group: the shell waits on the guard, which stops with us. */
void term_signals_stop(struct term_signals *signals)
{
    (void)signals;
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    kill(0, SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, &before); /* here we stop, and go on */
    sigprocmask(SIG_SETMASK, &before, NULL);
}
