/* Signals as a descriptor, held back in every thread that is started from now on. */
#include "cmd/service_signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"

int service_signals_open(void)
{
    static const int held[] = { SIGINT, SIGTERM, SIGHUP };
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_LEN(held); i++)
        sigaddset(&set, held[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The kernel's own SIGHUP says that the terminal is closed: that is the end, too. */
enum service_word service_signals_next(int fd)
{
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return SERVICE_NOTHING;
    return info.ssi_signo == SIGHUP && info.ssi_code != SI_KERNEL ? SERVICE_RELOAD : SERVICE_END;
}
