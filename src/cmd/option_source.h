/*
 * The options that say where facts come from, the same in every program: --nvml, --procfs, --demo,
 * and the variables of the first two. A program's settings begin with `struct source_settings
 * source`, so that settings and source have one address.
 */
#ifndef NVITOP_CMD_OPTION_SOURCE_H
#define NVITOP_CMD_OPTION_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/option_table.h"

#define OPTION_SOURCE_GROUP "data sources"

enum { OPTION_SOURCE_EXCLUSIVE = 100 }; /* no other row's number */

struct source_settings {
    const char *nvml_path; /* --nvml or NVITOP_NVML; NULL */
    const char *procfs;    /* --procfs or NVITOP_PROCFS; NULL */
    bool has_demo;
    const char *demo; /* scenario name, file, "list"; NULL: the default one */
};

bool option_source_demo(struct option_call *call);
void option_source_nvml(void *settings, struct arena *arena, const char *value);
void option_source_procfs(void *settings, struct arena *arena, const char *value);

/* The last rows of a table; `procfs_help` says what is read from there. */
/* clang-format off */
#define OPTION_SOURCE_ROWS(procfs_help)                                                            \
    { .names = { "--nvml" },                                                                       \
      .group = OPTION_SOURCE_GROUP,                                                                \
      .arity = ARITY_ONE,                                                                          \
      .metavar = "PATH",                                                                           \
      .complete = COMPLETE_FILE,                                                                   \
      .set = option_set_text,                                                                      \
      .offset = offsetof(struct source_settings, nvml_path),                                       \
      .exclusive = OPTION_SOURCE_EXCLUSIVE,                                                        \
      .rank = RANK_OURS,                                                                           \
      .help = "Load the driver's library from this file instead of searching for it." },           \
    { .names = { "--procfs" },                                                                     \
      .group = OPTION_SOURCE_GROUP,                                                                \
      .arity = ARITY_ONE,                                                                          \
      .metavar = "PATH",                                                                           \
      .complete = COMPLETE_DIRECTORY,                                                              \
      .set = option_set_text,                                                                      \
      .offset = offsetof(struct source_settings, procfs),                                          \
      .rank = RANK_OURS,                                                                           \
      .help = procfs_help },                                                                       \
    { .names = { "--demo" },                                                                       \
      .group = OPTION_SOURCE_GROUP,                                                                \
      .arity = ARITY_OPTIONAL,                                                                     \
      .metavar = "NAME",                                                                           \
      .complete = COMPLETE_DEMO,                                                                   \
      .set = option_source_demo,                                                                   \
      .exclusive = OPTION_SOURCE_EXCLUSIVE,                                                        \
      .rank = RANK_OURS,                                                                           \
      .help = "Run on simulated GPUs with harmless processes. NAME is a scenario or, if none "     \
              "is called so, a scenario file; `--demo list` tells which scenarios there are." }

#define OPTION_SOURCE_VARIABLES                                                                    \
    { "NVITOP_NVML", "a file", "search", "What --nvml sets.", option_source_nvml },                \
    { "NVITOP_PROCFS", "a directory", "/proc", "What --procfs sets.", option_source_procfs }
/* clang-format on */

#endif
