/* Which GPUs are sampled: by index, by what CUDA may see, less those that sleep. */
#ifndef NVITOP_CORE_PICK_H
#define NVITOP_CORE_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/visible.h"

struct driver;
struct gpu;
struct metric_wanted;
struct patience;
struct sampler_options;
struct snapshot_device;

/* The GPUs of a snapshot, in display order. */
struct pick {
    struct gpu *gpus;
    size_t count;
    bool is_stuck; /* a thread never came back from one, kept or not */
};

/* Choosing by CUDA_VISIBLE_DEVICES needs every GPU's identity first, so it costs a short pass of
 * its own, against the same deadlines (see gpus_read). Free with pick_done. */
void pick_gpus(const struct driver *driver, const struct sampler_options *options,
               struct patience *patience, uint64_t *reads_deadline_ns, struct pick *ret_pick);
void pick_done(struct pick *pick);

/* ---- the same in steps, for a sampler that goes on ---- */

/* What must be read of every GPU before it can be told which are visible to CUDA. */
void pick_identity(struct metric_wanted *wanted);
/* What the variable may name; borrows the row's texts. */
struct visible_device pick_describe(const struct snapshot_device *row);

struct pick_question {
    const char *visible;     /* CUDA_VISIBLE_DEVICES, NULL: unset */
    const char *cuda_helper; /* NULL: none */
    const struct visible_device *devices;
    size_t count;
};
/* Which are visible: at most `count` results. May wait for the helper, for at most time_ms. */
size_t pick_resolve(const struct pick_question *question, unsigned time_ms,
                    struct visible_index *ret_visible);

#endif
