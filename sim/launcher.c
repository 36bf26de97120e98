/* nvitop-sim: runs a command over simulated GPUs; lists and checks scenarios. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arguments.h"
#include "base/descriptors.h"
#include "sim/launcher_error.h"
#include "sim/launcher_options.h"
#include "sim/launcher_place.h"
#include "sim/launcher_run.h"
#include "sim/launcher_stub.h"
#include "sim/scenario.h"

static int list_one(const char *file)
{
    int len = (int)(strrchr(file, '.') - file);
    char name[256];
    snprintf(name, sizeof(name), "%.*s", len, file);
    char *path = launcher_scenario_path(name);
    struct scenario *scenario = path ? launcher_load(path) : NULL;
    if (scenario)
        printf("%-12s %s\n", name, scenario_text(&scenario->launcher, LAUNCHER_DESCRIPTION));
    free(path);
    scenario_free(scenario);
    return scenario ? 0 : LAUNCHER_EXIT_TROUBLE;
}

static int list(void)
{
    char *folder = place_find("scenarios"), **names = NULL;
    size_t count = folder ? place_list(folder, ".ini", &names) : 0;
    int status = 0;
    free(folder);
    if (!count) {
        launcher_error("the scenarios are not beside this program");
        return LAUNCHER_EXIT_TROUBLE;
    }
    for (size_t i = 0; i < count; i++) {
        status |= list_one(names[i]);
        free(names[i]);
    }
    free(names);
    return status;
}

static int check(char **files)
{
    int status = 0;
    for (; *files; files++) {
        char *path = launcher_scenario_path(*files);
        struct scenario *scenario = path ? launcher_load(path) : NULL;
        if (!path)
            launcher_error("no scenario is called '%s'", *files);
        if (!scenario)
            status = LAUNCHER_EXIT_USAGE;
        free(path);
        scenario_free(scenario);
    }
    return status;
}

static int help(void)
{
    fputs(launcher_usage, stdout);
    return 0;
}

/* A full disk must not pass for success. */
static int finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (!descriptors_have_no_reader())
        launcher_error("cannot write the output: %s", strerror(errno));
    return status ? status : LAUNCHER_EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    descriptors_hold();
    argv = arguments_take(&argc, argv);
    struct launcher_options options = { 0 };
    const char *why, *what;
    if (stub_is_wanted())
        stub_run();
    if (argc < 1 || launcher_options_parse(argv, &options, &why, &what) < 0) {
        fprintf(stderr, "%s", launcher_usage);
        if (argc > 0)
            launcher_error("%s%s%s", why, *what ? " " : "", what);
        return LAUNCHER_EXIT_USAGE;
    }
    switch (options.task) {
    case LAUNCHER_LIST: return finish_output(list());
    case LAUNCHER_CHECK: return check(options.rest);
    case LAUNCHER_HELP: return finish_output(help());
    default: return launcher_run(&options);
    }
}
