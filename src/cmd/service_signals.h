/* What a program that serves until it is ended is told by the system. Two files implement it,
 * service_signals_posix.c and service_signals_windows.c. */
#ifndef NVITOP_CMD_SERVICE_SIGNALS_H
#define NVITOP_CMD_SERVICE_SIGNALS_H

enum service_word {
    SERVICE_NOTHING,
    SERVICE_END,
    SERVICE_RELOAD, /* read the files again */
};

/* Before any thread is started: a descriptor to be awaited, or a negative number. */
int service_signals_open(void);

enum service_word service_signals_next(int fd);

#endif
