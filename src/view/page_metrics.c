/*
 * A box with the process's row and four graphs, two above a line of times and two below it, which
 * grow away from that line. Sizes follow from the screen's; what does not fit is clipped.
 */
#include "view/page_metrics.h"

#include <assert.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/frame.h"
#include "view/metrics_row.h"
#include "view/model.h"
#include "view/panel.h"
#include "view/plot.h"
#include "view/theme.h"
#include "view/time_marks.h"
#include "view/viewer.h"

enum {
    GRAPHS_TOP = 6, /* their first row */
    LEAST_ROWS = 5,
    LEAST_COLUMNS = 20,
    LABEL_INDENT = 4, /* of the value under "MAX " */
};

static const struct style plain = { 0 };

/* How tall and wide the four graphs are. */
struct sizes {
    int left, right, upper, lower;
};

static struct sizes sizes_of(const struct model *model)
{
    return (struct sizes){
        .left = MAX_OF((model->columns - 3) / 2, LEAST_COLUMNS),
        .right = MAX_OF((model->columns - 2) / 2, LEAST_COLUMNS),
        .upper = MAX_OF((model->rows - 8) / 2, LEAST_ROWS),
        .lower = MAX_OF((model->rows - 7) / 2, LEAST_ROWS),
    };
}

/* What a graph is called, what it shows, and of what it may be a part. */
static const struct plot_kind {
    const char *label;
    int metric;
    bool is_memory, is_right, is_down;
    enum theme_role role; /* of the left ones; a GPU's have the colour of its load */
} kinds[] = {
    [METRICS_CPU] = { "CPU", NVITOP_PROC_CPU_PERCENT, false, false, false, ROLE_CPU },
    [METRICS_HOST_MEMORY] = { "HOST-MEM", NVITOP_PROC_RSS, true, false, true, ROLE_HOST_MEMORY },
    [METRICS_GPU_MEMORY] = { "GPU-MEM", NVITOP_PROC_GPU_MEMORY, true, true, false, ROLE_PLAIN },
    [METRICS_UTIL_SM] = { "GPU-SM", NVITOP_PROC_UTIL_SM, false, true, true, ROLE_PLAIN },
};
static_assert(ARRAY_LEN(kinds) == METRICS_PLOT_COUNT, "one row per graph");

struct value page_metrics_value(enum metrics_plot plot, const struct snapshot_process *process)
{
    return snapshot_process_value(process, kinds[plot].metric);
}

/* ---- what the graphs are measured against ---- */

static const struct snapshot_device *device_of(const struct process_row *row)
{
    return &row->snapshot->devices[row->process->device];
}

static struct value total_of(const struct process_row *row, enum metrics_plot plot)
{
    if (!kinds[plot].is_memory)
        return value_real(100);
    return kinds[plot].is_right ? snapshot_device_value(device_of(row), NVITOP_DEV_MEMORY_TOTAL)
                                : snapshot_host_value(row->snapshot, NVITOP_HOST_MEMORY_TOTAL);
}

/* CPU use of ten cores is the most that is drawn; everything else has a total. */
static struct plot_scale scale_of(const struct process_row *row, enum metrics_plot plot)
{
    if (plot == METRICS_CPU)
        return (struct plot_scale){ .first = 100, .least = 10, .most = 1000, .per_cent = 0.001 };
    double total = MAX_OF(value_number(total_of(row, plot), 1), 1.0);
    return (struct plot_scale){ total, 0.1 * total, total, 0.01 };
}

static struct style style_of(const struct model *model, const struct process_row *row,
                             enum metrics_plot plot)
{
    const struct theme *theme = model->theme;
    if (!kinds[plot].is_right) {
        struct style style = theme_style(theme, kinds[plot].role);
        style.attrs = 0; /* dots that are bold have no more to say */
        return style;
    }
    int metric = kinds[plot].is_memory ? NVITOP_DEV_MEMORY_PERCENT : NVITOP_DEV_UTIL_GPU;
    const int *thresholds =
        kinds[plot].is_memory ? theme->memory_thresholds : theme->gpu_thresholds;
    return theme_style(theme,
                       theme_load(snapshot_device_value(device_of(row), metric), thresholds));
}

