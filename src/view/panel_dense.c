/*
 * One line a device. Which columns there are follows from the width alone: a wider screen brings
 * more of them, in the order of their worth, and the bars share what is left. Invariants: the
 * columns of a width are the same for all devices, and nothing is asked for a column that is not
 * there.
 */
#include "view/panel_dense.h"

#include <stdio.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "view/column.h"
#include "view/device_bar.h"
#include "view/device_fields.h"
#include "view/device_slowed.h"
#include "view/device_style.h"
#include "view/panel_device.h"
#include "view/text.h"
#include "view/theme.h"

#define DEV(name) NVITOP_DEV_##name

enum {
    TITLE_ROWS = 2,   /* border and title */
    HEADING_ROWS = 4, /* and names of the columns, and a rule */
    FIRST_COLUMN = 1, /* right of the border */
    BAR_GAP = 2,
    EXTRA_FROM = 30, /* columns of a bar that has room for a second text */
};

/* Widths of the screen from which on there is more. Each leaves 15 columns or more to a bar. */
enum { CAP_FROM = 90, NAME_FROM = 110, WORDS_FROM = 128, FAN_FROM = 140, FOUR_BARS_FROM = 176 };

static const struct style plain = { 0 };

/* ---- columns of text ---- */

struct field {
    const char *title;
    struct column place; /* its start follows from those before it */
    int from, below;     /* widths of the screen; below 0: no limit */
    bool has_mig;        /* MIG devices have it as well */
    int sources[2];      /* metrics; 0: none */
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    /* What is no metric's text alone; NULL: `format`. */
    void (*text)(const struct snapshot_device *device, char ret_text[TEXT_SIZE]);
};

static struct text_values values_of(const struct snapshot_device *device, const int sources[2])
{
    struct value none = value_na(NVITOP_WHY_NOT_APPLICABLE);
    return (struct text_values){
        sources[0] ? snapshot_device_value(device, sources[0]) : none,
        sources[1] ? snapshot_device_value(device, sources[1]) : none,
    };
}

static void index_text(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    if (device->mig < 0)
        snprintf(ret_text, TEXT_SIZE, "%4d ", (int)device->physical);
    else
        snprintf(ret_text, TEXT_SIZE, "%2d:%-2d", (int)device->physical, (int)device->mig);
}

#define CELL(TITLE, WIDTH, ALIGN, FROM, BELOW, ...)                                                \
    {                                                                                              \
        .title = TITLE, .place.width = WIDTH, .place.align = ALIGN_##ALIGN, .from = FROM,          \
        .below = BELOW, __VA_ARGS__                                                                \
    }
#define METRIC(FORMAT, ...) .format = FORMAT, .sources = { __VA_ARGS__ }
#define CUT_START .place.mark = "..", .place.is_cut_at_start = true
#define CUT_END .place.mark = ".."

static const struct field cells[] = {
    CELL("GPU ", 5, RIGHT, 0, 0, .text = index_text, .has_mig = true),
    CELL("Name", 19, LEFT, NAME_FROM, 0, METRIC(text_name, DEV(NAME)), CUT_START),
    CELL("Fan", 3, RIGHT, FAN_FROM, 0, METRIC(text_percent_max, DEV(FAN_SPEED))),
    CELL("Temp", 4, RIGHT, 0, 0, METRIC(text_celsius, DEV(TEMPERATURE))),
    CELL("Perf", 4, CENTRE, FAN_FROM, 0, METRIC(text_pstate, DEV(PSTATE))),
    CELL("Power", 5, RIGHT, 0, CAP_FROM, METRIC(text_watts, DEV(POWER_USAGE))),
    CELL("Pwr:Usage/Cap", 13, RIGHT, CAP_FROM, 0,
         METRIC(text_power, DEV(POWER_USAGE), DEV(POWER_LIMIT))),
    CELL("Slow", 5, LEFT, 0, WORDS_FROM, .text = device_slowed_word,
         .sources = { DEV(EVENT_REASONS) }, CUT_END),
    CELL("Slowed by", 20, LEFT, WORDS_FROM, 0, .text = device_slowed_text,
         .sources = { DEV(EVENT_REASONS) }, CUT_END),
    CELL("Memory-Usage", 20, RIGHT, 0, 0, METRIC(text_memory, DEV(MEMORY_USED), DEV(MEMORY_TOTAL)),
         .has_mig = true),
};

