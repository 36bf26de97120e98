/*
 * Command lines in the background, for a join that goes on. Questions go to a lane, a thread that
 * may get stuck in a read for as long as a process is; whoever asks never waits, and picks up what
 * has come. Used by one thread.
 */
#ifndef NVITOP_CORE_COMMANDS_H
#define NVITOP_CORE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/snapshot.h"
#include "host/host.h"

enum { COMMANDS_PATIENCE_MS = 500 };

struct commands_answer {
    struct process_id process;
    struct host_command command; /* the taker's, see command_disown; NOT_RESPONDING: given up, and
                                    not to be asked again */
};

/* `notify` is called on a lane's thread when it has answered all it was asked (NULL: never). */
struct commands;
struct commands *commands_new(const char *procfs, void (*notify)(void *arg), void *arg);

/* False if a thread was left behind. From then on notify is not called. NULL is fine. */
bool commands_free(struct commands *commands);

/* Each question has one answer, some time. `has_workload`: whose the process is, too. */
void commands_ask(struct commands *commands, struct process_id process, bool has_workload);

/* Gives up what has kept a lane for longer than its patience at `now_ns` (clock_mono_ns). After
 * JOB_LANES_MAX lost lanes all other questions are given up too. */
void commands_check(struct commands *commands, uint64_t now_ns);

/* Waits until all questions are answered or given up, or the deadline (clock_mono_ns) comes. */
void commands_wait(struct commands *commands, uint64_t deadline_ns);

/* The next answer; false: none (yet). */
bool commands_take(struct commands *commands, struct commands_answer *ret_answer);

#endif
