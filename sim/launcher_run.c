/*
 * The order of things: the scenario is checked before anything is started; the processes run and
 * their pids are written down before the command is; the command takes over this process.
 */
#include "sim/launcher_run.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/launcher_argv.h"
#include "sim/launcher_command.h"
#include "sim/launcher_demo.h"
#include "sim/launcher_error.h"
#include "sim/launcher_freezer.h"
#include "sim/launcher_keeper.h"
#include "sim/launcher_options.h"
#include "sim/launcher_place.h"
#include "sim/scenario.h"
#include "sim/system.h"

#define OVERRIDDEN_NAME "scenario.ini"
#define DEFAULT_NAME "default"
#define DEFAULT_SCENARIO "a100x8"

struct run {
    const struct launcher_options *options;
    struct arena arena;
    struct scenario *scenario;
    struct demo_set demos;
    struct keeper_home home;
    char *scenario_path, *library_folder;
};

char *launcher_scenario_path(const char *name)
{
    struct str file = { 0 };
    size_t len = strlen(name);
    if (system_folder_len(name) || (len > 4 && strcmp(name + len - 4, ".ini") == 0))
        return place_absolute(name); /* loading it will say what is wrong */
    str_printf(&file, "scenarios/%s.ini",
               strcmp(name, DEFAULT_NAME) == 0 ? DEFAULT_SCENARIO : name);
    char *path = place_find(str_text(&file));
    str_done(&file);
    return !path && place_is_file(name) ? place_absolute(name) : path;
}

static void print_scenario_error(const char *path, const struct scenario_error *error)
{
    if (error->line)
        fprintf(stderr, "%s:%u: %s\n", path, error->line, error->text);
    else
        fprintf(stderr, "%s: %s\n", path, error->text);
}

struct scenario *launcher_load(const char *path)
{
    struct scenario_error error = { 0 };
    struct scenario *scenario = NULL;
    if (scenario_load(path, &scenario, &error) < 0) {
        print_scenario_error(path, &error);
        return NULL;
    }
    return scenario;
}

static int trouble(const char *what, const char *why)
{
    launcher_error("%s%s%s", what, *why ? ": " : "", why);
    return LAUNCHER_EXIT_TROUBLE;
}

/* Full versions of the eras that are asked for by branch. */
static const struct {
    const char *era, *driver, *cuda;
} eras[] = {
    { "390", "390.157", "9010" },       { "450", "450.51.06", "11000" },
    { "470", "470.256.02", "11040" },   { "510", "510.108.03", "11060" },
    { "535.54", "535.54.03", "12020" }, { "535.98", "535.98", "12020" },
    { "550", "550.163.01", "12040" },   { "580", "580.65.06", "13000" },
};

/* The settings that the options override: sections appended to a copy, where the last one counts.
 */
static void print_overrides(const struct launcher_options *options, struct str *text)
{
    const char *driver = options->era, *cuda = NULL;
    for (size_t i = 0; options->era && i < ARRAY_LEN(eras); i++)
        if (strcmp(eras[i].era, options->era) == 0) {
            driver = eras[i].driver;
            cuda = eras[i].cuda;
        }
    str_append(text, "\n[system]\n");
    if (options->seed)
        str_printf(text, "seed = %s\n", options->seed);
    if (driver)
        str_printf(text, "era = %s\ndriver_version = %s\n", options->era, driver);
    if (cuda)
        str_printf(text, "cuda_version = %s\n", cuda);
}

static bool append_file(const char *path, struct str *text)
{
    int fd = system_open(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    char block[4096];
    size_t got;
    if (!file)
        return false;
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        str_append_bytes(text, block, got);
    fclose(file);
    return true;
}

static bool has_overrides(const struct launcher_options *options)
{
    return options->seed || options->era;
}

/* Puts a copy of the scenario with the options' settings into our folder. */
static bool override_scenario(const struct run *run, const struct place *place)
{
    struct str text = { 0 };
    char *path = place_file(place, OVERRIDDEN_NAME);
    bool is_written = append_file(run->scenario_path, &text);
    print_overrides(run->options, &text);
    is_written = is_written && place_write(place, OVERRIDDEN_NAME, str_text(&text), text.len);
    str_done(&text);
    struct scenario *scenario = is_written ? launcher_load(path) : NULL;
    bool is_good = scenario != NULL;
    scenario_free(scenario);
    free(path);
    return is_good;
}

static bool has_freeze(const struct scenario_entity *entities, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < entities[i].fault_count; j++)
            if (entities[i].faults[j].kind == FAULT_FREEZE)
                return true;
    return false;
}

static bool needs_freezer(const struct scenario *scenario)
{
    return !scenario_is_set(&scenario->system, SYSTEM_FREEZE_DIR) &&
           (has_freeze(&scenario->system, 1) ||
            has_freeze(scenario->devices, scenario->device_count) ||
            has_freeze(scenario->migs, scenario->mig_count));
}

