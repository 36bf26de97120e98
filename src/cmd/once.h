/* The report on stdout, of a snapshot taken for it or of one that the monitor leaves. */
#ifndef NVITOP_CMD_ONCE_H
#define NVITOP_CMD_ONCE_H

#include <stdbool.h>

struct showing;
struct snapshot;
struct source;
struct view_options;

/* Prints the report in that view; adds messages about what was asked for and is not there. */
void once_report(const struct showing *showing, const struct snapshot *snapshot,
                 const struct view_options *view);

/* The local source; false: messages say why there is none. */
bool once_open(const struct showing *showing, struct source **ret_source);

/* Adds messages about what was asked for and is not in the snapshot. */
void once_check(const struct showing *showing, const struct snapshot *snapshot);

/* One snapshot of the source, and its report or its text for programs; or messages that say why
 * there is none. */
void once_take(const struct showing *showing, struct source *source);

#endif
