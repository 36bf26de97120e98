/*
 * The frame of every program. The command line is read, and help is printed, before there is a
 * guard; the work is done under it.
 */
#include "cmd/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arguments.h"
#include "base/descriptors.h"
#include "base/environment.h"
#include "cmd/demo.h"
#include "cmd/guard.h"
#include "cmd/terminal.h"

enum { HELP_COLUMNS = 80 };

struct work {
    const struct program *program;
    bool is_stuck; /* a thread never came back from the driver */
};

/* A full disk must not pass for success. */
static int finish_output(const struct program *program, int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (!descriptors_have_no_reader())
        fprintf(stderr, "%s: error: cannot write the output: %s\n", program->name, strerror(errno));
    return status ? status : PROGRAM_TROUBLE;
}

static int do_work(void *arg)
{
    struct work *work = arg;
    const struct program *program = work->program;
    int status = program->work(program->settings, &work->is_stuck);
    guard_left_behind(work->is_stuck);
    return finish_output(program, status);
}

static int follow(const struct program *program, struct options_run *run, char *const argv[])
{
    const struct source_settings *source = program->settings;
    if (source->has_demo && !demo_is_running()) {
        int status = demo_become(program->name, source->demo, argv, &run->err);
        fputs(str_text(&run->err), stderr);
        return status;
    }
    fputs(str_text(&run->warnings), stderr);
    struct work work = { .program = program };
    int status = program->is_unguarded ? do_work(&work) : guard_run(do_work, &work);
    if (work.is_stuck) { /* here only without a guard: exit would wait for the thread */
        descriptors_put_back();
        _exit(status);
    }
    return status;
}

int program_main(const struct program *program, int argc, char *argv[])
{
    descriptors_hold();
    argv = arguments_take(&argc, argv);
    demo_drop_library();
    struct options_run run = { .environment = environment_all(),
                               .columns = terminal_columns(HELP_COLUMNS),
                               .is_colour = terminal_has_colour(STDOUT_FILENO, false) };
    int status = PROGRAM_USAGE;
    switch (program->read(&run, program->settings, argc, argv)) {
    case OPTIONS_RUN: status = follow(program, &run, argv); break;
    case OPTIONS_EXIT_OK:
        fputs(str_text(&run.out), stdout);
        status = finish_output(program, PROGRAM_GOOD);
        break;
    case OPTIONS_EXIT_USAGE: fputs(str_text(&run.err), stderr); break;
    }
    options_done(&run);
    return status;
}
