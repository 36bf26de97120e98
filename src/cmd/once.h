/* The report on stdout, of a snapshot taken for it or of one that the monitor leaves. */
#ifndef NVITOP_CMD_ONCE_H
#define NVITOP_CMD_ONCE_H

struct showing;
struct snapshot;
struct source;
struct view_options;

/* Prints the report in that view; adds messages about what was asked for and is not there. */
void once_report(const struct showing *showing, const struct snapshot *snapshot,
                 const struct view_options *view);

/* One snapshot of the source and its report; or messages that say why there is none. */
void once_take(const struct showing *showing, struct source *source);

#endif