/* ---- labels ---- */

/* "HOST-MEM: 1.55MiB (0.0%) / 23.54GiB": the total only where it is wanted. */
static void write_label(const struct process_row *row, enum metrics_plot plot, struct value value,
                        bool is_most, char ret_text[TEXT_SIZE])
{
    struct value total = total_of(row, plot);
    struct text_values bytes = { value, value_na(NVITOP_WHY_NONE) }, all = { total, value };
    char number[TEXT_SIZE], percent[TEXT_SIZE] = "", of[TEXT_SIZE] = "";
    if (value_is_na(value) || !kinds[plot].is_memory) {
        text_tenths(&bytes, number);
        snprintf(percent, sizeof(percent), "%s", value_is_na(value) ? "" : "%");
    } else {
        text_bytes(&bytes, number);
        struct value share = value_percent(value, total);
        if (!value_is_na(share))
            snprintf(percent, sizeof(percent), " (%.1f%%)", value_number(share, 0));
        if (is_most && !value_is_na(share))
            text_bytes(&all, of);
    }
    snprintf(ret_text, TEXT_SIZE, "%s%s: %.60s%.20s%s%.60s", is_most ? "MAX " : "",
             kinds[plot].label, number, percent, *of ? " / " : "", of);
}

/* Over the graph, a blank on both sides; what is wider than the graph is cut. */
static void draw_label(struct frame *frame, int row, int column, int columns, const char *text)
{
    char cut[TEXT_SIZE];
    const char *shown = text_cut_end(text, MAX_OF(columns - 2, 2), "..", cut);
    column = frame_text(frame, row, column, 1, plain, " ");
    column = frame_text(frame, row, column, columns - 2, plain, shown);
    frame_text(frame, row, column, 1, plain, " ");
}

/* Both stand at the tip of the graph, the maximum outermost. */
static void draw_labels(const struct process_row *row, enum metrics_plot plot,
                        const struct history *history, struct graph_box box, struct frame *frame)
{
    char text[TEXT_SIZE];
    int outer = kinds[plot].is_down ? box.row + box.rows - 1 : box.row;
    int inner = kinds[plot].is_down ? outer - 1 : outer + 1;
    write_label(row, plot, plot_most(history, box.columns), true, text);
    draw_label(frame, outer, box.column, box.columns, text);
    write_label(row, plot, history_latest(history), false, text);
    draw_label(frame, inner, box.column + LABEL_INDENT, box.columns - LABEL_INDENT, text);
}

/* ---- the page ---- */

static struct graph_box box_of(const struct sizes *sizes, enum metrics_plot plot)
{
    const struct plot_kind *kind = &kinds[plot];
    return (struct graph_box){
        .row = kind->is_down ? GRAPHS_TOP + sizes->upper + 1 : GRAPHS_TOP,
        .column = kind->is_right ? sizes->left + 2 : 1,
        .rows = kind->is_down ? sizes->lower : sizes->upper,
        .columns = kind->is_right ? sizes->right : sizes->left,
    };
}

static void draw_plot(const struct model *model, const struct metrics_page *page,
                      enum metrics_plot plot, struct graph_box box, struct frame *frame)
{
    const struct history *history = &page->plots[plot];
    struct plot_scale scale = scale_of(&page->row, plot);
    struct graph graph = { .history = history,
                           .bound = plot_bound(history, box.columns, &scale),
                           .is_down = kinds[plot].is_down,
                           .style = style_of(model, &page->row, plot),
                           .spectrum = kinds[plot].is_right ? model->theme : NULL };
    graph.spectrum_end = graph.bound / scale.most;
    graph_draw(frame, box, &graph);
    draw_labels(&page->row, plot, history, box, frame);
    plot_ticks_draw(frame, box, &graph, &scale, model->theme);
}

