/* Many GPUs: one line for each of them and for each MIG device, with bars as wide as there is room.
 */
#ifndef NVITOP_VIEW_PANEL_DENSE_H
#define NVITOP_VIEW_PANEL_DENSE_H

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"

struct snapshot;

int panel_dense_height(const struct snapshot *snapshot);

/* Returns the row after it. */
int panel_dense_draw(struct frame *frame, int top, const struct panel *panel);

/* Adds what the panel shows at its width. */
void panel_dense_metrics(const struct panel *panel, struct metric_wanted *wanted);

#endif
