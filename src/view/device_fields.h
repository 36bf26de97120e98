/* The cells of the device box, one table row each. */
#ifndef NVITOP_VIEW_DEVICE_FIELDS_H
#define NVITOP_VIEW_DEVICE_FIELDS_H

#include <stdbool.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"
#include "view/text.h"

struct snapshot;
struct snapshot_device;

/* What one device decides for all: it is found once for a whole panel. */
struct device_columns {
    bool has_mig_modes;  /* any GPU reports a MIG mode: the ECC column makes room for it */
    bool has_wide_limit; /* a power limit of five columns: the performance state makes room */
};
struct device_columns device_fields_columns(const struct snapshot *snapshot);

/* One device in a panel. */
struct device_row {
    const struct panel *panel;
    const struct snapshot_device *device;
    struct device_columns columns;
};

/* Draws line `line` (0 or 1) of a device; borders are there already. */
void device_fields_draw(struct frame *frame, int row, int line, const struct device_row *what);

/* Why there is nothing to tell of a device; NULL: it is well. Writes to ret_scratch, or not. */
const char *device_fields_trouble(const struct snapshot_device *device,
                                  char ret_scratch[TEXT_SIZE]);

void device_fields_metrics(enum panel_mode mode, struct metric_wanted *wanted);

#endif
