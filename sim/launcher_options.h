/* The launcher's command line. */
#ifndef NVITOP_SIM_LAUNCHER_OPTIONS_H
#define NVITOP_SIM_LAUNCHER_OPTIONS_H

enum launcher_task { LAUNCHER_RUN, LAUNCHER_LIST, LAUNCHER_CHECK, LAUNCHER_HELP };

struct launcher_options {
    enum launcher_task task;
    const char *scenario;           /* of RUN: a name or a file */
    const char *clock, *seed, *era; /* NULL: as the scenario says */
    char **rest;                    /* RUN: the command; CHECK: the files. Ends with NULL. */
};

extern const char launcher_usage[];

/* 0, or NVITOP_EINVAL with the reason in *ret_why (static) and the argument in *ret_what. */
int launcher_options_parse(char **argv, struct launcher_options *ret_options, const char **ret_why,
                           const char **ret_what);

#endif
