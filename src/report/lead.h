/*
 * What every row of a table tells first: what the row is about. No metrics, but words of a query as
 * well. A column is one row here.
 */
#ifndef NVITOP_REPORT_LEAD_H
#define NVITOP_REPORT_LEAD_H

#include <stddef.h>

#include "nvitop/nvitop.h"

struct snapshot;
struct snapshot_device;
struct snapshot_process;
struct str;

/* What a row is about; what it is not about is NULL. */
struct lead_row {
    const struct snapshot *snapshot;
    const struct snapshot_device *device;
    const struct snapshot_process *process;
};

struct lead {
    const char *name;
    enum nvitop_scope scope; /* what it is told of; SYSTEM: of everything */
    void (*put)(const struct lead_row *row, struct str *out);
};

extern const struct lead leads[]; /* in the order of the columns; the first is of SYSTEM */
extern const size_t lead_count;

#endif
