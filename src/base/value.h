/*
 * A value that may be not available, and then says why.
 *
 * It is what every reader (driver, host) returns and every consumer (screen, JSON, exporter)
 * takes; the consumer picks the word: N/A, null, no sample line. There are no sentinel numbers.
 */
#ifndef NVITOP_BASE_VALUE_H
#define NVITOP_BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "nvitop/nvitop.h"

/* How many there are of each: not for those outside, whose library may be another one. */
#define NVITOP_WHY_COUNT (NVITOP_WHY_SUSPENDED + 1)
#define NVITOP_DEV_COUNT (NVITOP_DEV_DRAM_ACTIVE - NVITOP_DEV_NAME + 1)
#define NVITOP_PROC_COUNT (NVITOP_PROC_BATCH_JOB_ID - NVITOP_PROC_TYPE + 1)
#define NVITOP_HOST_COUNT (NVITOP_HOST_CPU_COUNT - NVITOP_HOST_CPU_PERCENT + 1)

struct arena;

struct value {
    uint8_t kind; /* enum nvitop_kind */
    uint8_t why;  /* enum nvitop_why; NONE unless kind is NA */
    int32_t code; /* the driver's raw return code, 0 if it has none */
    union {
        int64_t i;        /* INT, BOOL */
        double r;         /* REAL */
        const char *text; /* TEXT: lives as long as the arena it was read into */
    };
};

static inline struct value value_na(enum nvitop_why why)
{
    return (struct value){ .kind = NVITOP_NA, .why = (uint8_t)why, .i = 0 };
}

static inline struct value value_int(int64_t i)
{
    return (struct value){ .kind = NVITOP_INT, .i = i };
}

static inline struct value value_bool(bool b)
{
    return (struct value){ .kind = NVITOP_BOOL, .i = b };
}

static inline struct value value_real(double r)
{
    return r == r ? (struct value){ .kind = NVITOP_REAL, .r = r } : value_na(NVITOP_WHY_ERROR);
}

static inline struct value value_text(const char *text)
{
    return (struct value){ .kind = NVITOP_TEXT, .text = text };
}

static inline bool value_is_na(struct value value)
{
    return value.kind == NVITOP_NA;
}

/* The number in it; `otherwise` for N/A and text. */
static inline double value_number(struct value value, double otherwise)
{
    switch (value.kind) {
    case NVITOP_INT:
    case NVITOP_BOOL: return (double)value.i;
    case NVITOP_REAL: return value.r;
    default: return otherwise;
    }
}

/* The text in it; `otherwise` for anything else. */
static inline const char *value_text_or(struct value value, const char *otherwise)
{
    return value.kind == NVITOP_TEXT ? value.text : otherwise;
}

/* The same value with its text, if any, copied into `arena`. */
struct value value_copy(struct arena *arena, struct value value);

/* part in percent of whole. N/A with the reason of the operand that is; "not supported" where the
 * whole is nothing. */
struct value value_percent(struct value part, struct value whole);
/* The same to one decimal, as everywhere in this family of tools the use of a GPU's memory is. */
struct value value_percent_rounded(struct value part, struct value whole);

const char *value_why_text(enum nvitop_why why); /* "not supported", … static */

#endif
