/* Rows of a snapshot in the order that a caller has asked for. */
#ifndef NVITOP_API_ARRANGE_H
#define NVITOP_API_ARRANGE_H

#include <stddef.h>

#include "nvitop/nvitop.h"

struct arena;
struct snapshot;

/* NVITOP_EINVAL: one is NULL or another session's. NVITOP_EDUPLICATE: one is named twice. */
int arrange_check(struct nvitop_session *session, struct nvitop_device *const *devices,
                  size_t count);

/* The GPUs that they are of, each once, in `arena`. */
unsigned *arrange_gpus(struct nvitop_device *const *devices, size_t count, struct arena *arena,
                       size_t *ret_count);

/* Leaves these rows in this order, and the processes on them, in the order of their rows. A MIG
 * device without a row has one that says what its GPU is, or that it was not found. */
void arrange_rows(struct snapshot *snapshot, struct nvitop_device *const *devices, size_t count);

#endif
