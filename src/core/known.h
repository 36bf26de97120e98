/*
 * What is known of one handle (a GPU or a MIG device), and which driver calls are due for what
 * somebody wants of it. Each query is asked at the pace of the fastest metric that is wanted of it.
 */
#ifndef NVITOP_CORE_KNOWN_H
#define NVITOP_CORE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/value.h"
#include "core/metric.h"

enum { KNOWN_UUID_SIZE = 96, TIER_SLOW_S = 5, TIER_RARE_S = 60 };

struct known {
    struct arena arena;                    /* texts of static facts */
    struct value values[NVITOP_DEV_COUNT]; /* the newest answers, NOT_ASKED until there is one */
    uint64_t answered;                     /* bit per query that gave at least one static fact */
    uint64_t asked_ns[NVML_QUERY_COUNT];   /* 0: never */
    char uuid[KNOWN_UUID_SIZE];            /* MIG devices: whose facts these are */
};

/* How a pass goes about it. */
struct pace {
    unsigned period_ms; /* of the fast tier; 0: a single report, everything is asked */
    bool is_everything; /* every tier is due, but for static facts that are known */
    bool is_addition;   /* between two ticks: only what has not been asked for a period */
    bool is_lane;       /* the tier of calls that block, and nothing else; without: never that */
    unsigned offset;    /* spreads the slow tiers of several GPUs */
    bool is_uniform;    /* for one who asks now and then: whatever is older than the period is due,
                           of all tiers, but for static facts that are known */
};

void known_init(struct known *known);
void known_done(struct known *known);
/* Another device sits there now: nothing is known of it. */
void known_reset(struct known *known);
/* The same device has come back: all is asked again, static facts stand until then. */
void known_expire(struct known *known);

/* One pass over it. */
struct known_pass {
    const struct metric_set *wanted;
    bool is_mig;
    struct pace pace;
    uint64_t now_ns;
};

/* Bit per query that is to be asked now. */
uint64_t known_plan(const struct known *known, const struct known_pass *pass);

/* What is known of the wanted metrics, and all static facts; texts are copied into `arena`. */
void known_recall(const struct known *known, const struct known_pass *pass, struct arena *arena,
                  struct value *values);

/* Takes in what the asked queries have answered; facts that they do not give any more are put in
 * from what was known. */
void known_learn(struct known *known, const struct known_pass *pass, uint64_t asked,
                 struct arena *arena, struct value *values);

#endif
