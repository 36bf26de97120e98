/*
 * Two lines about the host. The right part has a fixed width, that of the load averages; the left
 * bars take what remains. A value that cannot be read is N/A, and the lines stay.
 */
#include "view/panel_host.h"

#include <stdio.h>

#include "base/value.h"
#include "core/snapshot.h"
#include "view/bar.h"
#include "view/text.h"
#include "view/theme.h"

enum { RIGHT_COLUMNS = 35, GAP = 2, BRACKETS = 4 };

/* As a formatter takes it: the second value is not used here. */
static struct text_values host_value(const struct snapshot *snapshot, int id)
{
    return (struct text_values){ snapshot_host_value(snapshot, id), value_na(NVITOP_WHY_NONE) };
}

/* `[ bar ]` in one style. */
static void bracketed(struct frame *frame, int row, int column, int width, const struct bar *bar)
{
    frame_text(frame, row, column, 2, bar->style, "[ ");
    bar_draw(frame, row, column + 2, width - BRACKETS, bar);
    frame_text(frame, row, column + width - 2, 2, bar->style, " ]");
}

/* Five columns a number, so that what follows never moves. */
void panel_host_load_text(const struct snapshot *snapshot, char ret_text[TEXT_SIZE])
{
    static const int ids[] = { NVITOP_HOST_LOAD1, NVITOP_HOST_LOAD5, NVITOP_HOST_LOAD15 };
    char load[3][TEXT_SIZE];
    for (int i = 0; i < 3; i++) {
        struct text_values value = host_value(snapshot, ids[i]);
        text_load(&value, load[i]);
    }
    snprintf(ret_text, TEXT_SIZE, "Load Average: %.5s %.5s %.5s", load[0], load[1], load[2]);
}

static void draw_load(struct frame *frame, int row, int column, const struct panel *panel)
{
    char load[TEXT_SIZE], text[TEXT_SIZE];
    panel_host_load_text(panel->snapshot, load);
    snprintf(text, sizeof(text), "( %.40s )", load);
    frame_text(frame, row, column, RIGHT_COLUMNS, theme_style(panel->theme, ROLE_LOAD_AVERAGE),
               text);
}

/* The uptime is the first to go where the bar is short. */
static void draw_cpu(struct frame *frame, int row, int width, const struct panel *panel)
{
    struct text_values uptime = host_value(panel->snapshot, NVITOP_HOST_UPTIME);
    char time[TEXT_SIZE], extra[TEXT_SIZE];
    text_uptime(&uptime, time);
    snprintf(extra, sizeof(extra), "UPTIME: %.60s", time);
    struct bar bar = {
        .prefix = "CPU",
        .percent = snapshot_host_value(panel->snapshot, NVITOP_HOST_CPU_PERCENT),
        .extra = extra,
        .style = theme_style(panel->theme, ROLE_CPU),
    };
    bracketed(frame, row, 0, width, &bar);
}

static void draw_memory(struct frame *frame, int row, int width, const struct panel *panel)
{
    struct text_values used = host_value(panel->snapshot, NVITOP_HOST_MEMORY_USED);
    char bytes[TEXT_SIZE], extra[TEXT_SIZE];
    text_gib(&used, bytes);
    snprintf(extra, sizeof(extra), "USED: %.60s", bytes);
    struct bar bar = {
        .prefix = "MEM",
        .percent = snapshot_host_value(panel->snapshot, NVITOP_HOST_MEMORY_PERCENT),
        .extra = extra,
        .style = theme_style(panel->theme, ROLE_HOST_MEMORY),
    };
    bracketed(frame, row, 0, width, &bar);
}

int panel_host_draw(struct frame *frame, int top, const struct panel *panel)
{
    int left = panel->width - GAP - RIGHT_COLUMNS;
    draw_cpu(frame, top, left, panel);
    draw_load(frame, top, left + GAP, panel);
    draw_memory(frame, top + 1, left, panel);
    struct bar swap = {
        .prefix = "SWP",
        .percent = snapshot_host_value(panel->snapshot, NVITOP_HOST_SWAP_PERCENT),
        .style = theme_style(panel->theme, ROLE_SWAP),
    };
    bracketed(frame, top + 1, left + GAP, RIGHT_COLUMNS, &swap);
    return top + PANEL_HOST_LINES;
}
