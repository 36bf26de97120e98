/* What all programs do alike: the command line, the demo, the guard, output that must be written.
 */
#ifndef NVITOP_CMD_PROGRAM_H
#define NVITOP_CMD_PROGRAM_H

#include <stdbool.h>

#include "cmd/options.h"

enum { PROGRAM_GOOD = 0, PROGRAM_TROUBLE = 1, PROGRAM_USAGE = 2 };

/* What one program does for itself. */
struct program {
    const char *name;
    void *settings; /* its own struct, which begins with a struct source_settings */
    enum options_result (*read)(struct options_run *run, void *settings, int argc,
                                char *const argv[]);
    /* The work, in the child of the guard. Returns the exit status. *ret_is_stuck: a thread never
     * came back from the driver, so only _exit(2) may end the process. */
    int (*work)(const void *settings, bool *ret_is_stuck);
    bool is_unguarded; /* somebody supervises it, and ends it */
};

/* The whole of main. */
int program_main(const struct program *program, int argc, char *argv[]);

#endif
