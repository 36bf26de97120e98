/*
 * Bars of a device, a row of a table each. Invariant: a bar whose value is not known is drawn at
 * full width all the same, so that no column moves.
 */
#include "view/device_bar.h"

#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "view/bar.h"
#include "view/device_style.h"
#include "view/model.h"
#include "view/text.h"
#include "view/theme.h"

#define DEV(name) NVITOP_DEV_##name

/* Percentages of 0 … 100, and the second text: bytes, MHz, from mW, W, from KiB/s, what fits. */
static const struct {
    const char *prefix;
    int percent, extra;
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    bool is_extra_first;
    bool is_memory; /* coloured by the memory thresholds */
    bool is_pcie;   /* `percent` is no percentage: it is one of what the link can do */
} bars[BAR_KIND_COUNT] = {
    [BAR_MEMORY] = { "MEM", DEV(MEMORY_PERCENT), DEV(MEMORY_USED), text_bytes, true, true, false },
    [BAR_BANDWIDTH] = { "MBW", DEV(UTIL_MEMORY), DEV(CLOCK_MEMORY), text_mhz, false, true, false },
    [BAR_GPU] = { "UTL", DEV(UTIL_GPU), DEV(CLOCK_SM), text_mhz, false, false, false },
    [BAR_POWER] = { "PWR", DEV(POWER_PERCENT), DEV(POWER_USAGE), text_watts, true, false, false },
    [BAR_PCIE_RX] = { " RX", DEV(PCIE_RX), DEV(PCIE_RX), text_throughput, true, false, true },
    [BAR_PCIE_TX] = { " TX", DEV(PCIE_TX), DEV(PCIE_TX), text_throughput, true, false, true },
};

enum device_bar_kind device_bar_of(enum device_bar_kind kind, const struct panel *panel)
{
    if (!panel->model || !panel->model->has_pcie_bars)
        return kind;
    return kind == BAR_BANDWIDTH ? BAR_PCIE_RX : kind == BAR_POWER ? BAR_PCIE_TX : kind;
}

/* Memory shared with the host: the bar says so, as its total is the host's. */
static bool is_unified(const struct snapshot_device *device)
{
    struct value kind = snapshot_device_value(device, DEV(MEMORY_KIND));
    return strcmp(value_text_or(kind, ""), "UMA") == 0;
}

/* What the link could carry at most one way, in KiB/s, by its generation and its lanes. */
static struct value link_limit(const struct snapshot_device *device)
{
    static const double lane_mb[] = { 0, 250, 500, 984.6, 1969.2, 3938.5, 7563 };
    struct value generation = snapshot_device_value(device, DEV(PCIE_GENERATION_MAX));
    struct value width = snapshot_device_value(device, DEV(PCIE_WIDTH_MAX));
    bool is_known = generation.kind == NVITOP_INT && generation.i > 0 &&
                    generation.i < (int64_t)ARRAY_LEN(lane_mb) && width.kind == NVITOP_INT &&
                    width.i > 0;
    if (!is_known)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    return value_real(lane_mb[generation.i] * (double)width.i * 1e6 / 1024);
}

static struct value percent_of(const struct snapshot_device *device, enum device_bar_kind kind)
{
    struct value percent = snapshot_device_value(device, bars[kind].percent);
    if (bars[kind].is_pcie)
        percent = value_percent(percent, link_limit(device));
    if (percent.kind == NVITOP_REAL)
        percent.r = text_round_tenth(percent.r);
    return percent;
}

void device_bar_draw(struct frame *frame, const struct device_bar *bar, const struct panel *panel,
                     const struct snapshot_device *device)
{
    const struct theme *theme = panel->theme;
    enum device_bar_kind kind = bar->kind;
    struct text_values extra = { snapshot_device_value(device, bars[kind].extra),
                                 value_na(NVITOP_WHY_NONE) };
    char text[TEXT_SIZE] = "";
    if (bar->has_extra)
        bars[kind].format(&extra, text);
    struct value percent = percent_of(device, kind);
    const int *thresholds = bars[kind].is_memory ? theme->memory_thresholds : theme->gpu_thresholds;
    enum theme_role role = device_style_role(device, theme);
    bool is_well = device->condition == DEVICE_OK;
    struct bar drawn = {
        .prefix = kind == BAR_MEMORY && is_unified(device) ? "UMA" : bars[kind].prefix,
        .percent = percent,
        .extra = text,
        .is_extra_first = bars[kind].is_extra_first,
        .is_value_last = bar->is_listed,
        .style = theme_style(theme, is_well ? theme_load(percent, thresholds) : role),
        .spectrum = theme,
    };
    if (bar->is_listed)
        drawn.prefix = NULL;
    bar_draw(frame, bar->row, bar->column, bar->width, &drawn);
    frame_emphasise(frame, bar->row, bar->column, bar->width,
                    device_style_attributes(device, panel));
}

void device_bar_metrics(enum device_bar_kind kind, bool has_extra, struct metric_set *set)
{
    if (kind == BAR_NONE)
        return;
    metric_set_add(set, bars[kind].percent);
    if (has_extra)
        metric_set_add(set, bars[kind].extra);
    if (bars[kind].is_pcie) {
        metric_set_add(set, DEV(PCIE_GENERATION_MAX));
        metric_set_add(set, DEV(PCIE_WIDTH_MAX));
    }
    if (kind == BAR_MEMORY)
        metric_set_add(set, DEV(MEMORY_KIND)); /* for the prefix */
}
