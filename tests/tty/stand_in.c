/*
 * A process for tests to aim at: every signal that can be caught is told as a line `PID SIGNAL` on
 * stdout, and changes nothing. With an argument it has a child that does the same, and whose end
 * is not told. Ends when its stdin does.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static void tell(int number)
{
    char line[32];
    int len = snprintf(line, sizeof(line), "%ld %d\n", (long)getpid(), number);
    ssize_t written = write(STDOUT_FILENO, line, (size_t)len);
    (void)written; /* whoever does not listen any more does not want to know */
}

int main(int argc, char **argv)
{
    char byte;
    (void)argv;
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction action = { .sa_handler = tell, .sa_flags = SA_RESTART };
        sigfillset(&action.sa_mask);
        sigaction(number, &action, NULL);
    }
    signal(SIGCHLD, SIG_DFL);
    if (argc > 1 && fork() == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    tell(0); /* ready */
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return 0;
}
