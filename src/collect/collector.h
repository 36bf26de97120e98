/*
 * A collector: samples in the background while a window is open, and tells statistics over windows
 * that lie inside each other. May be used from several threads at once, but for ending it.
 *
 * What it samples, and its clocks, it knows by functions only (collector_session.c has those of a
 * session). Of these only the clocks are called with its lock held.
 */
#ifndef NVITOP_COLLECT_COLLECTOR_H
#define NVITOP_COLLECT_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/group.h"
#include "collect/result.h"
#include "collect/roots.h"

struct snapshot;

/* Where samples come from. `take` may fail: then there is only the host. */
struct collector_source {
    void *arg;
    int (*take)(void *arg, struct snapshot **ret_snapshot);
    void (*host)(void *arg, struct value values[NVITOP_HOST_COUNT]);
    descends_fn *descends;
    uint64_t (*mono_ns)(void *arg);
    uint64_t (*epoch_us)(void *arg);
    void (*free_arg)(void *arg); /* when nobody calls these any more */
};

/* Copied. */
struct collector_options {
    const struct collected_device *devices; /* in the order of keys; NULL: all GPUs, with their MIG
                                               devices */
    size_t device_count;
    const int32_t *roots; /* whose processes; with ROOTS_ALL among them, all */
    size_t root_count;    /* 0: no processes */
    double interval; /* seconds, more than 0; less than COLLECTOR_INTERVAL_MIN counts as that */
    unsigned patience_ms; /* so long is a sample that is being taken waited for at the end */
    bool is_by_hand;      /* no sampler, and to collect takes no sample */
};

#define COLLECTOR_INTERVAL_MIN 0.001

/* Takes over the source. */
struct collector *collector_new(const struct collector_source *source,
                                const struct collector_options *options);

/* Frees it, or leaves it to a thread that is stuck in `take`. False: it was left so. */
bool collector_free(struct collector *collector);

/* Ends it for good: after that all functions but collector_free say NVITOP_ESTATE, and the source
 * is called no more. False: a thread was left in `take` at the deadline (clock_mono_ns). */
bool collector_end(struct collector *collector, uint64_t deadline_ns);

/* In the child of a fork: no window is open, and the sampler is not there. */
void collector_after_fork(struct collector *collector);

/* What these say is told by their namesakes in nvitop/nvitop.h. */
int collector_activate(struct collector *collector, const char *tag);
int collector_deactivate(struct collector *collector, const char *tag);
int collector_clear(struct collector *collector, const char *tag);
int collector_sample(struct collector *collector);
int collector_add(struct collector *collector, double took, const char *const *names,
                  const double *values, size_t count);
int collector_is_due(struct collector *collector); /* 1 or 0, or a status */
/* Into an empty result, which says with which keys; end it with result_done. */
int collector_collect(struct collector *collector, struct result *result);
/* The same, but of what there is, and whoever asks waits for nothing. */
int collector_tell(struct collector *collector, struct result *result);

#endif
