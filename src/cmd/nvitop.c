/* nvitop: reads the command line, then works under the guard. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "cmd/demo.h"
#include "cmd/guard.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/run.h"
#include "cmd/terminal.h"

enum { EXIT_GOOD = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2, HELP_COLUMNS = 80 };

/* A full disk must not pass for success. */
static int finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "nvitop: error: cannot write the output: %s\n", strerror(errno));
    return status ? status : EXIT_TROUBLE;
}

struct work {
    const struct nvitop_settings *settings;
    bool is_stuck; /* a thread never came back from the driver */
};

static int do_work(void *arg)
{
    struct work *work = arg;
    int status = nvitop_run(work->settings, options_nvitop.version, &work->is_stuck);
    guard_left_behind(work->is_stuck);
    return finish_output(status);
}

static int follow(struct options_run *run, const struct nvitop_settings *settings,
                  char *const argv[])
{
    if (settings->has_demo && !demo_is_running()) {
        int status = demo_become(settings->demo, argv, &run->err);
        fputs(str_text(&run->err), stderr);
        return status;
    }
    fputs(str_text(&run->warnings), stderr);
    struct work work = { .settings = settings };
    int status = guard_run(do_work, &work);
    if (work.is_stuck) /* here only without a guard: exit would wait for the thread */
        _exit(status);
    return status;
}

int main(int argc, char *argv[])
{
    descriptors_hold();
    struct nvitop_settings settings;
    struct options_run run = { .environment = (const char *const *)(uintptr_t)environ,
                               .columns = terminal_columns(HELP_COLUMNS),
                               .is_colour = terminal_has_colour(STDOUT_FILENO, false) };
    int status = EXIT_USAGE;
    switch (options_nvitop_read(&run, &settings, argc, argv)) {
    case OPTIONS_RUN: status = follow(&run, &settings, argv); break;
    case OPTIONS_EXIT_OK:
        fputs(str_text(&run.out), stdout);
        status = finish_output(EXIT_GOOD);
        break;
    case OPTIONS_EXIT_USAGE: fputs(str_text(&run.err), stderr); break;
    }
    options_done(&run);
    return status;
}
