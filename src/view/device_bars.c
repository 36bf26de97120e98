/*
 * Which bars stand where: tables by mode and width. Every line of the box that bars touch is
 * continued to the right border here, with the right crossing for what is above and below.
 */
#include "view/device_bars.h"

#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "view/bar.h"
#include "view/layout.h"
#include "view/text.h"
#include "view/theme.h"

enum kind { BAR_NONE, BAR_MEMORY, BAR_BANDWIDTH, BAR_GPU, BAR_POWER };

/* Percentages of 0 … 100, and the second text: bytes, MHz or, from mW, W (view/text.h). */
static const struct {
    const char *prefix;
    int percent, extra;
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    bool is_extra_first, is_memory; /* is_memory: coloured by the memory thresholds */
} bars[] = {
    [BAR_MEMORY] = { "MEM", NVITOP_DEV_MEMORY_PERCENT, NVITOP_DEV_MEMORY_USED, text_bytes, true,
                     true },
    [BAR_BANDWIDTH] = { "MBW", NVITOP_DEV_UTIL_MEMORY, NVITOP_DEV_CLOCK_MEMORY, text_mhz, false,
                        true },
    [BAR_GPU] = { "UTL", NVITOP_DEV_UTIL_GPU, NVITOP_DEV_CLOCK_SM, text_mhz, false, false },
    [BAR_POWER] = { "PWR", NVITOP_DEV_POWER_PERCENT, NVITOP_DEV_POWER_USAGE, text_watts, true,
                    false },
};

/* [mode][two side by side?][line][side] */
static const enum kind arrangement[2][2][2][2] = {
    [PANEL_FULL] = {
        { { BAR_MEMORY }, { BAR_GPU } },
        { { BAR_MEMORY, BAR_BANDWIDTH }, { BAR_GPU, BAR_POWER } },
    },
    [PANEL_COMPACT] = {
        { { BAR_MEMORY } },
        { { BAR_MEMORY, BAR_GPU } },
    },
};

/* A MIG device has memory of its own, but neither load nor power that the driver would tell. */
static const enum kind mig_arrangement[2] = { BAR_MEMORY };

/* Memory shared with the host: the bar says so, as its total is the host's. */
static bool is_unified(const struct snapshot_device *device)
{
    struct value kind = snapshot_device_value(device, NVITOP_DEV_MEMORY_KIND);
    return strcmp(value_text_or(kind, ""), "UMA") == 0;
}

/* What the bars of one device are drawn from and where. */
struct canvas {
    struct frame *frame;
    const struct snapshot_device *device;
    const struct theme *theme;
    struct layout_bars place;
};

static void draw_bar(const struct canvas *canvas, int row, int column, int width, enum kind kind)
{
    const struct snapshot_device *device = canvas->device;
    const struct theme *theme = canvas->theme;
    struct text_values extra = { snapshot_device_value(device, bars[kind].extra),
                                 value_na(NVITOP_WHY_NONE) };
    char text[TEXT_SIZE];
    bars[kind].format(&extra, text);
    struct value percent = snapshot_device_value(device, bars[kind].percent);
    if (percent.kind == NVITOP_REAL)
        percent.r = text_round_tenth(percent.r);
    const int *thresholds = bars[kind].is_memory ? theme->memory_thresholds : theme->gpu_thresholds;
    bool is_well = device->condition == DEVICE_OK;
    struct bar bar = {
        .prefix = kind == BAR_MEMORY && is_unified(device) ? "UMA" : bars[kind].prefix,
        .percent = percent,
        .extra = text,
        .is_extra_first = bars[kind].is_extra_first,
        .style = theme_style(theme, is_well ? theme_load(percent, thresholds) : ROLE_TROUBLE),
        .spectrum = theme,
    };
    bar_draw(canvas->frame, row, column, width, &bar);
}

