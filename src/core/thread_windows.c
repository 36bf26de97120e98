/* There are no signals to be kept away from it. */
#include "core/thread.h"

#include <pthread.h>

enum { STACK_SIZE = 1024 * 1024 };

bool thread_start(void *(*run)(void *arg), void *arg)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    int failed = pthread_create(&thread, &attributes, run, arg);
    pthread_attr_destroy(&attributes);
    return !failed;
}
