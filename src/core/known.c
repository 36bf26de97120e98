/*
 * Invariant: a static fact that was answered is never asked again until the device is another one
 * or comes back. The first answers of the slow tiers are dated back, each by another number of
 * seconds, so that no later tick asks them all; a refresh leaves those dates alone.
 */
#include "core/known.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

enum { RARE_SPREAD = 20 };

void known_init(struct known *known)
{
    *known = (struct known){ 0 };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        known->values[i] = value_na(NVITOP_WHY_NOT_ASKED);
}

void known_done(struct known *known)
{
    arena_done(&known->arena);
}

void known_reset(struct known *known)
{
    known_done(known);
    known_init(known);
}

void known_expire(struct known *known)
{
    known->answered = 0;
    memset(known->asked_ns, 0, sizeof(known->asked_ns));
}

static bool has_metric(const struct metric *metric, bool is_mig)
{
    return metric->has == METRIC_GPU_AND_MIG || (metric->has == METRIC_MIG_ONLY) == is_mig;
}

static bool is_answered(const struct known *known, const struct metric *metric)
{
    return metric->tier == TIER_STATIC && (known->answered >> metric->query & 1);
}

/* Time between two questions. What could not be read of the rarer tiers is tried again sooner. */
static uint64_t interval_ns(const struct known *known, size_t row, const struct pace *pace)
{
    static const unsigned seconds[] = {
        [TIER_STATIC] = TIER_SLOW_S, [TIER_SLOW] = TIER_SLOW_S, [TIER_RARE] = TIER_RARE_S
    };
    enum metric_tier tier = metric_device[row].tier;
    if (tier == TIER_FAST || tier == TIER_LANE)
        return pace->period_ms * CLOCK_NS_PER_MS;
    bool is_missing = value_is_na(known->values[row]);
    return (is_missing ? TIER_SLOW_S : seconds[tier]) * CLOCK_NS_PER_S;
}

static bool is_due(const struct known *known, size_t row, const struct known_pass *pass)
{
    const struct metric *metric = &metric_device[row];
    const struct pace *pace = &pass->pace;
    uint64_t asked_ns = known->asked_ns[metric->query];
    if (is_answered(known, metric))
        return false;
    if (!pace->period_ms)
        return true;
    if (pace->is_uniform)
        return !asked_ns || pass->now_ns - asked_ns >= pace->period_ms * CLOCK_NS_PER_MS;
    if (pace->is_lane != (metric->tier == TIER_LANE))
        return false;
    if (!asked_ns || pace->is_everything)
        return true;
    /* ticks come a little early or late */
    uint64_t slack_ns =
        pace->is_addition ? 0 : MIN_OF(pace->period_ms, 1000u) / 2 * CLOCK_NS_PER_MS;
    return pass->now_ns - asked_ns + slack_ns >= interval_ns(known, row, pace);
}

uint64_t known_plan(const struct known *known, const struct known_pass *pass)
{
    uint64_t plan = 0;
    _Static_assert(NVML_QUERY_COUNT <= 64, "the plan is one word");
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        if (metric->query != NVML_QUERY_NONE && metric_set_has(pass->wanted, metric->id) &&
            has_metric(metric, pass->is_mig) && is_due(known, i, pass))
            plan |= UINT64_C(1) << metric->query;
    }
    return plan;
}

void known_recall(const struct known *known, const struct known_pass *pass, struct arena *arena,
                  struct value *values)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        bool is_shown = metric->tier == TIER_STATIC || metric_set_has(pass->wanted, metric->id);
        if (!has_metric(metric, pass->is_mig))
            values[i] = value_na(NVITOP_WHY_NOT_APPLICABLE);
        else
            values[i] =
                is_shown ? value_copy(arena, known->values[i]) : value_na(NVITOP_WHY_NOT_ASKED);
    }
}

/* How many seconds back the first answer is dated, by its place among those of its tier. */
static uint64_t back_ns(enum metric_tier tier, unsigned place)
{
    uint64_t seconds = tier == TIER_SLOW   ? place % TIER_SLOW_S
                       : tier == TIER_RARE ? place % RARE_SPREAD * 2
                                           : 0;
    return seconds * CLOCK_NS_PER_S;
}

static void note_dates(struct known *known, const struct known_pass *pass, uint64_t asked)
{
    unsigned place = pass->pace.offset;
    uint64_t first = 0;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        uint64_t bit = metric->query == NVML_QUERY_NONE ? 0 : UINT64_C(1) << metric->query;
        if (!(asked & bit))
            continue;
        uint64_t *asked_ns = &known->asked_ns[metric->query];
        bool is_fast = metric->tier == TIER_FAST || metric->tier == TIER_LANE;
        if (pass->pace.is_uniform) {
            *asked_ns = pass->now_ns;
        } else if (!*asked_ns) {
            *asked_ns = pass->now_ns - MIN_OF(back_ns(metric->tier, place++), pass->now_ns - 1);
            first |= bit;
        } else if (is_fast || (!(first & bit) && !pass->pace.is_everything)) {
            *asked_ns = pass->now_ns;
        }
    }
}

static void keep(struct known *known, size_t row, struct value value)
{
    const struct metric *metric = &metric_device[row];
    bool is_fact = metric->tier == TIER_STATIC;
    if (!is_fact && value.kind == NVITOP_TEXT) /* would have to be freed again */
        value = value_na(NVITOP_WHY_NOT_ASKED);
    known->values[row] = value_copy(&known->arena, value);
    if (is_fact && !value_is_na(value))
        known->answered |= UINT64_C(1) << metric->query;
}

void known_learn(struct known *known, const struct known_pass *pass, uint64_t asked,
                 struct arena *arena, struct value *values)
{
    note_dates(known, pass, asked);
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        if (metric->query == NVML_QUERY_NONE || !(asked >> metric->query & 1))
            continue;
        /* a device that is lost has not changed what it is */
        bool is_fact_lost =
            metric->tier == TIER_STATIC && value_is_na(values[i]) && !value_is_na(known->values[i]);
        if (is_fact_lost)
            values[i] = value_copy(arena, known->values[i]);
        else
            keep(known, i, values[i]);
    }
}
