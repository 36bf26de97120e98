/*
 * The process table: heading, one row per process and device in the snapshot's order, a line
 * between GPUs. Fixed columns come from process_columns.c; running time and command share what
 * is left. Invariant: the rows drawn are exactly panel_process_height.
 */
#include "view/panel_process.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/layout.h"
#include "view/panel_device.h"
#include "view/process_columns.h"
#include "view/theme.h"

enum { HEADING_ROWS = 4, GAP = 2 };

static const struct style plain = { 0 };

static int command_column(int time_width)
{
    return PROCESS_TIME_COLUMN + time_width + GAP;
}

static int32_t gpu_of(const struct snapshot *snapshot, size_t process)
{
    return snapshot->devices[snapshot->processes[process].device].physical;
}

static bool has_separator(const struct snapshot *snapshot, size_t process, enum panel_mode mode)
{
    return mode == PANEL_FULL && process > 0 &&
           gpu_of(snapshot, process) != gpu_of(snapshot, process - 1);
}

int panel_process_height(const struct snapshot *snapshot, enum panel_mode mode)
{
    if (!snapshot->has_processes)
        return 0;
    int rows = MAX_OF((int)snapshot->process_count, 1);
    for (size_t i = 0; i < snapshot->process_count; i++)
        rows += has_separator(snapshot, i, mode);
    return HEADING_ROWS + rows + 1;
}

int panel_process_widest(const struct snapshot *snapshot)
{
    int widest = snapshot->process_count ? 0 : LAYOUT_BOX;
    int start = command_column(process_time_width(snapshot));
    for (size_t i = 0; i < snapshot->process_count; i++) {
        char scratch[TEXT_SIZE];
        bool is_note;
        const char *command = process_command(&snapshot->processes[i], scratch, &is_note);
        widest = MAX_OF(widest, start + utf8_width(command) + 2);
    }
    return widest;
}

/* A line of the frame: left end, fill, right end. */
static void rule(struct frame *frame, int row, int width, const char *const shapes[3])
{
    frame_fill(frame, row, 0, 1, shapes[0]);
    frame_fill(frame, row, 1, width - 2, shapes[1]);
    frame_fill(frame, row, width - 1, 1, shapes[2]);
}

static void sides(struct frame *frame, int row, int width)
{
    frame_fill(frame, row, 0, 1, "│");
    frame_fill(frame, row, width - 1, 1, "│");
}

/* `user@host`, right-aligned; a long one loses its end. */
static void draw_viewer(struct frame *frame, int row, const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    char host[TEXT_SIZE], cut_user[TEXT_SIZE], cut_host[TEXT_SIZE];
    const char *user = text_cut_end(snapshot->user ? snapshot->user : TEXT_NA, 31, "+", cut_user);
    snprintf(host, sizeof(host), "%.200s%s", snapshot->hostname ? snapshot->hostname : TEXT_NA,
             snapshot->is_wsl ? " (WSL)" : "");
    const char *name = text_cut_end(host, panel->width - 4 - 11 - 32, "..", cut_host);
    int column = panel->width - 2 - utf8_width(user) - 1 - utf8_width(name);
    enum theme_role role = snapshot->is_superuser ? ROLE_SUPERUSER : ROLE_USER;
    column = frame_text(frame, row, column, panel->width, theme_style(panel->theme, role), user);
    column = frame_text(frame, row, column, 1, theme_style(panel->theme, ROLE_AT), "@");
    frame_text(frame, row, column, panel->width, theme_style(panel->theme, ROLE_HOSTNAME), name);
}

static int draw_heading(struct frame *frame, int row, const struct panel *panel, int time_width)
{
    static const char *const top[] = { "╒", "═", "╕" }, *const under[] = { "╞", "═", "╡" };
    rule(frame, row++, panel->width, top);
    sides(frame, row, panel->width);
    frame_text(frame, row, 2, LAYOUT_BOX, plain, "Processes:");
    draw_viewer(frame, row++, panel);
    sides(frame, row, panel->width);
    for (size_t i = 0; i < process_column_count; i++)
        column_draw(frame, row, &process_columns[i], process_columns[i].title);
    int command = command_column(time_width);
    frame_text(frame, row, command - GAP - 4, 4, plain, "TIME");
    frame_text(frame, row, command, panel->width - 2 - command, plain, "COMMAND");
    row++;
    rule(frame, row++, panel->width, under);
    return row;
}

/* The command between two columns, cut with `..`. */
static void draw_command(struct frame *frame, int row, int column, int end, struct style style,
                         const char *command)
{
    if (utf8_width(command) <= end - column) {
        frame_text(frame, row, column, end - column, style, command);
        return;
    }
    frame_text(frame, row, column, end - column - 2, style, command);
    frame_text(frame, row, end - 2, 2, style, "..");
}

static enum theme_role command_role(const struct snapshot_process *process, bool is_note,
                                    enum theme_role row)
{
    if (process->presence == PROCESS_GONE)
        return ROLE_GONE;
    return is_note ? ROLE_CAUTION : row;
}

static void draw_row(struct frame *frame, int row, const struct panel *panel,
                     const struct snapshot_process *process, int time_width)
{
    const struct snapshot *snapshot = panel->snapshot;
    const struct theme *theme = panel->theme;
    char text[TEXT_SIZE];
    sides(frame, row, panel->width);
    for (size_t i = 0; i < process_column_count; i++) {
        process_column_text(&process_columns[i], snapshot, process, text);
        column_draw(frame, row, &process_columns[i], text);
    }
    struct text_values time = { snapshot_process_value(process, NVITOP_PROC_RUNNING_TIME),
                                value_na(NVITOP_WHY_NONE) };
    text_seconds(&time, text);
    frame_text(frame, row, PROCESS_TIME_COLUMN + time_width - utf8_width(text), time_width, plain,
               text);
    bool is_foreign = !process->is_own && !snapshot->is_superuser, is_note;
    enum theme_role role = is_foreign ? ROLE_FOREIGN : ROLE_PLAIN;
    frame_restyle(frame, row, 6, panel->width - 8, theme_style(theme, role));
    const struct snapshot_device *device = &snapshot->devices[process->device];
    frame_restyle(frame, row, 1, 4, theme_style(theme, panel_device_role(device, theme)));
    const char *command = process_command(process, text, &is_note);
    draw_command(frame, row, command_column(time_width), panel->width - 2,
                 theme_style(theme, command_role(process, is_note, role)), command);
}

static int draw_empty(struct frame *frame, int row, const struct panel *panel)
{
    sides(frame, row, panel->width);
    frame_text(frame, row, 3, LAYOUT_BOX, plain,
               panel->snapshot->is_wsl ? "No running processes found (in WSL)"
                                       : "No running processes found");
    return row + 1;
}

int panel_process_draw(struct frame *frame, int top, const struct panel *panel)
{
    static const char *const between[] = { "├", "─", "┤" }, *const bottom[] = { "╘", "═", "╛" };
    const struct snapshot *snapshot = panel->snapshot;
    if (!snapshot->has_processes)
        return top;
    int time_width = process_time_width(snapshot);
    int row = draw_heading(frame, top, panel, time_width);
    for (size_t i = 0; i < snapshot->process_count; i++) {
        if (has_separator(snapshot, i, panel->mode))
            rule(frame, row++, panel->width, between);
        draw_row(frame, row++, panel, &snapshot->processes[i], time_width);
    }
    if (snapshot->process_count == 0)
        row = draw_empty(frame, row, panel);
    rule(frame, row++, panel->width, bottom);
    return row;
}
