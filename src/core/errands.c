/* Errands: not done yet, each is refused. */
#include "core/errands.h"

#include <stdlib.h>

#include "base/mem.h"

struct errands {
    struct errands_options options;
};

struct errands *errands_new(const struct errands_options *options)
{
    struct errands *errands = xcalloc(1, sizeof(*errands));
    errands->options = *options;
    return errands;
}

bool errands_free(struct errands *errands, uint64_t deadline_ns)
{
    (void)deadline_ns;
    free(errands);
    return true;
}

int errands_ask_environ(struct errands *errands, struct process_id process)
{
    (void)errands;
    (void)process;
    return NVITOP_ENOTSUP;
}

struct source_environ *errands_take_environ(struct errands *errands)
{
    (void)errands;
    return NULL;
}

int errands_send_signal(struct errands *errands, int signal, const struct process_id *targets,
                        size_t count)
{
    (void)errands;
    (void)signal;
    (void)targets;
    (void)count;
    return NVITOP_ENOTSUP;
}

bool errands_take_verdicts(struct errands *errands, struct signal_report *ret_report)
{
    (void)errands;
    (void)ret_report;
    return false;
}

void source_environ_free(struct source_environ *environment)
{
    if (!environment)
        return;
    arena_done(&environment->arena);
    free(environment);
}