/* The [launcher]'s env: words NAME=VALUE. */
static int set_scenario_environment(struct run *run)
{
    const struct scenario_value *value = &run->scenario->launcher.values[LAUNCHER_ENV];
    const char *why = "";
    char **words;
    if (!value->is_set)
        return NVITOP_OK;
    int status = argv_parse_pairs(value->text, &run->arena, &words, &why);
    for (; status == NVITOP_OK && *words; words++) {
        char *equals = strchr(*words, '=');
        environment_set((*equals = 0, *words), equals + 1);
    }
    if (status < 0)
        fprintf(stderr, "%s:%u: env: %s\n", run->scenario->path, value->line, why);
    return status;
}

/* A program that loads the simulator later, or again, joins the time that runs since now, unless
 * the caller has chosen one. */
static void set_clock(const struct launcher_options *options)
{
    char start[32];
    snprintf(start, sizeof(start), "%.6f", (double)clock_mono_ns() / (double)CLOCK_NS_PER_S);
    if (!environment_get("NVITOP_SIM_START"))
        environment_set("NVITOP_SIM_START", start);
    if (options->clock)
        environment_set("NVITOP_SIM_CLOCK", options->clock);
}

static void set_environment(const struct run *run)
{
    char *pids = place_file(&run->home.place, "pids");
    environment_set("NVITOP_SIM", run->scenario_path);
    environment_set("NVITOP_SIM_PIDS", pids);
    if (run->home.freezer)
        environment_set("NVITOP_SIM_FREEZER", run->home.freezer);
    command_set_library(run->library_folder);
    free(pids);
}

static int check_pid_namespace(const struct run *run)
{
    const struct scenario_value *value = &run->scenario->launcher.values[LAUNCHER_PID_NAMESPACE];
    static const char *const known[] = { "private", "host", "kernel" };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(value->text, known[i]) == 0)
            return NVITOP_OK;
    fprintf(stderr, "%s:%u: pid_namespace must be private, host or kernel, not %s\n",
            run->scenario->path, value->line, value->text);
    return NVITOP_EINVAL;
}

/* What can be found wrong before anything exists. 0 or the exit status. */
static int prepare(struct run *run)
{
    struct scenario_error error = { 0 };
    run->scenario_path = launcher_scenario_path(run->options->scenario);
    if (!run->scenario_path) {
        launcher_error("no scenario is called '%s' (see `%s list`)", run->options->scenario,
                       launcher_is_demo() ? "nvitop --demo" : "nvitop-sim");
        return LAUNCHER_EXIT_USAGE;
    }
    if (!(run->scenario = launcher_load(run->scenario_path)) || set_scenario_environment(run) < 0 ||
        check_pid_namespace(run) < 0)
        return LAUNCHER_EXIT_USAGE;
    if (demo_set_read(run->scenario, &run->arena, &run->demos, &error) < 0) {
        print_scenario_error(run->scenario_path, &error);
        return LAUNCHER_EXIT_USAGE;
    }
    if (!(run->library_folder = place_find_folder(command_library)))
        return trouble("the simulator's library is not beside this program", command_library);
    if (!launcher_is_demo() &&
        !command_can_search(run->library_folder)) /* nvitop takes NVITOP_NVML */
        return trouble("no program finds the simulator in a folder with : or ; in its name",
                       run->library_folder);
    return 0;
}

/* In the keeper: what must be removed at the end. */
static bool furnish(void *arg, struct keeper_home *home, struct str *why)
{
    const struct run *run = arg;
    const char *reason = "";
    if (place_make(&home->place) < 0)
        str_printf(why, "no temporary folder can be made in %s (%s can name another): %s",
                   place_root(), place_root_variable, strerror(errno));
    else if (has_overrides(run->options) && !override_scenario(run, &home->place))
        str_append(why, "the options can't be applied");
    else if (needs_freezer(run->scenario) && !(home->freezer = freezer_make(&reason)))
        str_printf(why, "this scenario can't be shown: %s", reason);
    return !why->len;
}

static int start(struct run *run)
{
    const struct keeper_plan plan = { .set = &run->demos, .furnish = furnish, .arg = run };
    struct str why = { 0 };
    int status = 0;
    if (keeper_start(&plan, &run->home, &why) < 0) {
        status = trouble(str_text(&why), "");
    } else if (has_overrides(run->options)) {
        free(run->scenario_path);
        run->scenario_path = place_file(&run->home.place, OVERRIDDEN_NAME);
    }
    str_done(&why);
    return status;
}

int launcher_run(const struct launcher_options *options)
{
    struct run run = { .options = options };
    char *const *command = options->rest;
    int status = prepare(&run);
    if (status == 0)
        status = start(&run);
    if (status == 0) {
        set_environment(&run);
        set_clock(options);
        int why = command_become(command);
        status = why == ENOENT ? LAUNCHER_EXIT_NOT_FOUND : LAUNCHER_EXIT_NOT_RUN;
        trouble(command[0], strerror(why));
    }
    scenario_free(run.scenario);
    arena_done(&run.arena);
    free(run.scenario_path);
    free(run.home.place.prefix);
    free(run.library_folder);
    free(run.home.freezer);
    return status;
}
