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
    uint32_t pid_max;
    struct pace pace; /* {0}: everything is asked, once */
};

/* A row of a process list, before it is joined with the host. */
struct device_process {
    struct nvml_process row;
    size_t device;                             /* row in the reading */
    struct value sm, memory, encoder, decoder; /* percent */
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
};

/* Looks up the handle: may take seconds. Free with device_free. */
struct device *device_open(struct nvml *nvml, unsigned index);
void device_free(struct device *device); /* NULL is fine */

/* One pass. The reading's memory is the caller's (device_reading_done). With a pace, a GPU that is
 * lost, or whose handle was refused, is looked up again every 5 s and not asked in between. */
void device_read(struct device *device, const struct device_request *request,
                 struct device_reading *ret_reading);
void device_reading_done(struct device_reading *reading);

/* A row whose GPU does not answer now: what never changes stays, all else is N/A for that reason.
 */
void device_row_fade(struct snapshot_device *row, enum device_condition condition,
                     enum nvitop_why why);

/* The row of a GPU that gave no answer: everything N/A for that reason. */
void device_row_blank(struct snapshot_device *row, int physical, enum device_condition condition,
                      enum nvitop_why why);

#endif
