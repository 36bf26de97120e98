/* The device box with its title, a row or two per GPU, a row per MIG device, and bars beside it. */
#ifndef NVITOP_VIEW_PANEL_DEVICE_H
#define NVITOP_VIEW_PANEL_DEVICE_H

#include <stddef.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"
#include "view/theme.h"

struct snapshot_device;

int panel_device_height(const struct snapshot *snapshot, enum panel_mode mode);

/* Returns the row after it. */
int panel_device_draw(struct frame *frame, int top, const struct panel *panel);

/* Adds what the panel shows at that width, and what its colours need. */
void panel_device_metrics(int width, enum panel_mode mode, struct metric_wanted *wanted);

/* The colour of a device's cells, and of its index wherever it stands. */
enum theme_role panel_device_role(const struct snapshot_device *device, const struct theme *theme);

#endif
