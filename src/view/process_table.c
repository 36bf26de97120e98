/*
 * Rows of the process table. A row is its cells and then its styles, the later over the earlier:
 * the row's own, cells with one of their own, the selection. Scrolled to the side, the block
 * %CPU … COMMAND is a band behind a window: what leaves it at the left is gone, and the column
 * where the window begins stays blank. The heading COMMAND, and what is no command, stop at the
 * left edge. Invariant: nothing is drawn over the borders.
 */
#include "view/process_table.h"

#include <assert.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/model.h"
#include "view/panel.h"
#include "view/process_list.h"

static const struct style plain = { 0 };
static const struct model report = { .scroll_columns = SCROLL_START }; /* nothing is chosen */

static const struct model *model_of(const struct panel *panel)
{
    return panel->model ? panel->model : &report;
}

static int block_of(const struct column *places, uint32_t hidden)
{
    size_t first = COLUMN_CPU;
    while (process_column_is_hidden(hidden, first))
        first++;
    return places[first].start;
}

int process_table_scroll_max(const struct model *model, const struct process_list *list)
{
    struct column places[COLUMN_COUNT];
    int widest = 0;
    if (!model->snapshot)
        return SCROLL_START;
    process_columns_place(model->snapshot, model->hidden_columns, model->columns, places);
    for (size_t i = 0; i < list->count; i++) {
        struct process_row row = { model->snapshot, &model->snapshot->processes[list->rows[i]] };
        char scratch[TEXT_SIZE];
        const char *text = process_cell(&process_columns[COLUMN_COMMAND], &row, scratch);
        widest = MAX_OF(widest, utf8_width(text));
    }
    return MAX_OF(widest - places[COLUMN_COMMAND].width, SCROLL_START);
}

void process_table_init(struct process_table *table, struct frame *frame, const struct panel *panel,
                        const struct process_list *list)
{
    const struct model *model = model_of(panel);
    *table = (struct process_table){ .frame = frame, .panel = panel, .offset = SCROLL_START };
    process_columns_place(panel->snapshot, panel->hidden_columns, panel->width, table->places);
    table->block = block_of(table->places, panel->hidden_columns);
    if (model->scroll_columns != SCROLL_START)
        table->offset = MIN_OF(model->scroll_columns, process_table_scroll_max(model, list));
}

/* ---- cells ---- */

static bool is_in_block(const struct process_table *table, size_t column)
{
    return table->offset != SCROLL_START && column >= COLUMN_CPU;
}

/* A text of the block, whose unscrolled place is `column`, or that stops at the left edge. */
static void draw_scrolled(const struct process_table *table, int row, int column,
                          struct style style, const char *text)
{
    int left = table->block + 1, right = table->panel->width - 2, cut = 0;
    column -= table->offset;
    if (column < left) {
        text += utf8_fit(text, left - column, &cut);
        column += cut;
    }
    if (column < left && *text) { /* half of a wide character is left: a blank */
        text += utf8_fit(text, 2, &cut);
        column = left + 1;
    }
    frame_text(table->frame, row, column, right - column, style, text);
}

/* A text as long as may be: no buffer holds it, it is cut where it is drawn. */
static void draw_rest(struct frame *frame, int row, const struct column *place, const char *text)
{
    int mark = utf8_width(text) > place->width ? utf8_width(place->mark) : 0;
    frame_text(frame, row, place->start, place->width - mark, plain, text);
    frame_text(frame, row, place->start + place->width - mark, mark, plain, place->mark);
}

static void draw_cell(const struct process_table *table, int row, size_t column, const char *text)
{
    const struct column *place = &table->places[column];
    bool is_rest = process_columns[column].kind == WIDTH_REST;
    char cut[TEXT_SIZE];
    int start = place->start;
    if (place->width <= 0)
        return;
    if (!is_in_block(table, column)) {
        if (is_rest)
            draw_rest(table->frame, row, place, text);
        else
            column_draw(table->frame, row, place, text);
        return;
    }
    if (!is_rest)
        text = column_fit(place, text, cut, &start);
    draw_scrolled(table, row, start, plain, text);
}

/* Where the command cell's text begins when it does not leave the window. */
static int stuck_start(const struct process_table *table)
{
    int start = table->places[COLUMN_COMMAND].start;
    if (!is_in_block(table, COLUMN_COMMAND))
        return start;
    return MAX_OF(start - table->offset, table->block + 1);
}

static void draw_stuck(const struct process_table *table, int row, const char *text)
{
    int start = stuck_start(table);
    frame_text(table->frame, row, start, table->panel->width - 2 - start, plain, text);
}

/* ---- heading ---- */

/* The column that an order sorts by, and its name there: it makes room for the mark. */
static const struct {
    enum process_column_id column;
    const char *name;
} sorted[] = {
    [ORDER_NATURAL] = { COLUMN_GPU, "ID" },
    [ORDER_PID] = { COLUMN_PID, "PID" },
    [ORDER_USER] = { COLUMN_USER, "USER" },
    [ORDER_GPU_MEMORY] = { COLUMN_GPU_MEMORY, "GPU-MEM" },
    [ORDER_UTIL_SM] = { COLUMN_UTIL_SM, "SM" },
    [ORDER_UTIL_MEMORY] = { COLUMN_UTIL_MEMORY, "GMBW" },
    [ORDER_CPU] = { COLUMN_CPU, "%CPU" },
    [ORDER_HOST_MEMORY] = { COLUMN_HOST_MEMORY, "%MEM" },
    [ORDER_TIME] = { COLUMN_TIME, "TIME" },
};
static_assert(ARRAY_LEN(sorted) == ORDER_KEY_COUNT, "one row per order");

