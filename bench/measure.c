/*
 * Runs a command once and tells what it cost: `WALL USER SYSTEM RSS STATUS` in microseconds and
 * KiB on the file descriptor 3. The wall time ends when the command does, as a shell sees it; user,
 * system and RSS (of the largest) count every process it started, those it left behind too.
 *
 * A program of its own, and small, because a child's account begins with the size of the
 * process it was forked from.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
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
    if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        return 2;
    long long start = now_us();
    pid_t pid = fork();
    if (pid == 0) {
        close(3);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status, left;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 1;
    long long wall = now_us() - start;
    while (wait(&left) > 0 || errno == EINTR)
        ;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    dprintf(3, "%lld %lld %lld %ld %d\n", wall, us(usage.ru_utime), us(usage.ru_stime),
            usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
