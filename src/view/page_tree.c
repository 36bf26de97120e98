/*
 * The tree of processes. One row of `columns` per column; every one of them is as wide as its
 * widest text, so where the command begins depends on the processes alone, and not on the window.
 * Heading and rows scroll sideways together, but the word COMMAND never leaves the screen.
 */
#include "view/page_tree.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "core/tree.h"
#include "view/layout.h"
#include "view/model.h"
#include "view/process_columns.h"
#include "view/scrolled.h"
#include "view/signal_hint.h"
#include "view/signal_target.h"
#include "view/text.h"
#include "view/theme.h"

static const struct style plain = { 0 };

/* What a cell is made from. */
struct cell_source {
    const struct snapshot *snapshot;
    const struct tree_row *row;
};

/* A column: its title, least width, and a metric with its formatter or what writes the text. */
struct tree_column {
    const char *title;
    int width;
    bool is_left;
    int gap; /* blanks before it */
    int metric;
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    void (*write)(const struct cell_source *source, struct str *out);
};

static void write_pid(const struct cell_source *source, struct str *out)
{
    str_printf(out, "%u", (unsigned)source->row->process->pid);
}

/* "GPU 0,1", "GPU 0:1", or "Host". */
static void write_devices(const struct cell_source *source, struct str *out)
{
    const struct tree_row *row = source->row;
    str_append(out, row->device_count ? "GPU " : "Host");
    for (size_t i = 0; i < row->device_count; i++) {
        const struct snapshot_device *device = &source->snapshot->devices[row->devices[i]];
        str_printf(out, "%s%d", i ? "," : "", (int)device->physical);
        if (device->mig >= 0)
            str_printf(out, ":%d", (int)device->mig);
    }
}

#define METRIC(ID, FORMAT) .metric = NVITOP_PROC_##ID, .format = FORMAT

static const struct tree_column columns[] = {
    { .title = "PID", .width = 3, .write = write_pid },
    { .title = "USER", .width = 4, .gap = 2, .is_left = true, METRIC(USER, text_plain) },
    { .title = "DEVICE", .width = 6, .gap = 2, .write = write_devices },
    { .title = "NLWP", .width = 4, .gap = 2, METRIC(THREADS, text_number) },
    { .title = "%CPU", .width = 5, .gap = 1, METRIC(CPU_PERCENT, text_cpu) },
    { .title = "%MEM", .width = 5, .gap = 1, METRIC(RSS_PERCENT, text_tenths) },
    { .title = "TIME", .width = 4, .gap = 2, METRIC(RUNNING_TIME, text_seconds) },
};

struct widths {
    int of[ARRAY_LEN(columns)];
    int command; /* the column of the command */
};

static void write_cell(const struct tree_column *column, const struct cell_source *source,
                       struct str *out)
{
    if (column->write) {
        column->write(source, out);
        return;
    }
    char text[TEXT_SIZE];
    struct text_values values = { snapshot_process_value(source->row->process, column->metric),
                                  value_na(NVITOP_WHY_NONE) };
    column->format(&values, text);
    str_append(out, text);
}

static void measure(const struct snapshot *snapshot, const struct tree *tree,
                    struct widths *ret_widths)
{
    struct str text = { 0 };
    ret_widths->command = 2;
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        int width = columns[i].width;
        for (size_t row = 0; tree && row < tree->count; row++) {
            struct cell_source source = { snapshot, &tree->rows[row] };
            str_clear(&text);
            write_cell(&columns[i], &source, &text);
            width = MAX_OF(width, utf8_width(str_text(&text)));
        }
        ret_widths->of[i] = width;
        ret_widths->command += columns[i].gap + width;
    }
    str_done(&text);
}

/* Appends a cell to a line, padded to its column. */
static void append_padded(const struct tree_column *column, int width, const char *text,
                          struct str *line)
{
    size_t pad = (size_t)MAX_OF(width - utf8_width(text), 0);
    str_append_repeat(line, " ", (size_t)column->gap + (column->is_left ? 0 : pad));
    str_append(line, text);
    str_append_repeat(line, " ", column->is_left ? pad : 0);
}

static void draw_heading(const struct model *model, const struct tree_page *page,
                         const struct widths *widths, struct frame *frame)
{
    struct str line = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        append_padded(&columns[i], widths->of[i], columns[i].title, &line);
    str_append(&line, "  COMMAND");
    struct scrolled window = { 0, model->columns, MIN_OF(page->scroll_columns, widths->command) };
    scrolled_text(frame, 0, &window, plain, str_text(&line));
    frame_restyle(frame, 0, 0, model->columns,
                  theme_reverse(model->theme, theme_style(model->theme, ROLE_TITLE)));
    str_done(&line);
}