/* The metrics of what MIG devices have in place of name and sensors. */
static const int mig_name[] = { DEV(NAME), DEV(GPU_INSTANCE_ID), DEV(COMPUTE_INSTANCE_ID) };

static bool is_shown(const struct field *cell, int width)
{
    return width >= cell->from && (!cell->below || width < cell->below);
}

/* ---- bars ---- */

static const enum device_bar_kind kinds[] = { BAR_MEMORY, BAR_GPU, BAR_BANDWIDTH, BAR_POWER };
static const char *const bar_titles[BAR_KIND_COUNT] = {
    [BAR_MEMORY] = "MEM", [BAR_GPU] = "UTL",    [BAR_BANDWIDTH] = "MBW",
    [BAR_POWER] = "PWR",  [BAR_PCIE_RX] = "RX", [BAR_PCIE_TX] = "TX",
};

/* Where everything stands on a screen of that width. */
struct places {
    int starts[ARRAY_LEN(cells)]; /* 0: not there */
    int bars, bar_count, bar_width, end;
};

static struct places place(int width)
{
    struct places places = { .bar_count = width >= FOUR_BARS_FROM ? 4 : 2, .end = width - 2 };
    int column = FIRST_COLUMN;
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        if (!is_shown(&cells[i], width))
            continue;
        places.starts[i] = column;
        column += cells[i].place.width + 1;
    }
    places.bars = column;
    places.bar_width = (places.end - column + BAR_GAP) / places.bar_count - BAR_GAP;
    return places;
}

static int bar_start(const struct places *places, int bar)
{
    return places->bars + bar * (places->bar_width + BAR_GAP);
}

/* The last one takes what the division has left over. */
static int bar_width(const struct places *places, int bar)
{
    return bar + 1 < places->bar_count ? places->bar_width : places->end - bar_start(places, bar);
}

/* ---- drawing ---- */

/* What everything is drawn into and from. */
struct canvas {
    struct frame *frame;
    const struct panel *panel;
    struct places places;
};

static void draw_rule(const struct canvas *canvas, int row, const char *const shapes[3])
{
    int last = canvas->panel->width - 1;
    frame_fill(canvas->frame, row, 0, 1, shapes[0]);
    frame_fill(canvas->frame, row, 1, last - 1, shapes[1]);
    frame_fill(canvas->frame, row, last, 1, shapes[2]);
}

static void draw_sides(const struct canvas *canvas, int row)
{
    frame_fill(canvas->frame, row, 0, 1, "│");
    frame_fill(canvas->frame, row, canvas->panel->width - 1, 1, "│");
}

static void draw_text(const struct canvas *canvas, int row, size_t cell, const char *text)
{
    struct column at = cells[cell].place;
    at.start = canvas->places.starts[cell];
    column_draw(canvas->frame, row, &at, text);
}

static int draw_heading(const struct canvas *canvas, int row)
{
    static const char *const top[] = { "╒", "═", "╕" }, *const rule[] = { "╞", "═", "╡" };
    draw_rule(canvas, row++, top);
    draw_sides(canvas, row);
    panel_device_draw_versions(canvas->frame, row++, canvas->panel);
    draw_sides(canvas, row);
    for (size_t i = 0; i < ARRAY_LEN(cells); i++)
        if (canvas->places.starts[i])
            draw_text(canvas, row, i, cells[i].title);
    for (int i = 0; i < canvas->places.bar_count; i++)
        frame_text(canvas->frame, row, bar_start(&canvas->places, i), canvas->places.bar_width,
                   plain, bar_titles[device_bar_of(kinds[i], canvas->panel)]);
    row++;
    draw_rule(canvas, row++, rule);
    return row;
}

static void draw_bars(const struct canvas *canvas, int row, const struct snapshot_device *device)
{
    int count = device->mig < 0 ? canvas->places.bar_count : 1; /* a MIG device has its memory */
    for (int i = 0; i < count; i++) {
        struct device_bar bar = {
            .kind = device_bar_of(kinds[i], canvas->panel),
            .row = row,
            .column = bar_start(&canvas->places, i),
            .width = bar_width(&canvas->places, i),
            .is_listed = true,
            .has_extra = canvas->places.bar_width >= EXTRA_FROM,
        };
        device_bar_draw(canvas->frame, &bar, canvas->panel, device);
    }
}

