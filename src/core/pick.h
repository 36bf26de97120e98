/* Which GPUs are sampled: by index, by what CUDA may see, less those that sleep. */
#ifndef NVITOP_CORE_PICK_H
#define NVITOP_CORE_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct driver;
struct gpu;
struct patience;
struct sampler_options;

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

#endif