/* The selected row, tagged rows, others' rows; everything else keeps what it has. */
static void restyle_row(const struct model *model, const struct snapshot_process *process, int row,
                        struct frame *frame)
{
    bool is_tagged = tags_have(&model->tags, process);
    bool is_ours = snapshot_process_is_ours(model->snapshot, process);
    struct style style = theme_style(model->theme, is_tagged ? ROLE_TAGGED : ROLE_BRANCH);
    if (selection_is_twin(&model->selection, process))
        style = theme_reverse(model->theme, style);
    else if (is_ours && !is_tagged)
        return;
    else if (!is_tagged)
        style = theme_style(model->theme, ROLE_FOREIGN);
    else if (!is_ours)
        style.attrs |= ATTR_DIM;
    frame_restyle(frame, row, 0, model->columns, style);
}

static void draw_process(const struct model *model, const struct tree_page *page,
                         const struct widths *widths, size_t at, struct frame *frame)
{
    const struct tree_row *row = &page->tree->rows[at];
    int screen_row = PAGE_TREE_TOP + (int)at - page->scroll_rows;
    struct str line = { 0 }, cell = { 0 };
    struct cell_source source = { model->snapshot, row };
    char scratch[TEXT_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        str_clear(&cell);
        write_cell(&columns[i], &source, &cell);
        append_padded(&columns[i], widths->of[i], str_text(&cell), &line);
    }
    struct process_row process = { model->snapshot, row->process };
    str_append(&line, "  ");
    str_append(&line, row->prefix);
    str_append(&line, process_cell(&process_columns[COLUMN_COMMAND], &process, scratch));
    struct scrolled window = { 0, model->columns, page->scroll_columns };
    scrolled_text(frame, screen_row, &window, plain, str_text(&line));
    scrolled_restyle(frame, screen_row, &window,
                     (struct span){ widths->command, utf8_width(row->prefix) },
                     theme_style(model->theme, ROLE_BRANCH));
    restyle_row(model, row->process, screen_row, frame);
    str_done(&line);
    str_done(&cell);
}

int page_tree_selected(const struct model *model, const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        if (selection_is_twin(&model->selection, tree->rows[i].process))
            return (int)i;
    return -1;
}

static bool has_tagged_target(const struct model *model, const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tags_have(&model->tags, tree->rows[i].process) &&
            signal_obstacle(model->snapshot, tree->rows[i].process) == OBSTACLE_NONE)
            return true;
    return false;
}

bool page_tree_has_target(const struct model *model, const struct tree_page *page)
{
    if (!page->tree)
        return false;
    if (model->tags.count)
        return has_tagged_target(model, page->tree);
    int at = page_tree_selected(model, page->tree);
    int row = at - page->scroll_rows + PAGE_TREE_TOP;
    return at >= 0 && row >= PAGE_TREE_TOP && row < model->rows && model->columns >= LAYOUT_BOX &&
           signal_obstacle(model->snapshot, page->tree->rows[at].process) == OBSTACLE_NONE;
}

/* Within the heading, left of where the hint is or would be. */
static void draw_paused(const struct model *model, struct frame *frame)
{
    static const char text[] = " [PAUSED]";
    struct style style = theme_reverse(model->theme, theme_style(model->theme, ROLE_PAUSED));
    int column = model->columns - SIGNAL_HINT_COLUMNS - (int)sizeof(text);
    frame_text(frame, 0, MAX_OF(column, 0), model->columns, style, text);
}

/* Within the heading, a blank before it. */
static void draw_hint(const struct model *model, struct frame *frame)
{
    struct style text = theme_reverse(model->theme, theme_style(model->theme, ROLE_TITLE));
    struct signal_hint_styles styles = { text, text, text };
    if (model->theme->kind != THEME_NONE) {
        styles.key.bg = COLOUR_YELLOW;
        styles.name.bg = COLOUR_RED;
    }
    styles.key.attrs |= ATTR_ITALIC;
    int column = model->columns - SIGNAL_HINT_COLUMNS;
    frame_text(frame, 0, column - 1, 1, text, " ");
    signal_hint_draw(frame, 0, column, &styles);
}

static void draw_nothing(const struct model *model, const struct tree_page *page,
                         struct frame *frame)
{
    const char *text = !page->tree               ? "Gathering process status..."
                       : model->snapshot->is_wsl ? "No running GPU processes found (in WSL)."
                                                 : "No running GPU processes found.";
    frame_text(frame, PAGE_TREE_TOP, 0, model->columns, plain, text);
}

void page_tree_draw(const struct model *model, const struct tree_page *page, struct frame *frame)
{
    const struct tree *tree = page->tree;
    struct widths widths;
    measure(model->snapshot, tree, &widths);
    draw_heading(model, page, &widths, frame);
    if (model->is_paused)
        draw_paused(model, frame);
    if (!tree || tree->count == 0) {
        draw_nothing(model, page, frame);
        return;
    }
    for (int row = PAGE_TREE_TOP; row < model->rows; row++) {
        size_t at = (size_t)(page->scroll_rows + row - PAGE_TREE_TOP);
        if (at >= tree->count)
            break;
        draw_process(model, page, &widths, at, frame);
    }
    if (!model->is_readonly && page_tree_has_target(model, page))
        draw_hint(model, frame);
}
