/* The bars beside the device box and the lines between them. */
#ifndef NVITOP_VIEW_DEVICE_BARS_H
#define NVITOP_VIEW_DEVICE_BARS_H

#include <stddef.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"

/* The bars of device `index`, whose rows are [first, end); also extends the line above them. */
void device_bars_draw(struct frame *frame, int first, int end, const struct panel *panel,
                      size_t index);

/* Extends the last line of the box. */
void device_bars_close(struct frame *frame, int row, const struct panel *panel);

void device_bars_metrics(const struct panel *panel, struct metric_wanted *wanted);

#endif
