/* Signals are for the threads that have handlers in mind: these have them all blocked. */
#include "core/thread.h"

#include <pthread.h>
#include <signal.h>

/* Plenty for the driver, and little enough for the C library to keep and re-use the stacks. */
enum { STACK_SIZE = 1024 * 1024 };

bool thread_start(void *(*run)(void *arg), void *arg)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread, &attributes, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return !failed;
}
