/* Snapshots for programs: which format, which metrics, and the text of one snapshot. */
#ifndef NVITOP_CMD_DATA_H
#define NVITOP_CMD_DATA_H

#include <stdbool.h>

#include "report/query.h"

struct nvitop_settings;
struct snapshot;
struct str;

struct data {
    bool is_wanted; /* false: a person looks */
    bool is_csv;    /* else JSON */
    bool is_pretty;
    struct query query;
    const char *version; /* of this program */
};

/* What the settings ask for. */
void data_init(const struct nvitop_settings *settings, const char *version, struct data *ret_data);

/* Appends the snapshot as whole lines; the first one has the header, if there is any. */
void data_write(const struct data *data, const struct snapshot *snapshot, bool is_first,
                struct str *out);

/* Appends the list of metrics, as --list-metrics prints it in the format of the settings; `columns`
 * of the terminal, 0: stdout is none. */
void data_list(const struct nvitop_settings *settings, int columns, struct str *out);

#endif
