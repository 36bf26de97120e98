/*
 * The command line: one table of options per program, from which the parser, --help, the
 * completions and the man page are made. Parsing rules are GNU-like, as the original's parser:
 * unambiguous prefixes, --opt=value, clusters, greedy lists, a repeated option replaces.
 *
 * Nothing here prints or exits: texts are left in the run's strings for main to write.
 */
#ifndef NVITOP_CMD_OPTIONS_H
#define NVITOP_CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/option_source.h"
#include "view/view_mode.h"

struct option_program;
struct query;

enum options_result {
    OPTIONS_RUN,        /* the settings are complete */
    OPTIONS_EXIT_OK,    /* --help, --version: write `out`, exit 0 */
    OPTIONS_EXIT_USAGE, /* write `err`, exit 2 */
};

/* One reading of a command line. Fill the first part; {0} is good for the second. */
struct options_run {
    const struct option_program *program;
    void *settings;                 /* the program's own struct, with its defaults in it */
    const char *const *environment; /* NAME=value …, NULL-terminated; NULL: empty */
    int columns;                    /* of the terminal, for usage and help */
    bool is_colour;

    struct arena arena; /* what the settings point to, beside argv and environment */
    struct str out, err;
    struct str warnings; /* of the configuration file; only of interest after OPTIONS_RUN */
};

/* The value of a variable of the run's environment, NULL if unset. */
const char *options_variable(const struct options_run *run, const char *name);

/* Environment, then command line, over what the settings hold already. argv[0] is skipped. */
enum options_result options_parse(struct options_run *run, int argc, char *const argv[]);

/* Frees everything but the settings struct itself, whose pointers are dead then. */
void options_done(struct options_run *run);

/* ---- nvitop ---- */

/* What the user asked of `nvitop`, environment variables and configuration file included. */
struct nvitop_settings {
    struct source_settings source; /* the first member */
    bool is_once,
        is_monitor; /* as given; both false: decided by the terminal and is_monitor_always */
    bool is_monitor_always; /* NVITOP_MONITOR_ALWAYS; true by default */
    enum view_mode mode;
    enum view_mode default_mode; /* what `-m` without a mode means */
    double interval;             /* seconds */
    bool is_ascii, is_readonly, is_colourful, is_force_colour, is_light;
    bool is_no_mouse, is_no_wake, is_no_processes;
    bool is_json, is_json_pretty, is_csv, is_loop, is_list_metrics;
    const struct query *query;                   /* --query; NULL */
    bool is_no_host, is_pcie;                    /* no host panel; PCIe bars */
    uint32_t hidden_columns;                     /* bit per row of process_columns */
    int gpu_thresholds[2], memory_thresholds[2]; /* ascending */
    bool has_only, is_only_visible;
    int64_t *only; /* indices as given, sorted, unique */
    size_t only_count;
    bool is_compute, is_only_compute, is_graphics, is_only_graphics;
    bool has_users; /* --user given; with no name: the current user (user_count 0) */
    char **users;
    size_t user_count;
    bool has_pids;
    int64_t *pids;
    size_t pid_count;
};

extern const struct option_program options_nvitop; /* its version is the program's version */

/* Defaults, configuration file, environment, command line, in this order; the later wins.
 * Fills run->program and run->settings; the caller sets environment, columns and is_colour. */
enum options_result options_nvitop_read(struct options_run *run, struct nvitop_settings *settings,
                                        int argc, char *const argv[]);

#endif
