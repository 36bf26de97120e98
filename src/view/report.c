/*
 * The once-report: everything is measured first, then drawn into a frame of exactly that size.
 * ASCII is a step over the finished frame, so it can't change the layout.
 */
#include "view/report.h"

#include "base/mem.h"
#include "core/snapshot.h"
#include "view/date_line.h"
#include "view/frame.h"
#include "view/layout.h"
#include "view/panel.h"
#include "view/panel_device.h"
#include "view/panel_host.h"
#include "view/panel_process.h"
#include "view/theme.h"

/* Whether colours leave at all is decided when the frame is written: the report has them always. */
struct theme view_theme(const struct view_options *options)
{
    struct theme theme = {
        .kind = options->is_light ? THEME_LIGHT : THEME_DARK,
        .is_gradient = options->is_colourful,
    };
    for (int i = 0; i < 2; i++) {
        theme.gpu_thresholds[i] = options->gpu_thresholds[i];
        theme.memory_thresholds[i] = options->memory_thresholds[i];
    }
    return theme;
}

void report_metrics(const struct view_options *options, struct metric_wanted *ret_wanted)
{
    /* How wide the report gets depends on the processes, which nobody has read yet. It is at least
     * this wide, and from here on more columns bring no further bar. */
    int terminal = MAX_OF(options->columns, LAYOUT_BOX);
    *ret_wanted = (struct metric_wanted){ 0 };
    struct panel panel = { .width = MIN_OF(terminal, LAYOUT_ONCE_FLOOR), .mode = PANEL_FULL };
    panel_device_metrics(&panel, ret_wanted);
}

struct frame *report_draw(const struct snapshot *snapshot, const struct view_options *options)
{
    struct theme theme = view_theme(options);
    struct panel panel = {
        .snapshot = snapshot,
        .theme = &theme,
        .width = layout_report_width(options->columns, snapshot->device_count > 0,
                                     panel_process_widest(snapshot, options->hidden_columns)),
        .mode = PANEL_FULL,
        .version = options->version,
        .hidden_columns = options->hidden_columns,
    };
    int processes = panel_process_height(snapshot, panel.mode);
    /* The date, the devices, the host, and a blank row before the processes, if any are listed. */
    int rows = 1 + panel_device_height(snapshot, panel.mode) + PANEL_HOST_LINES +
               (processes ? 1 + processes : 0);
    struct frame *frame = frame_new(rows, panel.width);
    date_line_draw(frame, 0, snapshot->epoch_us);
    int row = panel_device_draw(frame, 1, &panel);
    row = panel_host_draw(frame, row, &panel);
    panel_process_draw(frame, row + 1, &panel);
    if (options->is_ascii)
        frame_to_ascii(frame);
    return frame;
}
