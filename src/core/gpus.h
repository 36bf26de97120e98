/* The GPUs under watch: opened and read in parallel, with deadlines. One pass at a time. */
#ifndef NVITOP_CORE_GPUS_H
#define NVITOP_CORE_GPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device.h"
#include "core/driver.h"

enum { GPUS_READ_MS = 3000 };

struct gpu {
    unsigned index;
    struct device *device;         /* NULL: not opened yet, or left to a stuck thread */
    bool is_stuck;                 /* a thread never came back from it: never asked again */
    bool is_asleep;                /* suspended and not to be woken: not asked */
    struct device_reading reading; /* of the newest pass; a blank row if it gave no answer */
};

/*
 * One pass over `gpus`: opens what is not open (until the patience's deadline) and reads all as
 * requested. Every reading has at least one row afterwards. *reads_deadline_ns (clock_mono_ns) is
 * when reading ends; 0 is set to GPUS_READ_MS from when all are open, so that several passes
 * share one deadline.
 */
void gpus_read(struct nvml *nvml, struct gpu *gpus, size_t count,
               const struct device_request *request, struct patience *patience,
               uint64_t *reads_deadline_ns);

/* Closes what is not stuck and frees readings that nobody took. */
void gpus_close(struct gpu *gpus, size_t count);

#endif