/* From behind the index up to the given column: why there are no values. */
static void draw_over(const struct canvas *canvas, int row, int end, const char *text)
{
    struct column at = { .start = FIRST_COLUMN + cells[0].place.width + 1, .mark = ".." };
    at.width = end - at.start;
    column_draw(canvas->frame, row, &at, text);
}

/* `1g.5gb 7/0`: what it is, and its GPU and compute instance. */
static void draw_mig_name(const struct canvas *canvas, int row,
                          const struct snapshot_device *device)
{
    struct text_values name = values_of(device, (const int[]){ mig_name[0], 0 });
    struct text_values gpu = values_of(device, (const int[]){ mig_name[1], 0 });
    struct text_values compute = values_of(device, (const int[]){ mig_name[2], 0 });
    char profile[TEXT_SIZE], instance[TEXT_SIZE], part[TEXT_SIZE], text[TEXT_SIZE];
    text_profile(&name, profile);
    text_number(&gpu, instance);
    text_number(&compute, part);
    snprintf(text, sizeof(text), "%.60s %.20s/%.20s", profile, instance, part);
    draw_over(canvas, row, canvas->places.starts[ARRAY_LEN(cells) - 1] - 1, text);
}

static void draw_cells(const struct canvas *canvas, int row, const struct snapshot_device *device)
{
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        char text[TEXT_SIZE];
        if (!canvas->places.starts[i] || (device->mig >= 0 && !cells[i].has_mig))
            continue;
        struct text_values values = values_of(device, cells[i].sources);
        if (cells[i].text)
            cells[i].text(device, text);
        else
            cells[i].format(&values, text);
        draw_text(canvas, row, i, text);
    }
}

static void draw_device(const struct canvas *canvas, int row, const struct snapshot_device *device)
{
    char scratch[TEXT_SIZE], index[TEXT_SIZE];
    const char *trouble = device_fields_trouble(device, scratch);
    struct style style =
        theme_style(canvas->panel->theme, device_style_role(device, canvas->panel->theme));
    style.attrs |= (uint8_t)device_style_attributes(device, canvas->panel);
    draw_sides(canvas, row);
    if (trouble) {
        index_text(device, index);
        draw_text(canvas, row, 0, index);
        draw_over(canvas, row, canvas->places.end, trouble);
    } else {
        draw_cells(canvas, row, device);
        if (device->mig >= 0)
            draw_mig_name(canvas, row, device);
    }
    frame_restyle(canvas->frame, row, FIRST_COLUMN, canvas->places.end - FIRST_COLUMN, style);
    if (!trouble)
        draw_bars(canvas, row, device);
}

int panel_dense_height(const struct snapshot *snapshot)
{
    if (!panel_device_has_rows(snapshot))
        return panel_device_height(snapshot, PANEL_COMPACT);
    return HEADING_ROWS + (int)snapshot->device_count + 1;
}

int panel_dense_draw(struct frame *frame, int top, const struct panel *panel)
{
    static const char *const bottom[] = { "╘", "═", "╛" };
    const struct snapshot *snapshot = panel->snapshot;
    struct canvas canvas = { frame, panel, place(panel->width) };
    if (!panel_device_has_rows(snapshot))
        return panel_device_draw(frame, top, panel);
    int row = draw_heading(&canvas, top);
    for (size_t i = 0; i < snapshot->device_count; i++, row++)
        if (row >= 0 && row < frame_rows(frame))
            draw_device(&canvas, row, &snapshot->devices[i]);
    draw_rule(&canvas, row, bottom);
    return row + 1;
}

void panel_dense_metrics(const struct panel *panel, struct metric_wanted *wanted)
{
    struct places places = place(panel->width);
    bool has_extra = places.bar_width >= EXTRA_FROM;
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        for (size_t j = 0; j < 2 && places.starts[i] && cells[i].sources[j]; j++) {
            metric_set_add(&wanted->gpu, cells[i].sources[j]);
            if (cells[i].has_mig)
                metric_set_add(&wanted->mig, cells[i].sources[j]);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(mig_name); i++)
        metric_set_add(&wanted->mig, mig_name[i]);
    device_bar_metrics(BAR_MEMORY, has_extra, &wanted->mig);
    for (int i = 0; i < places.bar_count; i++)
        device_bar_metrics(device_bar_of(kinds[i], panel), has_extra, &wanted->gpu);
    panel_device_colour_metrics(wanted);
}
