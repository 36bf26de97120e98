/*
 * The command line: one table of options per program, from which the parser, --help, the
 * completions and the man page are made. Parsing rules: GNU-like, as the original's parser
 * (spec: unambiguous prefixes, --opt=value, clusters, greedy lists).
 */
#ifndef NVITOP_CMD_OPTIONS_H
#define NVITOP_CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum display_mode { MODE_AUTO, MODE_FULL, MODE_COMPACT, MODE_DENSE, MODE_COUNT };

/* What the user asked of `nvitop`, environment variables included. */
struct nvitop_settings {
    bool is_once, is_monitor;          /* as given; both false: decided by the terminal and is_monitor_always */
    bool is_monitor_always;            /* NVITOP_MONITOR_ALWAYS */
    enum display_mode mode;
    double interval;                   /* seconds */
    bool is_ascii, is_readonly, is_colourful, is_force_colour, is_light;
    bool is_no_mouse, is_no_wake, is_no_processes;
    int gpu_thresholds[2], memory_thresholds[2]; /* ascending */
    bool has_only, is_only_visible;
    int64_t *only;                     /* indices as given, sorted, unique */
    size_t only_count;
    bool is_compute, is_only_compute, is_graphics, is_only_graphics;
    bool has_users;                    /* --user given; with no name: the current user (user_count 0) */
    char **users;
    size_t user_count;
    bool has_pids;
    int64_t *pids;
    size_t pid_count;
    const char *nvml_path;             /* --nvml or NVITOP_NVML; NULL */
    const char *procfs;                /* --procfs or NVITOP_PROCFS; NULL */
    bool has_demo;
    const char *demo;                  /* scenario name, file, "list"; NULL: the default one */
};

#endif
