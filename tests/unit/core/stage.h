/*
 * A sampler that goes on, over the simulated driver. A stage is set once in a process: what the
 * library was told when it was loaded stays. Waiting is by the source's own descriptor.
 */
#ifndef TESTS_CORE_STAGE_H
#define TESTS_CORE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sampler.h"
#include "core/source.h"
#include "simdir.h"

struct stage {
    struct simdir dir;
    struct sampler_options options;
    struct source_demand demand;
    struct source *source;
};

/* Writes the scenario, and begins. The demand is of some fast and slow metrics and of processes,
 * ten times a second; `stage` may be changed between set and start. */
void stage_set(struct stage *stage, const char *scenario);
void stage_start(struct stage *stage);
/* True if no thread was left behind. */
bool stage_end(struct stage *stage, unsigned ms);

/* The scenario's time, in seconds; it stands still at 0 from the beginning. */
void stage_time(struct stage *stage, unsigned seconds);
/* Writes a file in the stage's folder; the name may have folders in it. */
void stage_write(struct stage *stage, const char *name, const char *text);

/* The first snapshot from now on that fits; fails the test after ten seconds. */
typedef bool fits_fn(const struct snapshot *snapshot);
struct snapshot *stage_await(struct stage *stage, fits_fn *fits);
/* Waits until opening has come back. */
int stage_await_opening(struct stage *stage, struct nvml_failure *ret_failure);
/* Whether nothing comes for so long. */
bool stage_is_silent(struct stage *stage, int ms);

/* How often a driver function was called for a device ("0", "1:2", "-"); NULL: for any. */
size_t stage_calls(struct stage *stage, const char *function, const char *device);
/* The line number of the newest call of it, 0: none. */
size_t stage_newest_call(struct stage *stage, const char *function);

#endif
