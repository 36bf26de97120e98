/* From a scenario to a command running over it. */
#ifndef NVITOP_SIM_LAUNCHER_RUN_H
#define NVITOP_SIM_LAUNCHER_RUN_H

struct launcher_options;
struct scenario;

/* Exit statuses of the launcher itself; the command's own are the command's. */
enum {
    LAUNCHER_EXIT_TROUBLE = 1,
    LAUNCHER_EXIT_USAGE = 2,
    LAUNCHER_EXIT_NOT_RUN = 126,
    LAUNCHER_EXIT_NOT_FOUND = 127
};

/* The file of a scenario given by name or path, malloc'd; NULL if a name is unknown. A name is a
 * shipped scenario before it is a file. */
char *launcher_scenario_path(const char *name);

/* Loads and says on stderr what is wrong, as one line `FILE:LINE: WHAT`. NULL then. */
struct scenario *launcher_load(const char *path);

/* Becomes the command; returns only on failure, with the exit status. */
int launcher_run(const struct launcher_options *options);

#endif
