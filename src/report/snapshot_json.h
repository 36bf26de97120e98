/*
 * A snapshot as JSON: one object, described by schema/snapshot.schema.json.
 *
 * Members are in the order of the metric tables. A metric is a member under its name, in the unit
 * of its table; one that is not available is null, and its reason stands under the same name in the
 * object `unavailable` beside it; one that nobody asked for is not there at all.
 */
#ifndef NVITOP_REPORT_SNAPSHOT_JSON_H
#define NVITOP_REPORT_SNAPSHOT_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct query;
struct snapshot;
struct str;

/* Grows whenever a member goes away or means something else; not for new members. */
enum { SNAPSHOT_JSON_SCHEMA = 1 };

struct snapshot_json {
    const struct query *query;
    const char *version;  /* of the program or library */
    bool is_pretty;       /* indented, one member a line */
    size_t processes_max; /* those with the most GPU memory; 0: all */
};

/* Appends the object, without a newline at its end. */
void snapshot_json_write(const struct snapshot *snapshot, const struct snapshot_json *how,
                         struct str *out);

#endif
