/*
 * The process box: heading, one row per process and device, a line between GPUs. What a row looks
 * like is process_table's. In a report the rows are in the snapshot's order and the box is
 * panel_process_height rows high; in a monitor the caution row stands above it, and only rows on
 * the screen are drawn, however many processes there are.
 */
#include "view/panel_process.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/caution_row.h"
#include "view/layout.h"
#include "view/model.h"
#include "view/process_list.h"
#include "view/process_table.h"
#include "view/viewer.h"

static const struct style plain = { 0 };

static int32_t gpu_of(const struct snapshot *snapshot, size_t process)
{
    return snapshot->devices[snapshot->processes[process].device].physical;
}

bool panel_process_has_line(const struct snapshot *snapshot, const struct process_list *list,
                            size_t at)
{
    return at > 0 && gpu_of(snapshot, list->rows[at]) != gpu_of(snapshot, list->rows[at - 1]);
}

static bool has_line(const struct panel *panel, const struct process_list *list, size_t at)
{
    return panel->mode == PANEL_FULL && panel_process_has_line(panel->snapshot, list, at);
}

/* A report shows all, in the snapshot's own order. */
static void list_all(const struct snapshot *snapshot, struct process_list *ret_list)
{
    size_t *rows = xcalloc(snapshot->process_count + 1, sizeof(*rows));
    for (size_t i = 0; i < snapshot->process_count; i++)
        rows[i] = i;
    *ret_list = (struct process_list){ rows, snapshot->process_count };
}

static void list_of(const struct panel *panel, struct process_list *ret_list)
{
    if (panel->model)
        process_list_make(panel->model, ret_list);
    else
        list_all(panel->snapshot, ret_list);
}

int panel_process_height(const struct snapshot *snapshot, enum panel_mode mode)
{
    if (!snapshot->has_processes)
        return 0;
    struct panel panel = { .snapshot = snapshot, .mode = mode };
    struct process_list list;
    list_all(snapshot, &list);
    int rows = MAX_OF((int)list.count, 1);
    for (size_t i = 0; i < list.count; i++)
        rows += has_line(&panel, &list, i);
    process_list_done(&list);
    return PANEL_PROCESS_HEADING + rows + 1;
}

int panel_process_widest(const struct snapshot *snapshot, uint32_t hidden)
{
    int widest = snapshot->process_count ? 0 : LAYOUT_BOX;
    struct column places[COLUMN_COUNT];
    process_columns_place(snapshot, hidden, 0, places); /* starts do not depend on the width */
    for (size_t i = 0; i < snapshot->process_count; i++) {
        struct process_row row = { snapshot, &snapshot->processes[i] };
        char scratch[TEXT_SIZE];
        const char *text = process_cell(&process_columns[COLUMN_COMMAND], &row, scratch);
        widest = MAX_OF(widest, places[COLUMN_COMMAND].start + utf8_width(text) + 2);
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

static int draw_heading(const struct process_table *table, int row)
{
    static const char *const top[] = { "╒", "═", "╕" }, *const under[] = { "╞", "═", "╡" };
    const struct panel *panel = table->panel;
    rule(table->frame, row++, panel->width, top);
    sides(table->frame, row, panel->width);
    frame_text(table->frame, row, 2, LAYOUT_BOX, plain, "Processes:");
    if (panel->snapshot)
        viewer_draw(table->frame, row, panel);
    row++;
    sides(table->frame, row, panel->width);
    process_table_heading(table, row++);
    rule(table->frame, row++, panel->width, under);
    return row;
}

static const char *empty_text(const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    if (!snapshot || snapshot->is_gathering)
        return "Gathering process status...";
    if (snapshot->process_count > 0)
        return "No process matches the filter";
    return snapshot->is_wsl ? "No running processes found (in WSL)" : "No running processes found";
}

/* Whether the selected row is on the screen, the table's body beginning at `row`. */
static bool is_selection_visible(const struct process_table *table, int row,
                                 const struct process_list *list)
{
    const struct panel *panel = table->panel;
    size_t at;
    if (!panel->model || !process_list_find(panel->model, list, &at))
        return false;
    for (size_t i = 0; i <= at; i++)
        row += has_line(panel, list, i);
    row += (int)at;
    return row >= 0 && row < frame_rows(table->frame);
}

static int draw_rows(const struct process_table *table, int row, const struct process_list *list)
{
    static const char *const between[] = { "├", "─", "┤" };
    const struct panel *panel = table->panel;
    int rows = frame_rows(table->frame);
    for (size_t i = 0; i < list->count && row < rows; i++) {
        if (has_line(panel, list, i))
            rule(table->frame, row++, panel->width, between);
        struct process_row process = { panel->snapshot,
                                       &panel->snapshot->processes[list->rows[i]] };
        if (row >= 0 && row < rows) {
            sides(table->frame, row, panel->width);
            process_table_row(table, row, &process);
        }
        row++;
    }
    if (list->count == 0) {
        sides(table->frame, row, panel->width);
        frame_text(table->frame, row++, 3, LAYOUT_BOX, plain, empty_text(panel));
    }
    return row;
}

int panel_process_draw(struct frame *frame, int top, const struct panel *panel)
{
    static const char *const bottom[] = { "╘", "═", "╛" };
    struct process_table table;
    struct process_list list;
    if (panel->snapshot && !panel->snapshot->has_processes)
        return top;
    list_of(panel, &list);
    process_table_init(&table, frame, panel, &list);
    int first = draw_heading(&table, panel->model ? top + 1 : top);
    int row = draw_rows(&table, first, &list);
    rule(frame, row++, panel->width, bottom);
    if (panel->model)
        caution_row_draw(frame, top, panel, is_selection_visible(&table, first, &list));
    process_list_done(&list);
    return row;
}
