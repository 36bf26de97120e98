/*
 * The text that Prometheus reads: format 0.0.4, or OpenMetrics 1.0. A family's type and unit follow
 * from its name, as the naming rules have it: `_total` is a counter, `_info` an info, all else a
 * gauge; a base unit at the end of the name is the unit.
 */
#ifndef NVITOP_REPORT_EXPOSITION_H
#define NVITOP_REPORT_EXPOSITION_H

#include <stdbool.h>

#include "base/str.h"

struct exposition {
    struct str *out;
    bool is_openmetrics;
    bool is_catalogue;  /* the head of a family of ours is written when it is begun */
    const char *common; /* labels of every sample, NULL or "": none */
    /* The family that is being written; its head comes with its first sample. */
    struct str name, help;
    const char *type, *unit; /* told; NULL: as the name has it */
    bool has_head;
};

/* Labels are `name="value",name="value"`, grown one at a time. An empty value, or NULL, is the same
 * as no label, and adds none. The value may hold anything; of more than a KiB, the begin is told.
 */
void exposition_label(struct str *labels, const char *name, const char *value);

/* Labels that were made so, NULL for none: whether one of them has this name, and all the others.
 */
bool exposition_has_label(const char *labels, const char *name);
void exposition_labels_but(struct str *out, const char *labels, const char *name);

/* All samples of a family stand together, and a family is begun once. A family without samples is
 * not written at all. */
void exposition_family(struct exposition *exposition, const char *prefix, const char *name,
                       const char *help);

/* A family of others, whose names keep no such rules. The unit, if there is one, is the end of the
 * name. A counter without `_total` is no counter in OpenMetrics, which has it as unknown. */
void exposition_foreign(struct exposition *exposition, const char *name, const char *unit,
                        const char *type, const char *help);

void exposition_sample(struct exposition *exposition, const char *labels, double value);

/* After the last family; frees what is not the output. */
void exposition_end(struct exposition *exposition);

#endif
