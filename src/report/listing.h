/* Which metrics there are, for --list-metrics: from the same rows as their values. */
#ifndef NVITOP_REPORT_LISTING_H
#define NVITOP_REPORT_LISTING_H

#include <stdbool.h>

struct str;

/* For people. `columns`: as wide as the terminal, with the meanings on lines of their own; 0: one
 * line a metric, however long, for pipes. */
void listing_table(int columns, struct str *out);

/* For machines: one object, described by the definition `metric_list` of the schema. */
void listing_json(bool is_pretty, struct str *out);
void listing_csv(struct str *out);

#endif
