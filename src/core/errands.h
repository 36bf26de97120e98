/*
 * What a viewer asks for about one process: its environment, or a signal to it. Done on threads
 * that nobody waits for; the answers are picked up later. Any one thread may call these, but for
 * errands_new and errands_free; none of them waits or opens a file of a process.
 */
#ifndef NVITOP_CORE_ERRANDS_H
#define NVITOP_CORE_ERRANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/source.h"

enum { ERRANDS_ENVIRON_MS = 1000 };

struct errands_options {
    const char *procfs;        /* root of the host reader, NULL for /proc */
    bool has_signals;          /* host_is_own_mount: else each signal is refused as ENOTSUP */
    unsigned environ_ms;       /* 0: ERRANDS_ENVIRON_MS */
    void (*notify)(void *arg); /* there is an answer; called on any thread. NULL: nobody cares */
    void *arg;
};

struct errands;
struct errands *errands_new(const struct errands_options *options);

/* Answers that nobody took are dropped, and notify is not called any more. Waits for threads until
 * the deadline (clock_mono_ns); false if one was left behind. NULL is fine. */
bool errands_free(struct errands *errands, uint64_t deadline_ns);

/* The functions of that name in core/source.h. An environment is shown only if the start time is
 * known and still the same; pid 0 is ourselves. */
int errands_ask_environ(struct errands *errands, struct process_id process);
struct source_environ *errands_take_environ(struct errands *errands);
int errands_send_signal(struct errands *errands, int signal, const struct process_id *targets,
                        size_t count);
bool errands_take_verdicts(struct errands *errands, struct signal_report *ret_report);

#endif
