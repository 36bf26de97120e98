/* The once-report: date, device box with bars, host lines, process box. Snapshot in, frame out. */
#ifndef NVITOP_VIEW_REPORT_H
#define NVITOP_VIEW_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/metric.h"
#include "view/theme.h"

struct frame;
struct snapshot;

struct view_options {
    int columns;             /* of the terminal; less than 79 counts as 79 */
    bool is_ascii;           /* no byte above 0x7f leaves */
    bool is_colourful;       /* gradient bars */
    bool is_light;           /* light terminal */
    uint32_t hidden_columns; /* of the process table: a bit per row of process_columns */
    int gpu_thresholds[2];   /* ascending percent */
    int memory_thresholds[2];
    const char *version; /* of this program, for the title line */
};

/* The colours these options ask for. */
struct theme view_theme(const struct view_options *options);

/* The device metrics that a report of this width shows: nothing else is asked of the driver. */
void report_metrics(const struct view_options *options, struct metric_wanted *ret_wanted);

/* Free the frame with frame_free. The date line is local time of the snapshot's epoch. */
struct frame *report_draw(const struct snapshot *snapshot, const struct view_options *options);

#endif
