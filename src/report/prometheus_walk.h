/*
 * What the files of the exposition share: a snapshot, laid out as it is told. Every device has its
 * labels; of the processes, those that are told stand in order, with theirs.
 *
 * A family is written by exposition_family and one sample after the other: a row of a metric table
 * by walk_metric, anything else by walk_begin, walk_label and walk_sample.
 */
#ifndef NVITOP_REPORT_PROMETHEUS_WALK_H
#define NVITOP_REPORT_PROMETHEUS_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/value.h"
#include "core/metric.h"

struct exposition;
struct prometheus_options;
struct snapshot;
struct snapshot_device;
struct snapshot_process;

#define PROMETHEUS_PREFIX "nvitop_"
#define PROMETHEUS_GPU PROMETHEUS_PREFIX "gpu_"
#define PROMETHEUS_PROCESS PROMETHEUS_PREFIX "process_"
#define PROMETHEUS_HOST PROMETHEUS_PREFIX "host_"

struct walk_device {
    const struct snapshot_device *row;
    const char *labels;
    bool is_told;  /* false: it has said nothing yet, not even by being silent for too long */
    bool is_up;    /* answers */
    bool is_fresh; /* and its values are of now; else they, and its processes, are not told */
};

struct walk_process {
    const struct snapshot_process *row;
    const struct walk_device *device;
    const char *labels;      /* those of its device, and the pid */
    const char *host_labels; /* the pid alone; NULL if an earlier row is of the same process, whose
                                host's facts are told once */
};

struct walk {
    const struct snapshot *snapshot;
    const struct prometheus_options *how;
    struct exposition *exposition;
    struct arena arena;
    struct walk_device *devices; /* in the order of the snapshot */
    size_t device_count;
    struct walk_process *processes; /* that are told, all on fresh devices: most GPU memory first */
    size_t process_count;
    struct str labels; /* of the sample that is being made */
};

void walk_init(struct walk *walk, const struct snapshot *snapshot,
               const struct prometheus_options *how, struct exposition *exposition);
void walk_done(struct walk *walk);

/* ---- one sample of the family that was begun ---- */

/* The row's own sample: its label added to these, its value in the base unit. N/A: none. */
void walk_metric(struct walk *walk, const char *labels, const struct metric *metric,
                 struct value value);

/* Anything else: labels to begin with, one more, and the sample. */
void walk_begin(struct walk *walk, const char *labels);
void walk_label(struct walk *walk, const char *name, const char *text); /* NULL or "": none */
void walk_label_value(struct walk *walk, const char *name, struct value value); /* N/A: none */
void walk_sample(struct walk *walk, double number);

/* Labels that are values of a row: an id of the table, and what the label is called. */
struct walk_fact {
    const char *label;
    int id;
};
void walk_device_facts(struct walk *walk, const struct walk_device *device,
                       const struct walk_fact *facts, size_t count);
void walk_process_facts(struct walk *walk, const struct walk_process *process,
                        const struct walk_fact *facts, size_t count);

#endif
