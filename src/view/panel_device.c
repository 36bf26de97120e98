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
#include "view/device_slowed.h"
#include "view/device_style.h"
#include "view/layout.h"
#include "view/model.h"
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

bool panel_device_has_rows(const struct snapshot *snapshot)
{
    return snapshot->device_count > 0 && snapshot->driver_state == DRIVER_OK;
}

/* Title, heading, bottom and their rules are 7 rows, or 6 with the one-line heading; a box without
 * devices is always 5. */
int panel_device_height(const struct snapshot *snapshot, enum panel_mode mode)
{
    if (!panel_device_has_rows(snapshot))
        return 5;
    int height = mode == PANEL_FULL ? 7 : 6;
    for (size_t i = 0; i < snapshot->device_count; i++)
        height += has_separator(snapshot, i) + rows_of(&snapshot->devices[i], mode);
    return height;
}

/* How long the driver has been as it is, for the viewer's clock; a clock set back counts as 0. */
static unsigned long long seconds_since(const struct panel *panel, uint64_t since_us)
{
    uint64_t now_us = panel->model ? panel->model->epoch_us : panel->snapshot->epoch_us;
    return now_us > since_us ? (now_us - since_us) / 1000000 : 0;
}

/* The line of a box that lists no devices. */
static const char *message_of(const struct panel *panel, char ret_scratch[TEXT_SIZE])
{
    const struct snapshot *snapshot = panel->snapshot;
    switch (snapshot->driver_state) {
    case DRIVER_WAITING:
        snprintf(ret_scratch, TEXT_SIZE, "Waiting for the driver: %llu s",
                 seconds_since(panel, snapshot->driver_since_us));
        return ret_scratch;
    case DRIVER_FAILED:
        snprintf(ret_scratch, TEXT_SIZE, "%.200s; trying again",
                 snapshot->driver_text ? snapshot->driver_text : "The driver fails");
        return ret_scratch;
    default: return "No visible devices found";
    }
}

/* Three texts, spread over the line so that both gaps are equal. */
void panel_device_draw_versions(struct frame *frame, int row, const struct panel *panel)
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
    frame_text(frame, row, 2, LAYOUT_BOX - 4, plain, title);
}

static int draw_title(struct frame *frame, int row, const struct panel *panel)
{
    line(frame, row++,
         "╒═════════════════════════════════════════════════════════════════════════════╕");
    line(frame, row,
         "│                                                                             │");
    panel_device_draw_versions(frame, row, panel);
    return row + 1;
}

static int draw_message(struct frame *frame, int row, const struct panel *panel)
{
    char scratch[TEXT_SIZE], cut[TEXT_SIZE];
    const char *text = message_of(panel, scratch);
    bool is_trouble = panel->snapshot->driver_state == DRIVER_FAILED;
    line(frame, row++,
         "╞═════════════════════════════════════════════════════════════════════════════╡");
    line(frame, row,
         "│                                                                             │");
    frame_text(frame, row++, 3, LAYOUT_BOX - 5,
               is_trouble ? theme_style(panel->theme, ROLE_TROUBLE) : plain,
               text_cut_end(text, LAYOUT_BOX - 5, "..", cut));
    line(frame, row++,
         "╘═════════════════════════════════════════════════════════════════════════════╛");
    return row;
}

static int draw_heading(struct frame *frame, int row, const struct device_row *what)
{
    line(frame, row++,
         "├───────────────────────────────┬──────────────────────┬──────────────────────┤");
    if (what->panel->mode == PANEL_COMPACT) {
        line(frame, row++,
             "│ GPU Fan Temp Perf Pwr:Usg/Cap │         Memory-Usage │ GPU-Util  Compute M. │");
    } else {
        line(frame, row,
             "│ GPU  Name        Persistence-M│ Bus-Id        Disp.A │ Volatile Uncorr. ECC │");
        if (what->columns.has_mig_modes)
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

static int draw_device(struct frame *frame, int row, const struct device_row *what)
{
    const struct panel *panel = what->panel;
    struct style style = theme_style(panel->theme, device_style_role(what->device, panel->theme));
    style.attrs |= (uint8_t)device_style_attributes(what->device, panel);
    int count = rows_of(what->device, panel->mode);
    for (int i = 0; i < count; i++) {
        line(frame, row + i, EMPTY_ROW);
        device_fields_draw(frame, row + i, i, what);
        colour_cells(frame, row + i, style);
    }
    return row + count;
}

/* Rows of a device and of the line above it, that can be seen at all. */
static bool is_visible(const struct frame *frame, int first, int end)
{
    return end > 0 && first - 1 < frame_rows(frame);
}

int panel_device_draw(struct frame *frame, int top, const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    int row = draw_title(frame, top, panel);
    if (!panel_device_has_rows(snapshot))
        return draw_message(frame, row, panel);
    struct device_row what = { panel, NULL, device_fields_columns(snapshot) };
    row = draw_heading(frame, row, &what);
    for (size_t i = 0; i < snapshot->device_count; i++) {
        what.device = &snapshot->devices[i];
        int first = row + has_separator(snapshot, i),
            end = first + rows_of(what.device, panel->mode);
        if (is_visible(frame, first, end)) {
            if (first > row)
                line(frame, row, SEPARATOR);
            draw_device(frame, first, &what);
            device_bars_draw(frame, first, end, panel, i);
        }
        row = end;
    }
    line(frame, row,
         "╘═══════════════════════════════╧══════════════════════╧══════════════════════╛");
    device_bars_close(frame, row, panel);
    return row + 1;
}

void panel_device_draw_slowed(struct frame *frame, int top, const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    if (!panel_device_has_rows(snapshot))
        return;
    int row = top + (panel->mode == PANEL_FULL ? 6 : 5);
    for (size_t i = 0; i < snapshot->device_count; i++) {
        const struct snapshot_device *device = &snapshot->devices[i];
        char reasons[TEXT_SIZE], text[TEXT_SIZE];
        row += has_separator(snapshot, i) + rows_of(device, panel->mode);
        device_slowed_text(device, reasons);
        if (!reasons[0] || device->condition != DEVICE_OK)
            continue;
        snprintf(text, sizeof(text), " GPU %d slowed: %.200s ", (int)device->physical, reasons);
        struct style style = theme_style(panel->theme, ROLE_CAUTION);
        style.attrs |= (uint8_t)device_style_attributes(device, panel);
        frame_text(frame, row, 2, LAYOUT_BOX - 4, style, text);
    }
}

void panel_device_metrics(const struct panel *panel, struct metric_wanted *wanted)
{
    device_fields_metrics(panel->mode, wanted);
    device_bars_metrics(panel, wanted);
    panel_device_colour_metrics(wanted);
    if (panel->model)
        metric_set_add(&wanted->gpu, NVITOP_DEV_EVENT_REASONS);
}

void panel_device_colour_metrics(struct metric_wanted *wanted)
{
    metric_set_add(&wanted->gpu, NVITOP_DEV_MEMORY_PERCENT);
    metric_set_add(&wanted->mig, NVITOP_DEV_MEMORY_PERCENT);
    metric_set_add(&wanted->gpu, NVITOP_DEV_UTIL_GPU);
}
