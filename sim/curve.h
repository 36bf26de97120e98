/* A number that may change with time: what most scenario keys hold. */
#ifndef NVITOP_SIM_CURVE_H
#define NVITOP_SIM_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum curve_kind {
    CURVE_UNSET,
    CURVE_CONST,       /* low */
    CURVE_SINE,        /* between low and high, period, phase */
    CURVE_SQUARE,      /* low for half a period, then high */
    CURVE_RAMP,        /* low to high in a period, then low again */
    CURVE_STEPS,       /* the last step whose time has come */
    CURVE_AUTO,        /* low + what the processes add up to */
    CURVE_HOST,        /* the machine's own memory */
    CURVE_UNAVAILABLE, /* the driver's all-ones */
    CURVE_ERROR        /* `code` instead of a number */
};

struct curve_step {
    double at, value;
};

struct curve {
    enum curve_kind kind;
    int code;
    double low, high, period, phase;
    double noise;    /* plus or minus this, redrawn four times a second */
    bool is_percent; /* its noise stays within 0 and 100 */
    const struct curve_step *steps;
    size_t step_count;
};

/* What the numbers of a key count; decides which unit suffixes it takes. */
enum curve_unit {
    CURVE_PLAIN,   /* `%`, `MHz`, `C`, `rpm` may follow and change nothing */
    CURVE_BYTES,   /* B, KiB, MiB, GiB, TiB */
    CURVE_WATTS,   /* mW (also without suffix), W, kW */
    CURVE_SECONDS, /* s (also without suffix), us, ms, min, h, d */
    CURVE_JOULES,  /* mJ (also without suffix), J, kJ */
    CURVE_PERCENT  /* `%` may follow; noise leads neither below 0 nor above 100 */
};

/* Reads `text`; steps live in `arena`. 0, or NVITOP_EINVAL with *ret_why a static sentence. */
int curve_parse(const char *text, enum curve_unit unit, struct arena *arena,
                struct curve *ret_curve, const char **ret_why);

/* The number at time `t` (seconds); `seed` tells the noise of one curve from another's. */
double curve_at(const struct curve *curve, double t, uint64_t seed);

/* The mean over a period, for counters. */
double curve_mean(const struct curve *curve, double t);

/* One number with its suffix; the whole text or NVITOP_EINVAL. */
int curve_parse_number(const char *text, enum curve_unit unit, double *ret_number);

/* `NOT_SUPPORTED` or a number → the driver's code; negative if it is neither. */
int curve_parse_code(const char *text);

#endif
