/*
 * Which devices to take: the rows of a snapshot and what is wanted of them go in, a verdict for
 * every device comes out. Nothing is read here.
 *
 * Three steps, so that a caller who watches for a while can put in what he remembers: judge each
 * device by itself, strike out those that were not steady (steady.h), rank what is left.
 */
#ifndef NVITOP_SELECT_SELECT_H
#define NVITOP_SELECT_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"
#include "core/metric.h"

struct arena;
struct nvitop_index;
struct snapshot;
struct snapshot_device;

/* What can be demanded of a device, in the order in which it is checked. */
enum select_id { SELECT_FREE, SELECT_TOTAL, SELECT_GPU, SELECT_MEMORY, SELECT_BOUND_COUNT };

/* What such a demand is about: one row each. */
struct select_kind {
    int metric;        /* whose value is compared */
    bool is_least;     /* the value must reach the bound, else it must not exceed it */
    const char *name;  /* "free memory" */
    const char *title; /* "FREE", of its column */
};
extern const struct select_kind select_kinds[SELECT_BOUND_COUNT];

struct select_bound {
    bool is_set;
    double value; /* bytes or percent */
};

struct select_wish {
    struct select_bound bounds[SELECT_BOUND_COUNT];
    double tolerance;  /* percent: least values are loosened by it, greatest ones by these points */
    int64_t min_count; /* only settles what becomes of MIG devices */
    bool has_max;
    int64_t max_count;
    bool is_unsorted;              /* keeps the order of the candidates */
    const char *const *free_users; /* what their processes hold counts as free */
    size_t free_user_count;
};

enum select_fate {
    SELECT_TAKEN,
    SELECT_SPARE,     /* would do as well, but enough were taken */
    SELECT_LEFT_OUT,  /* a MIG device beside GPUs, or a second one: CUDA can't have both */
    SELECT_UNSTEADY,  /* keeps the bounds now, but has not for long enough */
    SELECT_MISSED,    /* misses a bound, or its value is not available */
    SELECT_EMPTY,     /* MIG is on and there is no MIG device: nothing can run there */
    SELECT_NAMELESS,  /* no UUID */
    SELECT_TROUBLED,  /* lost, silent, refused, asleep, or its values are old */
    SELECT_UNASKED,   /* has not said yet how it is: a later look will tell */
    SELECT_INVISIBLE, /* not among the candidates */
    SELECT_FATE_COUNT
};

struct select_verdict {
    const struct snapshot_device *device;
    enum select_fate fate;
    size_t place;                            /* of those taken: 1, 2, …; else 0 */
    struct value values[SELECT_BOUND_COUNT]; /* the free accounts' memory counts as free in it */
    struct value used;                       /* … and not as used */
    unsigned penalty;                        /* strict bounds that it misses */
    enum select_id missed;                   /* the first strict bound that it misses, if any */
    double steady_s;                         /* UNSTEADY: for how long it has kept the bounds */
    size_t order;                            /* among the candidates */
};

/* Lives in the arena it was made with; points into the snapshot. */
struct selection {
    struct select_verdict *verdicts; /* ranked: those that may be chosen first, the best on top */
    size_t count;
    size_t taken_count;
    bool is_mig; /* a MIG device was taken: it can only be named by its UUID */
};

/* What must be read for it; processes too if there are free users. */
void select_metrics(struct metric_wanted *wanted);

/* Whether the snapshot shows that processes are needed after all: of several GPUs on the host's own
 * memory, what their processes hold is all that tells them apart. */
bool select_wants_processes(const struct snapshot *snapshot);

/* The leaf devices of `from`, in its order (a GPU with MIG devices stands for these; NULL: of all),
 * each judged by itself: SPARE if it may be chosen. All others of the snapshot follow as
 * INVISIBLE. */
void select_judge(const struct snapshot *snapshot, const struct select_wish *wish,
                  const struct nvitop_index *from, size_t from_count, struct arena *arena,
                  struct selection *ret_selection);

/* Orders those that are SPARE, settles MIG, takes max_count of them. */
void select_rank(const struct select_wish *wish, struct selection *selection);

/* Has not said yet what it is. */
bool select_is_unasked(const struct snapshot_device *device);

/* The bound itself, and what is still let through. */
double select_loosened(const struct select_wish *wish, enum select_id id);

#endif
