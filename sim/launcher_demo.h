/* The processes that a scenario wants started, as facts; nothing is started here. */
#ifndef NVITOP_SIM_LAUNCHER_DEMO_H
#define NVITOP_SIM_LAUNCHER_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct scenario;
struct scenario_error;

enum { DEMO_COUNT_MAX = 4096 };

enum demo_state {
    DEMO_LIVE,
    DEMO_ZOMBIE, /* ended, never reaped by its parent */
    DEMO_GONE    /* ended and reaped: a pid that nobody has */
};

struct demo_process {
    const char *name;
    char **argv;
    const char *comm;
    const char *user; /* for USER and HOME; never empty */
    const char *home;
    char **env;           /* NAME=VALUE, ends with NULL: beside the usual ones */
    bool is_argv_cleared; /* no argument at all, not even an empty one */
    bool has_uid;         /* another user than the launcher's */
    uint32_t uid, gid;
    enum demo_state state;
    unsigned cpu_permille, threads;
    int parent;            /* index, or -1 */
    int first_child, next; /* indices of the tree, or -1; `next` also links those without parent */
};

struct demo_set {
    struct demo_process *items;
    size_t count;
    int first_root;
};

/* Every process of the scenario that has a name and no pid of its own. Lives in `arena`.
 * 0, or NVITOP_EINVAL with *ret_error filled. */
int demo_set_read(const struct scenario *scenario, struct arena *arena, struct demo_set *ret_set,
                  struct scenario_error *ret_error);

#endif
