/* One process on one GPU: its row, and graphs of what it has used since the page was opened. */
#ifndef NVITOP_VIEW_PAGE_METRICS_H
#define NVITOP_VIEW_PAGE_METRICS_H

#include <stdbool.h>

#include "base/value.h"
#include "core/history.h"
#include "core/metric.h"
#include "view/process_columns.h"

struct frame;
struct model;

/* The graphs, left before right, upper before lower. */
enum metrics_plot {
    METRICS_CPU,
    METRICS_HOST_MEMORY,
    METRICS_GPU_MEMORY,
    METRICS_UTIL_SM,
    METRICS_PLOT_COUNT
};

struct metrics_page {
    struct process_row row; /* as it was last seen; its process NULL: never */
    bool is_gone;           /* it has ended since */
    struct history plots[METRICS_PLOT_COUNT];
};

/* What a graph shows of a process. */
struct value page_metrics_value(enum metrics_plot plot, const struct snapshot_process *process);

/* The metrics of the process's GPU that it shows, too. */
void page_metrics_metrics(struct metric_wanted *wanted);

void page_metrics_draw(const struct model *model, const struct metrics_page *page,
                       struct frame *frame);

#endif