/* The bars of one line, and the borders around them. */
static void draw_line(const struct canvas *canvas, int row, const enum kind sides[2])
{
    struct layout_bars place = canvas->place;
    bool is_split = sides[1] != BAR_NONE;
    draw_bar(canvas, row, LAYOUT_BAR_COLUMN, is_split ? place.left : place.single, sides[0]);
    if (is_split) {
        int split = layout_split_column(place);
        frame_fill(canvas->frame, row, split, 1, "│");
        draw_bar(canvas, row, split + 2, place.right, sides[1]);
    }
    frame_fill(canvas->frame, row, LAYOUT_BOX + place.room - 1, 1, "│");
}

/* Continues a line of the box: crossing, fill and end; `split` where two bars meet, or NULL. */
static void extend(struct frame *frame, int row, struct layout_bars place,
                   const char *const shapes[3], const char *split)
{
    frame_fill(frame, row, LAYOUT_BOX - 1, 1, shapes[0]);
    frame_fill(frame, row, LAYOUT_BOX, place.room - 1, shapes[1]);
    frame_fill(frame, row, LAYOUT_BOX + place.room - 1, 1, shapes[2]);
    if (split)
        frame_fill(frame, row, layout_split_column(place), 1, split);
}

/* The border between two bars begins, ends or goes on where a GPU meets a MIG device's one bar. */
static const char *split_above(const struct snapshot *snapshot, size_t index)
{
    bool is_single = snapshot->devices[index].mig >= 0;
    if (index == 0)
        return is_single ? NULL : "╤";
    bool was_single = snapshot->devices[index - 1].mig >= 0;
    if (is_single)
        return was_single ? NULL : "┴";
    return was_single ? "┬" : "┼";
}

void device_bars_draw(struct frame *frame, int first, int end, const struct panel *panel,
                      size_t index)
{
    static const char *const top[] = { "╪", "═", "╕" }, *const between[] = { "┼", "─", "┤" };
    struct layout_bars place = layout_bars(panel->width);
    if (!place.room)
        return;
    const struct snapshot *snapshot = panel->snapshot;
    const struct snapshot_device *device = &snapshot->devices[index];
    bool is_mig = device->mig >= 0, is_split = place.left > 0;
    bool has_line_above = index == 0 || !is_mig || snapshot->devices[index - 1].mig < 0;
    if (has_line_above)
        extend(frame, first - 1, place, index == 0 ? top : between,
               is_split ? split_above(snapshot, index) : NULL);
    struct canvas canvas = { frame, device, panel->theme, place };
    for (int row = first; row < end; row++)
        draw_line(&canvas, row,
                  is_mig ? mig_arrangement : arrangement[panel->mode][is_split][row - first]);
}

void device_bars_close(struct frame *frame, int row, const struct panel *panel)
{
    static const char *const bottom[] = { "╧", "═", "╛" };
    struct layout_bars place = layout_bars(panel->width);
    const struct snapshot *snapshot = panel->snapshot;
    if (!place.room)
        return;
    bool is_single = snapshot->devices[snapshot->device_count - 1].mig >= 0;
    extend(frame, row, place, bottom, place.left > 0 && !is_single ? "╧" : NULL);
}

void device_bars_metrics(int width, enum panel_mode mode, struct metric_wanted *wanted)
{
    struct layout_bars place = layout_bars(width);
    if (!place.room)
        return;
    metric_set_add(&wanted->gpu, NVITOP_DEV_MEMORY_KIND);
    metric_set_add(&wanted->mig, NVITOP_DEV_MEMORY_USED);
    /* The memory kind is for the prefix; MIG devices never have more than the one bar. */
    const enum kind *kinds = &arrangement[mode][place.left > 0][0][0];
    for (size_t i = 0; i < 4; i++) {
        if (kinds[i] == BAR_NONE)
            continue;
        metric_set_add(&wanted->gpu, bars[kinds[i]].percent);
        metric_set_add(&wanted->gpu, bars[kinds[i]].extra);
    }
}
