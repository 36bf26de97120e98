/* Command lines: argv as /proc keeps it, cut into arguments, and joined to one line. Pure. */
#ifndef NVITOP_HOST_ARGV_H
#define NVITOP_HOST_ARGV_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * `bytes` has a NUL at bytes[len] and is cut up in place. Arguments are separated by NULs. A title
 * that a program wrote over its argv is cut at its blanks instead if it is a single text with at
 * most one NUL behind it. Empty arguments at the end are dropped, but the first one stays.
 * Returns how many, 0 only for no bytes at all.
 */
size_t argv_split(struct arena *arena, char *bytes, size_t len, const char *const **ret_argv);

/* How arguments are quoted, as those who use a system are used to. An argument with one of
 * `special` is quoted even if it has no blank. */
struct argv_quoting {
    const char *special;
    char escape; /* inside double quotes, before one of `escaped`; a newline is `\n` everywhere */
    const char *escaped;
    bool has_single; /* single quotes, in which everything is itself */
};
extern const struct argv_quoting argv_quoting_posix, argv_quoting_windows;

/* argv → one printable line. `is_absolute_file` says whether argv[0] of a single-element argv is an
 * absolute path to an existing file; else it is a title. */
char *argv_join(struct arena *arena, const char *const *argv, size_t argc, bool is_absolute_file,
                const struct argv_quoting *quoting);

#endif
