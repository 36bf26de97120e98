/* One bar of one device: what it shows, in which colour, and what must be asked for it. */
#ifndef NVITOP_VIEW_DEVICE_BAR_H
#define NVITOP_VIEW_DEVICE_BAR_H

#include <stdbool.h>

#include "core/metric.h"
#include "view/frame.h"
#include "view/panel.h"

struct snapshot_device;

enum device_bar_kind {
    BAR_NONE,
    BAR_MEMORY,
    BAR_BANDWIDTH,
    BAR_GPU,
    BAR_POWER,
    BAR_PCIE_RX,
    BAR_PCIE_TX,
    BAR_KIND_COUNT
};

struct device_bar {
    enum device_bar_kind kind;
    int row, column, width;
    bool is_listed; /* one below the other: no prefix, as a heading says it, and values in line */
    bool has_extra; /* a second text where it fits: bytes, clocks, watts */
};

void device_bar_draw(struct frame *frame, const struct device_bar *bar, const struct panel *panel,
                     const struct snapshot_device *device);

/* The same, or what stands in its place when the viewer wants to see PCIe. */
enum device_bar_kind device_bar_of(enum device_bar_kind kind, const struct panel *panel);

void device_bar_metrics(enum device_bar_kind kind, bool has_extra, struct metric_set *set);

#endif
