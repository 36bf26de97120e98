/* Process filters; an unset condition passes everything. */
#include "core/filter.h"

#include <string.h>

#include "core/snapshot.h"

static bool passes_type(const struct filter *filter, unsigned types)
{
    bool is_compute = types & PROCESS_TYPE_COMPUTE;
    bool is_graphics = types & PROCESS_TYPE_GRAPHICS;
    return (!filter->is_compute || is_compute) && (!filter->is_graphics || is_graphics) &&
           (!filter->is_only_compute || !is_graphics) && (!filter->is_only_graphics || !is_compute);
}

static bool passes_user(const struct filter *filter, const struct snapshot_process *process)
{
    const char *user = value_text_or(snapshot_process_value(process, NVITOP_PROC_USER), NULL);
    for (size_t i = 0; user && i < filter->user_count; i++)
        if (strcmp(filter->users[i], user) == 0)
            return true;
    return !filter->users;
}

static bool passes_pid(const struct filter *filter, uint32_t pid)
{
    for (size_t i = 0; i < filter->pid_count; i++)
        if (filter->pids[i] == (int64_t)pid)
            return true;
    return !filter->pids;
}

bool filter_passes(const struct filter *filter, const struct snapshot_process *process)
{
    return passes_type(filter, process->types) && passes_user(filter, process) &&
           passes_pid(filter, process->pid);
}
