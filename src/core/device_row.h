/* The row of a device: what its values say of the device itself, and what it says without any. */
#ifndef NVITOP_CORE_DEVICE_ROW_H
#define NVITOP_CORE_DEVICE_ROW_H

#include <stdbool.h>

#include "core/snapshot.h"

/* Whether a driver's return code means the driver, not one GPU. */
bool device_code_is_drivers(int code);

/* The condition: a GPU is lost when its look-up said so, or when a call of this pass did. */
void device_row_judge(struct snapshot_device *row, int look_up_code);

/* Whether a MIG instance may have ended, or another may sit in its place. */
bool device_row_may_be_gone(const struct snapshot_device *row);

/* A row whose GPU does not answer now: what never changes stays, all else is N/A for that reason.
 */
void device_row_fade(struct snapshot_device *row, enum device_condition condition,
                     enum nvitop_why why);

/* The row of a GPU that gave no answer: everything N/A for that reason. */
void device_row_blank(struct snapshot_device *row, int physical, enum device_condition condition,
                      enum nvitop_why why);

#endif
