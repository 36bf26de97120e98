/*
 * Runs a command once and tells what it cost: `WALL USER SYSTEM RSS STATUS` in microseconds and
 * KiB on the file descriptor 3. User, system and RSS are the kernel's account of the command and
 * of all descendants it waited for; RSS is the largest of them.
 *
 * A program of its own, and small, because a child's account begins with the size of the
 * process it was forked from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000LL + at.tv_nsec / 1000;
}

static long long us(struct timeval t)
{
    return t.tv_sec * 1000000LL + t.tv_usec;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    long long start = now_us();
    pid_t pid = fork();
    if (pid == 0) {
        close(3);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
        return 1;
    dprintf(3, "%lld %lld %lld %ld %d\n", now_us() - start, us(usage.ru_utime), us(usage.ru_stime),
            usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
