/*
 * The metric table as a page. A metric that is added there is seen here. Invariant: every metric
 * has a line on every GPU, so a value that is missing has a reason on the screen.
 */
#include "view/page_device.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "base/value_text.h"
#include "core/snapshot.h"
#include "view/frame.h"
#include "view/model.h"
#include "view/text.h"
#include "view/theme.h"

enum {
    NAME_COLUMN = 1,
    GAP = 2,
    HELP_ROWS = 2,     /* at the bottom: a blank one, and what the current line means */
    HELP_COLUMNS = 24, /* narrower than that, no help stands beside the value */
};

static const struct style plain = { 0 };

int page_device_rows(const struct model *model)
{
    return MAX_OF(model->rows - PAGE_DEVICE_TOP - HELP_ROWS, 1);
}

int page_device_count(void)
{
    return NVITOP_DEV_COUNT;
}

static const char *value_words(const struct snapshot_device *device, const struct metric *metric,
                               char ret_text[TEXT_SIZE])
{
    struct value value = snapshot_device_value(device, metric->id);
    if (metric->tier == TIER_LANE && value.kind == NVITOP_NA && value.why == NVITOP_WHY_NOT_ASKED)
        return TEXT_NA " (only with its bars: key x)";
    value_text_of(value, metric->unit, ret_text, TEXT_SIZE);
    return ret_text;
}

/* Where name, value and help stand. */
struct places {
    int name, value, help;
    int top; /* the metric at the top of the list */
};

/* Name and value are as wide as their widest texts. */
static struct places measure(const struct snapshot_device *device)
{
    int name = 0, value = 0;
    for (int i = 0; i < NVITOP_DEV_COUNT; i++) {
        char text[TEXT_SIZE];
        name = MAX_OF(name, utf8_width(metric_device[i].name));
        value = MAX_OF(value, utf8_width(value_words(device, &metric_device[i], text)));
    }
    struct places places = { .name = NAME_COLUMN };
    places.value = places.name + name + GAP;
    places.help = places.value + value + GAP;
    return places;
}

static void draw_title(const struct model *model, const struct snapshot_device *device,
                       struct frame *frame)
{
    char title[TEXT_SIZE], index[32] = "";
    const char *name = value_text_or(snapshot_device_value(device, NVITOP_DEV_NAME), TEXT_NA);
    if (device->mig >= 0)
        snprintf(index, sizeof(index), ":%d", (int)device->mig);
    snprintf(title, sizeof(title), "GPU %d%s: %.150s", (int)device->physical, index, name);
    int column = frame_text(frame, 0, NAME_COLUMN, model->columns,
                            theme_style(model->theme, ROLE_TITLE), title);
    if (model->is_paused)
        column = frame_text(frame, 0, column + GAP, model->columns,
                            theme_style(model->theme, ROLE_PAUSED), "[PAUSED]");
    if (model->snapshot->device_count > 1)
        frame_text(frame, 0, column + GAP, model->columns, theme_style(model->theme, ROLE_FAINT),
                   "(Left and Right: other GPUs)");
}

static void draw_heading(const struct model *model, struct places places, struct frame *frame)
{
    frame_text(frame, 1, places.name, model->columns, plain, "METRIC");
    frame_text(frame, 1, places.value, model->columns, plain, "VALUE");
    if (model->columns - places.help >= HELP_COLUMNS)
        frame_text(frame, 1, places.help, model->columns, plain, "MEANING");
    frame_restyle(frame, 1, 0, model->columns,
                  theme_reverse(model->theme, theme_style(model->theme, ROLE_TITLE)));
}

/* A metric in its row; the help where there is room for some of it. */
static void draw_metric(const struct model *model, const struct snapshot_device *device, int at,
                        struct places places, struct frame *frame)
{
    const struct metric *metric = &metric_device[at];
    int row = PAGE_DEVICE_TOP + at - places.top;
    char text[TEXT_SIZE];
    bool is_na = value_is_na(snapshot_device_value(device, metric->id));
    frame_text(frame, row, places.name, model->columns, plain, metric->name);
    frame_text(frame, row, places.value, model->columns,
               theme_style(model->theme, is_na ? ROLE_CAUTION : ROLE_PLAIN),
               value_words(device, metric, text));
    int room = model->columns - places.help;
    if (room >= HELP_COLUMNS)
        frame_text(frame, row, places.help, room, theme_style(model->theme, ROLE_FAINT),
                   text_cut_end(metric->help, room, "..", text));
}

static void draw_metrics(const struct model *model, const struct device_page *page,
                         const struct snapshot_device *device, struct frame *frame)
{
    struct places places = measure(device);
    places.top = page->list.top;
    draw_heading(model, places, frame);
    for (int i = 0; i < page_device_rows(model) && page->list.top + i < NVITOP_DEV_COUNT; i++) {
        int at = page->list.top + i, row = PAGE_DEVICE_TOP + i;
        draw_metric(model, device, at, places, frame);
        if (at == page->list.current)
            frame_restyle(frame, row, 0, model->columns,
                          theme_reverse(model->theme, theme_style(model->theme, ROLE_TITLE)));
    }
}

void page_device_draw(const struct model *model, const struct device_page *page,
                      struct frame *frame)
{
    const struct snapshot *snapshot = model->snapshot;
    if (!snapshot || page->device >= snapshot->device_count) {
        frame_text(frame, 0, NAME_COLUMN, model->columns, plain, "No GPU to show.");
        return;
    }
    const struct snapshot_device *device = &snapshot->devices[page->device];
    draw_title(model, device, frame);
    draw_metrics(model, page, device, frame);
    frame_text(frame, model->rows - 1, NAME_COLUMN, model->columns,
               theme_style(model->theme, ROLE_FAINT), metric_device[page->list.current].help);
}

void page_device_metrics(struct metric_wanted *wanted)
{
    for (int i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        if (metric->tier == TIER_LANE)
            continue;
        if (metric->has != METRIC_MIG_ONLY)
            metric_set_add(&wanted->gpu, metric->id);
        if (metric->has != METRIC_GPU_ONLY)
            metric_set_add(&wanted->mig, metric->id);
    }
}