/* A line of the box: left end, fill, and what stands where the halves meet. */
static void draw_rule(struct frame *frame, int row, const struct sizes *sizes, int columns,
                      const char *const shapes[4])
{
    frame_fill(frame, row, 0, 1, shapes[0]);
    frame_fill(frame, row, 1, columns - 2, shapes[1]);
    frame_fill(frame, row, columns - 1, 1, shapes[3]);
    if (sizes)
        frame_fill(frame, row, sizes->left + 1, 1, shapes[2]);
}

static void draw_box(const struct model *model, const struct sizes *sizes, struct frame *frame)
{
    static const char
        *const top[] = { "╒", "═", "═", "╕" },
               *const row[] = { "│", " ", " ", "│" }, *const under[] = { "╞", "═", "═", "╡" },
               *const head[] = { "╞", "═", "╤", "╡" }, *const graph[] = { "│", " ", "│", "│" },
               *const times[] = { "├", "─", "┼", "┤" }, *const bottom[] = { "╘", "═", "╧", "╛" };
    const char *const *const heads[] = { top, row, row, under, row };
    int wide = sizes->left + sizes->right + 3, at = 0;
    for (; at < (int)ARRAY_LEN(heads); at++)
        draw_rule(frame, at, NULL, model->columns, heads[at]);
    draw_rule(frame, at++, sizes, wide, head);
    for (int i = 0; i < sizes->upper; i++)
        draw_rule(frame, at++, sizes, wide, graph);
    draw_rule(frame, at++, sizes, wide, times);
    for (int i = 0; i < sizes->lower; i++)
        draw_rule(frame, at++, sizes, wide, graph);
    draw_rule(frame, at, sizes, wide, bottom);
}

static void draw_times(const struct model *model, const struct sizes *sizes, struct frame *frame)
{
    int row = GRAPHS_TOP + sizes->upper;
    struct time_axis left = { row, sizes->left + 1, sizes->left };
    struct time_axis right = { row, sizes->left + 1 + sizes->right + 1, sizes->right };
    time_marks_draw(frame, &left, model->theme);
    time_marks_draw(frame, &right, model->theme);
}

void page_metrics_draw(const struct model *model, const struct metrics_page *page,
                       struct frame *frame)
{
    struct sizes sizes = sizes_of(model);
    draw_box(model, &sizes, frame);
    int column = frame_text(frame, 1, 2, model->columns - 4, plain, "Process:");
    if (page->is_gone)
        column = frame_text(frame, 1, column + 1, model->columns,
                            theme_style(model->theme, ROLE_GONE), "No Such Process");
    if (model->is_paused)
        frame_text(frame, 1, column + 1, model->columns, theme_style(model->theme, ROLE_PAUSED),
                   "[PAUSED]");
    if (model->snapshot)
        viewer_draw(frame, 1,
                    &(struct panel){ .snapshot = model->snapshot,
                                     .theme = model->theme,
                                     .width = model->columns });
    draw_times(model, &sizes, frame);
    if (!page->row.process)
        return;
    metrics_row_draw(model, &page->row, page->is_gone, frame, 2);
    for (int plot = 0; plot < METRICS_PLOT_COUNT; plot++)
        draw_plot(model, page, (enum metrics_plot)plot, box_of(&sizes, (enum metrics_plot)plot),
                  frame);
}

void page_metrics_metrics(struct metric_wanted *wanted)
{
    static const int ids[] = { NVITOP_DEV_MEMORY_PERCENT, NVITOP_DEV_UTIL_GPU,
                               NVITOP_DEV_MEMORY_TOTAL };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        metric_set_add(&wanted->gpu, ids[i]);
        metric_set_add(&wanted->mig, ids[i]);
    }
}
