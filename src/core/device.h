/*
 * One physical GPU with its MIG devices: what to ask of the driver, and what came back.
 *
 * A struct device is used by one thread at a time (its worker). It keeps what it knows, so a
 * reading asks only for what is wanted and due (core/known.h). A reading is plain data in an arena
 * of its own and is handed over whole.
 */
#ifndef NVITOP_CORE_DEVICE_H
#define NVITOP_CORE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/known.h"
#include "core/metric.h"
#include "core/snapshot.h"
#include "nvml/nvml.h"

struct device;

struct device_request {
    struct metric_wanted metrics; /* what somebody shows; what that is derived from is added */
    bool has_processes;           /* process lists and utilization samples too */
    bool has_links;               /* of a lane: the counters of each NVLink */
    uint32_t pid_max;
    struct pace pace; /* {0}: everything is asked, once */
};

/* A row of a process list, before it is joined with the host. */
struct device_process {
    struct nvml_process row;
    size_t device;                             /* row in the reading */
    struct value sm, memory, encoder, decoder; /* percent */
    /* Of a list that is joined more than once: whose pid it was when it was new. */
    bool is_joined;
    uint64_t start_ticks; /* 0: nobody's that could be seen */
};

struct device_reading {
    struct arena arena;
    struct snapshot_device *rows; /* the GPU, then its MIG devices by MIG index */
    size_t row_count;
    struct device_process *processes;
    size_t process_count;
    bool has_processes; /* they were asked for, and the driver was there to answer */
    bool is_answered;   /* a call of this pass got past the driver */
    int driver_code;    /* else: the code if there is no driver any more */
    bool is_list_lost;  /* a process list that the driver has could not be read */
    uint64_t took_ns;   /* of a worker's: how long the pass was */
    bool has_links;     /* they were asked for, and the driver has said which it tells of */
    struct nvml_link *links;
    size_t link_count;
    /* Of device_read_one only: */
    uint32_t *ages_ms; /* by id - NVITOP_DEV_NAME: 0 if just read, or if it never changes */
    struct value processes_why; /* NONE, or why the lists could not be read */
};

/* Looks up the handle: may take seconds. Free with device_free. */
struct device *device_open(struct nvml *nvml, unsigned index);
void device_free(struct device *device); /* NULL is fine */

/* The driver's handle of the GPU (`mig` < 0) or of a MIG device; NULL with its return code if it
 * gave none. False: there is no such MIG device. */
bool device_handle(struct device *device, int32_t mig, void **ret_handle, int *ret_code);

/* One pass. The reading's memory is the caller's (device_reading_done). With a pace, a GPU that is
 * lost, or whose handle was refused, is looked up again every 5 s and not asked in between. */
void device_read(struct device *device, const struct device_request *request,
                 struct device_reading *ret_reading);
/* The GPU alone (`mig` < 0), or one of its MIG devices, by as few calls as that takes; a GPU's row
 * is a leaf then, whatever is under it. False: there is no such MIG device. */
bool device_read_one(struct device *device, int32_t mig, const struct device_request *request,
                     struct device_reading *ret_reading);

/* The MIG indices under it now, ascending, in `arena`. */
void device_children(struct device *device, struct arena *arena, int32_t **ret_migs,
                     size_t *ret_count);

/* Nothing is known of it any more; a handle that was refused or lost is looked up again at once. */
void device_forget(struct device *device);

void device_reading_done(struct device_reading *reading);

#endif
