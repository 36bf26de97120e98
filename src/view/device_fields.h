/* The cells of the device box, one table row each. */
#ifndef NVITOP_VIEW_DEVICE_FIELDS_H
#define NVITOP_VIEW_DEVICE_FIELDS_H

#include <stdbool.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"

struct snapshot;
struct snapshot_device;

/* Whether any GPU reports a MIG mode: the ECC column then makes room for it. */
bool device_fields_have_mig(const struct snapshot *snapshot);

/* Draws line `line` (0 or 1) of a device; borders are there already. */
void device_fields_draw(struct frame *frame, int row, int line, const struct panel *panel,
                        const struct snapshot_device *device);

void device_fields_metrics(enum panel_mode mode, struct metric_wanted *wanted);

#endif
