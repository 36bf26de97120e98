/* A signal to the process that is meant, by whatever means this kernel has. */
#ifndef NVITOP_HOST_LINUX_DELIVER_H
#define NVITOP_HOST_LINUX_DELIVER_H

#include <stdint.h>
#include <sys/types.h>

/* What is asked of the kernel; tests put in a table of their own. Failures are negated errnos. */
struct deliver_calls {
    int (*pidfd_open)(pid_t pid);
    int (*pidfd_send)(int fd, int signal);
    int (*kill)(pid_t pid, int signal);
    uint64_t (*start_ticks)(const char *root, pid_t pid);
};
extern const struct deliver_calls deliver_system;

/* As host_signal. */
int deliver_signal(const struct deliver_calls *calls, const char *root, pid_t pid,
                   uint64_t start_ticks, int signal);

#endif
