/* A command line of a scenario → the argv of a demo process. Pure. */
#ifndef NVITOP_SIM_LAUNCHER_ARGV_H
#define NVITOP_SIM_LAUNCHER_ARGV_H

#include <stddef.h>

struct arena;

enum { ARGV_COUNT_MAX = 4096, ARGV_PAD_MAX = 1024 * 1024 };

/*
 * Splits at spaces; "…" and '…' keep spaces and may be empty. Any other byte stands for itself:
 * the scenario's escapes are undone before. `pad` > 0 adds arguments until /proc/PID/cmdline has
 * that many bytes. The result ends with NULL and lives in `arena`, as copies.
 * 0, or NVITOP_EINVAL with *ret_why a static sentence.
 */
int argv_parse(const char *text, size_t pad, struct arena *arena, char ***ret_argv,
               const char **ret_why);

/* The same of an environment, whose words are NAME=VALUE. */
int argv_parse_pairs(const char *text, struct arena *arena, char ***ret_pairs,
                     const char **ret_why);

#endif