static void draw_heading_text(const struct process_table *table, int row, int column,
                              enum theme_role role, const char *text)
{
    struct style style = theme_style(table->panel->theme, role);
    if (table->offset != SCROLL_START && column >= table->block)
        draw_scrolled(table, row, column, style, text);
    else
        frame_text(table->frame, row, column, utf8_width(text), style, text);
}

/* The arrow takes the title's last column, and the name moves up to it. */
static void draw_sort_mark(const struct process_table *table, int row, struct order order)
{
    const struct column *place = &table->places[sorted[order.key].column];
    const char *name = sorted[order.key].name;
    int end = place->start + place->width - 1;
    if (place->width <= 0)
        return;
    if (order.key == ORDER_NATURAL && !order.is_descending) {
        frame_restyle(table->frame, row, end - 2, 3,
                      theme_style(table->panel->theme, ROLE_EMPHASIS));
        return;
    }
    draw_heading_text(table, row, end - utf8_width(name), ROLE_SORTED, name);
    draw_heading_text(table, row, end, ROLE_EMPHASIS, order.is_descending ? "▼" : "▲");
}

void process_table_heading(const struct process_table *table, int row)
{
    for (size_t i = 0; i < COLUMN_COMMAND; i++)
        draw_cell(table, row, i, process_columns[i].title);
    if (is_in_block(table, COLUMN_COMMAND))
        draw_stuck(table, row, process_columns[COLUMN_COMMAND].title);
    else
        draw_cell(table, row, COLUMN_COMMAND, process_columns[COLUMN_COMMAND].title);
    if (table->panel->model)
        draw_sort_mark(table, row, table->panel->model->order);
}

/* ---- rows ---- */

/* Columns that the style of a cell's own covers: of a command, those of its text. */
static int styled_width(const struct process_table *table, size_t column, int start,
                        const char *text)
{
    if (column != COLUMN_COMMAND)
        return table->places[column].width;
    return MIN_OF(utf8_width(text), table->panel->width - 2 - start);
}

static void style_cells(const struct process_table *table, int row,
                        const struct process_row *process, enum theme_role role)
{
    const struct theme *theme = table->panel->theme;
    for (size_t i = 0; i < process_column_count; i++) {
        char scratch[TEXT_SIZE];
        const struct process_column *column = &process_columns[i];
        enum theme_role own = column->role ? column->role(process, theme, role) : role;
        if (own == role)
            continue;
        int start = i == COLUMN_COMMAND ? stuck_start(table) : table->places[i].start;
        const char *text = process_cell(column, process, scratch);
        frame_restyle(table->frame, row, start, styled_width(table, i, start, text),
                      theme_style(theme, own));
    }
}

/* Somebody else's processes are dim: no key of the viewer would act on them. */
static bool is_foreign(const struct process_row *process)
{
    return !snapshot_process_is_ours(process->snapshot, process->process);
}

static enum theme_role row_role(const struct process_row *process, const struct model *model)
{
    if (tags_have(&model->tags, process->process))
        return ROLE_TAGGED;
    return is_foreign(process) ? ROLE_FOREIGN : ROLE_PLAIN;
}

static void style_selection(const struct process_table *table, int row,
                            const struct process_row *process, enum theme_role role)
{
    const struct theme *theme = table->panel->theme;
    const struct model *model = model_of(table->panel);
    if (selection_is(&model->selection, process->snapshot, process->process)) {
        enum theme_role colour = role == ROLE_TAGGED ? role : ROLE_SELECTED;
        frame_restyle(table->frame, row, 1, table->panel->width - 2,
                      theme_reverse(theme, theme_style(theme, colour)));
    } else if (selection_is_twin(&model->selection, process->process)) {
        frame_text(table->frame, row, 1, 1, theme_style(theme, ROLE_TWIN), "=");
    }
}

void process_table_row(const struct process_table *table, int row,
                       const struct process_row *process)
{
    const struct panel *panel = table->panel;
    bool is_stuck = is_in_block(table, COLUMN_COMMAND) && process_command_is_note(process->process);
    for (size_t i = 0; i < process_column_count; i++) {
        char scratch[TEXT_SIZE];
        const char *text = process_cell(&process_columns[i], process, scratch);
        if (i == COLUMN_COMMAND && is_stuck)
            draw_stuck(table, row, text);
        else
            draw_cell(table, row, i, text);
    }
    /* The GPU's cell keeps its own colour. */
    enum theme_role role = row_role(process, model_of(panel));
    int start = table->places[COLUMN_PID].start;
    struct style style = theme_style(panel->theme, role);
    if (is_foreign(process))
        style.attrs |= ATTR_DIM; /* though it is tagged */
    frame_restyle(table->frame, row, start, panel->width - 2 - start, style);
    style_cells(table, row, process, role);
    style_selection(table, row, process, role);
}
