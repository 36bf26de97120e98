/*
 * A program under the guard that does one thing, so that tests can look at the guard from outside:
 *   guard-probe THING [ARGUMENT…]
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "cmd/guard.h"

static int end_with(char **args)
{
    return atoi(args[0]);
}

static int print(char **args)
{
    printf("%s\n", args[0]); /* not flushed: that is the guard's duty */
    return 0;
}

static int fall(char **args)
{
    signal(atoi(args[0]), SIG_DFL); /* a sanitizer may have its own idea */
    raise(atoi(args[0]));
    return 0;
}

static int tell_ids(char **args)
{
    (void)args;
    printf("%ld %ld\n", (long)getpid(), (long)getpgrp());
    return 0;
}

static int tell_mask(char **args)
{
    (void)args;
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number < 32; number++)
        if (sigismember(&blocked, number) == 1)
            printf("%d ", number);
    return 0;
}

/* What a program started from here finds open. */
static int tell_descriptors(char **args)
{
    static const char *const ls[] = { "/bin/ls", "/proc/self/fd", NULL };
    char out[4096] = "";
    (void)args;
    int status = spawn_capture(ls, 10000, out, sizeof(out));
    printf("%s", out);
    return status;
}

static void say(const char *word, int number)
{
    printf("%s %d\n", word, number);
    fflush(stdout);
}

/* Names every TERM, HUP or INT that arrives; TERM ends it. */
static int listen(char **args)
{
    static const int numbers[] = { SIGTERM, SIGHUP, SIGINT };
    (void)args;
    sigset_t wanted;
    sigemptyset(&wanted);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        sigaddset(&wanted, numbers[i]);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    say("ready", (int)getpid());
    int number = 0;
    while (number != SIGTERM && sigwait(&wanted, &number) == 0)
        say("got", number);
    return 0;
}

/* As the monitor does on Ctrl-Z. */
static int suspend(char **args)
{
    (void)args;
    say("ready", (int)getpid());
    kill(0, SIGTSTP);
    say("back", (int)getpid());
    return 5;
}

/* Takes the terminal as a monitor would, gives it back or not, and dies. */
static int take_terminal(char **args)
{
    struct termios modes;
    tcgetattr(STDIN_FILENO, &modes);
    cfmakeraw(&modes);
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    guard_terminal_taken(true);
    if (strcmp(args[0], "give-back") == 0)
        guard_terminal_taken(false);
    say("taken", (int)getpid());
    raise(SIGKILL);
    return 0;
}

static void *wait_for_ever(void *arg)
{
    int *ready = arg;
    int id = (int)syscall(SYS_gettid);
    if (write(*ready, &id, sizeof(id)) != (ssize_t)sizeof(id))
        abort();
    for (;;)
        pause();
    return NULL;
}

/* Puts a thread of ours into a frozen cgroup, whose tasks file is named. */
static bool freeze_thread(const char *tasks)
{
    int ends[2], id;
    pthread_t thread;
    if (pipe(ends) != 0 || pthread_create(&thread, NULL, wait_for_ever, &ends[1]) != 0 ||
        read(ends[0], &id, sizeof(id)) != (ssize_t)sizeof(id))
        return false;
    char text[16];
    int len = snprintf(text, sizeof(text), "%d", id);
    int fd = open(tasks, O_WRONLY | O_CLOEXEC);
    bool is_written = fd >= 0 && write(fd, text, (size_t)len) == len;
    if (fd >= 0)
        close(fd);
    return is_written;
}

static int freeze_and_end(char **args)
{
    if (!freeze_thread(args[0]))
        return 99;
    printf("frozen\n");
    return atoi(args[1]);
}

static int freeze_and_fall(char **args)
{
    if (!freeze_thread(args[0]))
        return 99;
    say("frozen", 1);
    raise(atoi(args[1]));
    return 0;
}

static const struct {
    const char *name;
    int argument_count;
    int (*run)(char **args);
} things[] = {
    { "exit", 1, end_with },
    { "print", 1, print },
    { "raise", 1, fall },
    { "ids", 0, tell_ids },
    { "mask", 0, tell_mask },
    { "descriptors", 0, tell_descriptors },
    { "listen", 0, listen },
    { "suspend", 0, suspend },
    { "terminal", 1, take_terminal },
    { "freeze-exit", 2, freeze_and_end },
    { "freeze-raise", 2, freeze_and_fall },
};

static int run_thing(void *arg)
{
    char **argv = arg;
    for (size_t i = 0; i < ARRAY_LEN(things); i++)
        if (strcmp(things[i].name, argv[1]) == 0)
            return things[i].run(argv + 2);
    return 98;
}

int main(int argc, char *argv[])
{
    for (size_t i = 0; argc > 1 && i < ARRAY_LEN(things); i++)
        if (strcmp(things[i].name, argv[1]) == 0 && argc == 2 + things[i].argument_count)
            return guard_run(run_thing, argv);
    fprintf(stderr, "guard-probe: no such thing\n");
    return 98;
}
