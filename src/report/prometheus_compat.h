/*
 * The same facts under the names of other exporters, so that dashboards made for those work. A
 * peer is a table of rows, each a metric of ours under the peer's name and in its unit, and the
 * labels that the peer has.
 */
#ifndef NVITOP_REPORT_PROMETHEUS_COMPAT_H
#define NVITOP_REPORT_PROMETHEUS_COMPAT_H

#include <stdbool.h>
#include <stddef.h>

struct metric_set;
struct str;
struct walk;
struct walk_device;
struct walk_process;

struct compat_row {
    const char *name, *unit; /* the name is `name_unit`, or without a unit `name` */
    const char *help;
    int id;        /* enum nvitop_metric: its scope says what the samples are of */
    int less;      /* a metric of the same scope that is taken from it; 0: none */
    double factor; /* from our unit to the peer's */
    bool is_counter;
};

struct compat_peer {
    const char *word; /* on the command line */
    const struct compat_row *rows;
    size_t row_count;
    /* Whether the peer knows such a device; NULL: all. */
    bool (*has_device)(const struct walk *walk, const struct walk_device *device);
    /* Append to the labels that were begun. NULL: rows of that scope do not exist. */
    void (*label_device)(struct walk *walk, const struct walk_device *device);
    void (*label_process)(struct walk *walk, const struct walk_process *process);
    void (*label_host)(struct walk *walk);
    void (*put_more)(struct walk *walk); /* what is no row; NULL */
};

extern const struct compat_peer compat_nvitop, compat_dcgm;

/* A sample's label with the name of this machine, unless the user has given all samples one. */
void compat_label_hostname(struct walk *walk, const char *name);

/* Adds a peer, by its word, to the set that `struct prometheus_options` has; false if there is none
 * of that name. */
bool compat_add(unsigned *set, const char *word, size_t len);
void compat_words(const char *between, struct str *out);

/* What they want beside our own families. */
void compat_metrics(struct metric_set *set);

#endif
