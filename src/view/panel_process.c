/*
 * The process table: heading, one row per process and device in the snapshot's order, a line
 * between GPUs. What stands where comes from process_columns.c. Invariant: the rows drawn are
 * exactly panel_process_height, whatever the processes are called.
 */
#include "view/panel_process.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/column.h"
#include "view/layout.h"
#include "view/process_columns.h"
#include "view/text.h"
#include "view/theme.h"
#include "view/viewer.h"

enum { HEADING_ROWS = 4 };

static const struct style plain = { 0 };

static int32_t gpu_of(const struct snapshot *snapshot, size_t process)
{
    return snapshot->devices[snapshot->processes[process].device].physical;
}

/* By physical GPU: the MIG devices of one are not set apart. */
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
    size_t last = process_column_count - 1;
    struct column places[COLUMN_COUNT];
    process_columns_place(snapshot, 0, places); /* starts do not depend on the width */
    for (size_t i = 0; i < snapshot->process_count; i++) {
        struct process_row row = { snapshot, &snapshot->processes[i] };
        char scratch[TEXT_SIZE];
        const char *text = process_cell(&process_columns[last], &row, scratch);
        widest = MAX_OF(widest, places[last].start + utf8_width(text) + 2);
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

/* A text as long as may be: no buffer holds it, it is cut where it is drawn. */
static void draw_rest(struct frame *frame, int row, const struct column *place, const char *text)
{
    int mark = utf8_width(text) > place->width ? utf8_width(place->mark) : 0;
    frame_text(frame, row, place->start, place->width - mark, plain, text);
    frame_text(frame, row, place->start + place->width - mark, mark, plain, place->mark);
}

static void draw_cell(struct frame *frame, int row, size_t column, const struct column *place,
                      const char *text)
{
    if (process_columns[column].kind == WIDTH_REST)
        draw_rest(frame, row, place, text);
    else
        column_draw(frame, row, place, text);
}

static int draw_heading(struct frame *frame, int row, const struct panel *panel,
                        const struct column *places)
{
    static const char *const top[] = { "╒", "═", "╕" }, *const under[] = { "╞", "═", "╡" };
    rule(frame, row++, panel->width, top);
    sides(frame, row, panel->width);
    frame_text(frame, row, 2, LAYOUT_BOX, plain, "Processes:");
    viewer_draw(frame, row++, panel);
    sides(frame, row, panel->width);
    for (size_t i = 0; i < process_column_count; i++)
        draw_cell(frame, row, i, &places[i], process_columns[i].title);
    row++;
    rule(frame, row++, panel->width, under);
    return row;
}

/* The row's style runs from the first cell that has none of its own to the border. */
static int style_start(const struct column *places)
{
    size_t i = 0;
    while (i < process_column_count - 1 && process_columns[i].role)
        i++;
    return places[i].start;
}

static void draw_row(struct frame *frame, int row, const struct panel *panel,
                     const struct process_row *process, const struct column *places)
{
    const struct theme *theme = panel->theme;
    int widths[COLUMN_COUNT]; /* of what a style of a cell's own covers */
    sides(frame, row, panel->width);
    for (size_t i = 0; i < process_column_count; i++) {
        char scratch[TEXT_SIZE];
        const char *text = process_cell(&process_columns[i], process, scratch);
        draw_cell(frame, row, i, &places[i], text);
        widths[i] = process_columns[i].kind == WIDTH_REST
                        ? MIN_OF(utf8_width(text), places[i].width)
                        : places[i].width;
    }
    /* Somebody else's processes are dim: no key of the viewer would act on them. To root, all are
     * its own. */
    bool is_foreign = !process->process->is_own && !process->snapshot->is_superuser;
    enum theme_role role = is_foreign ? ROLE_FOREIGN : ROLE_PLAIN;
    int start = style_start(places);
    frame_restyle(frame, row, start, panel->width - 2 - start, theme_style(theme, role));
    for (size_t i = 0; i < process_column_count; i++) {
        const struct process_column *column = &process_columns[i];
        if (column->role)
            frame_restyle(frame, row, places[i].start, widths[i],
                          theme_style(theme, column->role(process, theme, role)));
    }
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
    struct column places[COLUMN_COUNT];
    process_columns_place(snapshot, panel->width, places);
    int row = draw_heading(frame, top, panel, places);
    for (size_t i = 0; i < snapshot->process_count; i++) {
        if (has_separator(snapshot, i, panel->mode))
            rule(frame, row++, panel->width, between);
        struct process_row process = { snapshot, &snapshot->processes[i] };
        draw_row(frame, row++, panel, &process, places);
    }
    if (snapshot->process_count == 0)
        row = draw_empty(frame, row, panel);
    rule(frame, row++, panel->width, bottom);
    return row;
}
