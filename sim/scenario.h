/*
 * A scenario file, read: what the simulated driver says and what the launcher starts.
 *
 * Ranges, counts and `{…}` expressions are already multiplied out: there is one entity per
 * device, MIG device and process, each with one value per key of its section. Immutable once
 * loaded. The format is described in docs/scenario.md, the keys in scenario_keys.h.
 */
#ifndef NVITOP_SIM_SCENARIO_H
#define NVITOP_SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "sim/curve.h"
#include "sim/fault.h"
#include "sim/scenario_keys.h"

enum { SCENARIO_DEVICE_MAX = 256, SCENARIO_MIG_MAX = 16, SCENARIO_PROCESS_MAX = 4096 };

struct scenario_value {
    bool is_set;        /* by the file, not by the default */
    unsigned line;      /* 0 for a default */
    const char *text;   /* after `{…}`, before escapes unless the type is TEXT; "" if unset */
    struct curve curve; /* every type but TEXT and FAULT; FLAG is CONST 0 or 1 */
};

struct scenario_target {
    unsigned device;
    int mig; /* -1: the GPU itself */
};

struct scenario_entity {
    enum scenario_section section;
    const char *name;                    /* of a process, else "" */
    unsigned number;                     /* {i}: device, or the process's number in its section */
    unsigned mig;                        /* {j}: MIG device */
    const struct scenario_value *values; /* indexed by the section's key enum */
    const struct fault *faults;          /* in the order of the file */
    size_t fault_count;
    const struct scenario_target *targets; /* of a process: where it runs */
    size_t target_count;
};

struct scenario {
    struct arena arena;
    const char *path;
    struct scenario_entity system, launcher;
    struct scenario_entity *devices, *migs, *processes; /* devices[n].number == n */
    size_t device_count, mig_count, process_count;
};

struct scenario_error {
    unsigned line; /* 0: the file as a whole */
    char text[200];
};

/* Reads a file. 0, or a negative status with *ret_error filled (`PATH:LINE: TEXT` is the form
 * to print). Free with scenario_free. */
int scenario_load(const char *path, struct scenario **ret_scenario,
                  struct scenario_error *ret_error);

/* The same for text in memory; `path` is only kept as a name. */
int scenario_parse(const char *path, const char *text, size_t len, struct scenario **ret_scenario,
                   struct scenario_error *ret_error);
void scenario_free(struct scenario *scenario); /* NULL is fine */

/* The key's text: the file's, else the default, else "". */
static inline const char *scenario_text(const struct scenario_entity *entity, unsigned key)
{
    return entity->values[key].text;
}

static inline const struct curve *scenario_curve(const struct scenario_entity *entity, unsigned key)
{
    return &entity->values[key].curve;
}

static inline bool scenario_is_set(const struct scenario_entity *entity, unsigned key)
{
    return entity->values[key].is_set;
}

/* A constant (FLAG, SECONDS, NUMBER of the launcher's); `unset` if the key has no value. */
static inline double scenario_constant(const struct scenario_entity *entity, unsigned key,
                                       double unset)
{
    return entity->values[key].curve.kind == CURVE_CONST ? entity->values[key].curve.low : unset;
}

#endif
