/* The device box with its title, a row or two per GPU, a row per MIG device, and bars beside it. */
#ifndef NVITOP_VIEW_PANEL_DEVICE_H
#define NVITOP_VIEW_PANEL_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"

struct snapshot_device;

/* Whether there are devices to list; otherwise the box holds one line that says why not. */
bool panel_device_has_rows(const struct snapshot *snapshot);

int panel_device_height(const struct snapshot *snapshot, enum panel_mode mode);

/* Returns the row after it. */
int panel_device_draw(struct frame *frame, int top, const struct panel *panel);

/* Writes below each GPU that is slowed why it is: into the line under its rows, which is there. */
void panel_device_draw_slowed(struct frame *frame, int top, const struct panel *panel);

/* The versions of program and driver, between the borders of a box. */
void panel_device_draw_versions(struct frame *frame, int row, const struct panel *panel);

/* Adds what the panel shows at its width and in its mode, and what its colours need. */
void panel_device_metrics(const struct panel *panel, struct metric_wanted *wanted);

/* Adds what only the colours need. */
void panel_device_colour_metrics(struct metric_wanted *wanted);

#endif
