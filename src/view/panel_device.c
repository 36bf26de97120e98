/*
 * The device box. What stands in which column is in device_fields.c, the bars are in
 * device_bars.c; here is the frame around them. Invariant: the rows drawn are exactly
 * panel_device_height, and no text of a device moves a border.
 */
#include "view/panel_device.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/device_bars.h"
#include "view/device_fields.h"
#include "view/layout.h"
#include "view/text.h"

#define EMPTY_ROW "│                               │                      │                      │"
#define SEPARATOR "├───────────────────────────────┼──────────────────────┼──────────────────────┤"

static const struct style plain = { 0 };

static void line(struct frame *frame, int row, const char *text)
{
    frame_text(frame, row, 0, LAYOUT_BOX, plain, text);
}

/* Rows of a GPU and rows of its MIG devices: these always are one line, and have no separator. */
static bool is_mig(const struct snapshot_device *device)
{
    return device->mig >= 0;
}

/* A separator stands above every GPU but the first, and between a GPU and its MIG devices. */
static bool has_separator(const struct snapshot *snapshot, size_t index)
{
    return index > 0 &&
           !(is_mig(&snapshot->devices[index]) && is_mig(&snapshot->devices[index - 1]));
}

static int rows_of(const struct snapshot_device *device, enum panel_mode mode)
{
    return !is_mig(device) && mode == PANEL_FULL ? 2 : 1;
}

/* Title, heading, bottom and their rules are 7 rows, or 6 with the one-line heading; a box without
 * devices is always 5. */
int panel_device_height(const struct snapshot *snapshot, enum panel_mode mode)
{
    if (snapshot->device_count == 0)
        return 5;
    int height = mode == PANEL_FULL ? 7 : 6;
    for (size_t i = 0; i < snapshot->device_count; i++)
        height += has_separator(snapshot, i) + rows_of(&snapshot->devices[i], mode);
    return height;
}

/* Three texts, spread over the line so that both gaps are equal. */
static int draw_title(struct frame *frame, int row, const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    char program[TEXT_SIZE], driver[TEXT_SIZE], cuda[TEXT_SIZE];
    snprintf(program, sizeof(program), "NVITOP %.30s", panel->version);
    snprintf(driver, sizeof(driver), "Driver Version: %.60s",
             value_text_or(snapshot->driver_version, TEXT_NA));
    snprintf(cuda, sizeof(cuda), "CUDA Driver Version: %.30s",
             value_text_or(snapshot->cuda_version, TEXT_NA));
    int width = utf8_width(program) + utf8_width(driver) + utf8_width(cuda);
    if (width % 2 == 0) { /* 75 columns less an odd width part into two equal gaps */
        strcat(program, " ");
        width++;
    }
    char title[4 * TEXT_SIZE];
    int gap = MAX_OF(2, (75 - width) / 2);
    snprintf(title, sizeof(title), "%s%*s%s%*s%s", program, gap, "", driver, gap, "", cuda);
    line(frame, row++,
         "╒═════════════════════════════════════════════════════════════════════════════╕");
    line(frame, row,
         "│                                                                             │");
    frame_text(frame, row, 2, LAYOUT_BOX - 4, plain, title);
    return row + 1;
}

static int draw_no_devices(struct frame *frame, int row)
{
    line(frame, row++,
         "╞═════════════════════════════════════════════════════════════════════════════╡");
    line(frame, row++,
         "│  No visible devices found                                                   │");
    line(frame, row++,
         "╘═════════════════════════════════════════════════════════════════════════════╛");
    return row;
}

static int draw_heading(struct frame *frame, int row, const struct panel *panel)
{
    line(frame, row++,
         "├───────────────────────────────┬──────────────────────┬──────────────────────┤");
    if (panel->mode == PANEL_COMPACT) {
        line(frame, row++,
             "│ GPU Fan Temp Perf Pwr:Usg/Cap │         Memory-Usage │ GPU-Util  Compute M. │");
    } else {
        line(frame, row,
             "│ GPU  Name        Persistence-M│ Bus-Id        Disp.A │ Volatile Uncorr. ECC │");
        if (device_fields_have_mig(panel->snapshot))
            frame_text(frame, row, 57, 20, plain, "MIG M.   Uncorr. ECC");
        row++;
        line(frame, row++,
             "│ Fan  Temp  Perf  Pwr:Usage/Cap│         Memory-Usage │ GPU-Util  Compute M. │");
    }
    line(frame, row++,
         "╞═══════════════════════════════╪══════════════════════╪══════════════════════╡");
    return row;
}

/* Only what is between the borders, blanks included: borders keep the terminal's colour. */
static void colour_cells(struct frame *frame, int row, struct style style)
{
    frame_restyle(frame, row, 1, 31, style);
    frame_restyle(frame, row, 33, 22, style);
    frame_restyle(frame, row, 56, 22, style);
}

static int draw_device(struct frame *frame, int row, const struct panel *panel, size_t index)
{
    const struct snapshot_device *device = &panel->snapshot->devices[index];
    struct style style = theme_style(panel->theme, panel_device_role(device, panel->theme));
    int count = rows_of(device, panel->mode);
    for (int i = 0; i < count; i++) {
        line(frame, row + i, EMPTY_ROW);
        device_fields_draw(frame, row + i, i, panel, device);
        colour_cells(frame, row + i, style);
    }
    return row + count;
}

int panel_device_draw(struct frame *frame, int top, const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    int row = draw_title(frame, top, panel);
    if (snapshot->device_count == 0)
        return draw_no_devices(frame, row);
    row = draw_heading(frame, row, panel);
    for (size_t i = 0; i < snapshot->device_count; i++) {
        if (has_separator(snapshot, i))
            line(frame, row++, SEPARATOR);
        int first = row;
        row = draw_device(frame, row, panel, i);
        device_bars_draw(frame, first, row, panel, i);
    }
    line(frame, row,
         "╘═══════════════════════════════╧══════════════════════╧══════════════════════╛");
    device_bars_close(frame, row, panel);
    return row + 1;
}

void panel_device_metrics(int width, enum panel_mode mode, struct metric_wanted *wanted)
{
    device_fields_metrics(mode, wanted);
    device_bars_metrics(width, mode, wanted);
    metric_set_add(&wanted->gpu, NVITOP_DEV_MEMORY_PERCENT); /* for the colours */
    metric_set_add(&wanted->mig, NVITOP_DEV_MEMORY_PERCENT);
    metric_set_add(&wanted->gpu, NVITOP_DEV_UTIL_GPU);
}

enum theme_role panel_device_role(const struct snapshot_device *device, const struct theme *theme)
{
    if (device->condition != DEVICE_OK && device->condition != DEVICE_SUSPENDED)
        return ROLE_TROUBLE;
    enum theme_role memory = theme_load(snapshot_device_value(device, NVITOP_DEV_MEMORY_PERCENT),
                                        theme->memory_thresholds);
    if (is_mig(device))
        return memory;
    enum theme_role gpu =
        theme_load(snapshot_device_value(device, NVITOP_DEV_UTIL_GPU), theme->gpu_thresholds);
    return MAX_OF(memory, gpu); /* the roles of load ascend */
}
