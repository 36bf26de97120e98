/*
 * Which bars stand where: tables by mode and width. Every line of the box that bars touch is
 * continued to the right border here, with the right crossing for what is above and below.
 */
#include "view/device_bars.h"

#include "core/snapshot.h"
#include "view/device_bar.h"
#include "view/layout.h"

/* [mode][two side by side?][line][side] */
static const enum device_bar_kind arrangement[2][2][2][2] = {
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
static const enum device_bar_kind mig_arrangement[2] = { BAR_MEMORY };

/* What the bars of one device are drawn from and where. */
struct canvas {
    struct frame *frame;
    const struct panel *panel;
    const struct snapshot_device *device;
    struct layout_bars place;
};

static void draw_bar(const struct canvas *canvas, int row, int column, int width,
                     enum device_bar_kind kind)
{
    struct device_bar bar = {
        .kind = device_bar_of(kind, canvas->panel),
        .row = row,
        .column = column,
        .width = width,
        .has_extra = true,
    };
    device_bar_draw(canvas->frame, &bar, canvas->panel, canvas->device);
}

/* The bars of one line, and the borders around them. */
static void draw_line(const struct canvas *canvas, int row, const enum device_bar_kind sides[2])
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
    struct canvas canvas = { frame, panel, device, place };
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

void device_bars_metrics(const struct panel *panel, struct metric_wanted *wanted)
{
    struct layout_bars place = layout_bars(panel->width);
    if (!place.room)
        return;
    device_bar_metrics(BAR_MEMORY, true, &wanted->mig); /* and no other bar */
    const enum device_bar_kind *kinds = &arrangement[panel->mode][place.left > 0][0][0];
    for (size_t i = 0; i < 4; i++)
        device_bar_metrics(device_bar_of(kinds[i], panel), true, &wanted->gpu);
}
