/* Which processes are shown. All conditions must hold. */
#ifndef NVITOP_CORE_FILTER_H
#define NVITOP_CORE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot_process;

struct filter {
    bool is_compute;          /* type C or C+G */
    bool is_only_compute;     /* no G; an unknown type passes */
    bool is_graphics;         /* type G or C+G */
    bool is_only_graphics;    /* no C; an unknown type passes */
    const char *const *users; /* NULL: everybody */
    size_t user_count;
    const int64_t *pids; /* NULL: all */
    size_t pid_count;
};

bool filter_passes(const struct filter *filter, const struct snapshot_process *process);

#endif
