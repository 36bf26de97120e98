/*
 * Graphs of the host, and from a width on of the GPUs at their right. The left part is as wide as
 * the device box and shares a border with it. Invariant: labels stand on the graphs, with a blank
 * on both sides, and no value moves a border.
 */
#include "view/panel_host_full.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/history.h"
#include "core/snapshot.h"
#include "view/graph.h"
#include "view/layout.h"
#include "view/model.h"
#include "view/panel_host.h"
#include "view/text.h"
#include "view/theme.h"
#include "view/time_marks.h"

/* Rows from the panel's first on, and their numbers. */
enum {
    CPU_ROW = 0,
    CPU_ROWS = 5,
    MIDDLE_ROW = 5,
    MEMORY_ROW = 6,
    MEMORY_ROWS = 4,
    SWAP_ROW = 10,
    GPU_ROWS = 5,
    BOTTOM_ROW = 11,
};

static const struct style plain = { 0 };

/* What everything is drawn into and from. */
struct canvas {
    struct frame *frame;
    int top;
    const struct panel *panel;
    const struct histories *histories;
};

/* ---- borders ---- */

static bool has_right_part(const struct panel *panel)
{
    return panel->width >= LAYOUT_BARS_FROM;
}

/* What a border of the line above becomes with a line below it. */
static void join(struct frame *frame, int row, int column, bool is_last)
{
    static const char *const joined[][2] = {
        { "╘", "╞" }, { "╧", "╪" }, { "═", "╤" }, { "╛", "╪" }, { " ", "╕" },
    };
    const struct cell *cell = frame_cell(frame, row, column);
    if (!cell)
        return;
    if (is_last && strcmp(cell->text, "╛") == 0) {
        frame_fill(frame, row, column, 1, "╡");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(joined); i++)
        if (strcmp(cell->text, joined[i][0]) == 0) {
            frame_fill(frame, row, column, 1, joined[i][1]);
            return;
        }
}

/* The last line of what is above, which may be narrower than this panel. */
static void draw_top(const struct canvas *canvas, int last)
{
    int row = canvas->top - 1;
    const struct cell *end = frame_cell(canvas->frame, row, last);
    if (end && strcmp(end->text, " ") == 0)
        frame_fill(canvas->frame, row, LAYOUT_BOX, last - LAYOUT_BOX, "═");
    join(canvas->frame, row, 0, false);
    join(canvas->frame, row, LAYOUT_BOX - 1, last == LAYOUT_BOX - 1);
    if (last != LAYOUT_BOX - 1)
        join(canvas->frame, row, last, true);
}

static void draw_rule(const struct canvas *canvas, int row, int last, const char *const shapes[4])
{
    frame_fill(canvas->frame, canvas->top + row, 0, 1, shapes[0]);
    frame_fill(canvas->frame, canvas->top + row, 1, last - 1, shapes[1]);
    if (last != LAYOUT_BOX - 1)
        frame_fill(canvas->frame, canvas->top + row, LAYOUT_BOX - 1, 1, shapes[2]);
    frame_fill(canvas->frame, canvas->top + row, last, 1, shapes[3]);
}

static void draw_borders(const struct canvas *canvas, int last)
{
    static const char *const middle[] = { "├", "─", "┼", "┤" }, *const bottom[] = { "╘", "═", "╧",
                                                                                    "╛" };
    draw_top(canvas, last);
    for (int row = 0; row < BOTTOM_ROW; row++) {
        frame_fill(canvas->frame, canvas->top + row, 0, 1, "│");
        frame_fill(canvas->frame, canvas->top + row, LAYOUT_BOX - 1, 1, "│");
        frame_fill(canvas->frame, canvas->top + row, last, 1, "│");
    }
    draw_rule(canvas, MIDDLE_ROW, last, middle);
    draw_rule(canvas, BOTTOM_ROW, last, bottom);
}

static void draw_marks(const struct canvas *canvas, int border, int columns)
{
    struct time_axis axis = { canvas->top + MIDDLE_ROW, border, columns };
    time_marks_draw(canvas->frame, &axis, canvas->panel->theme);
}

/* ---- the host ---- */

static void draw_label(const struct canvas *canvas, int row, int column, const char *text)
{
    char label[TEXT_SIZE];
    snprintf(label, sizeof(label), " %.200s ", text);
    int end = column < LAYOUT_BOX ? LAYOUT_BOX - 1 : canvas->panel->width - 1;
    frame_text(canvas->frame, canvas->top + row, column, end - column, plain, label);
}

/* `1.0%`. */
static void percent_text(struct value percent, char ret_text[TEXT_SIZE])
{
    struct text_values values = { percent, value_na(NVITOP_WHY_NONE) };
    text_tenths(&values, ret_text);
    if (!value_is_na(percent))
        strcat(ret_text, "%");
}

/* `MEM: 0.44GiB (1.9%)`. */
static void draw_bytes(const struct canvas *canvas, int row, const char *prefix, const int ids[2])
{
    const struct snapshot *snapshot = canvas->panel->snapshot;
    char bytes[TEXT_SIZE], percent[TEXT_SIZE], text[TEXT_SIZE];
    struct text_values used = { snapshot_host_value(snapshot, ids[0]), value_na(NVITOP_WHY_NONE) };
    text_gib(&used, bytes);
    percent_text(snapshot_host_value(snapshot, ids[1]), percent);
    snprintf(text, sizeof(text), "%s: %.60s (%.60s)", prefix, bytes, percent);
    draw_label(canvas, row, 1, text);
}

static void draw_graph(const struct canvas *canvas, struct graph_box box, struct graph graph)
{
    graph.bound = 100;
    box.row += canvas->top;
    graph_draw(canvas->frame, box, &graph);
}

static struct style graph_style(const struct canvas *canvas, enum theme_role role)
{
    struct style style = theme_style(canvas->panel->theme, role);
    style.attrs = 0; /* dots that are bold have no more to say */
    return style;
}

static void draw_host(const struct canvas *canvas)
{
    static const int memory[] = { NVITOP_HOST_MEMORY_USED, NVITOP_HOST_MEMORY_PERCENT },
                     swap[] = { NVITOP_HOST_SWAP_USED, NVITOP_HOST_SWAP_PERCENT };
    const struct histories *histories = canvas->histories;
    const int columns = LAYOUT_BOX - 2;
    char text[TEXT_SIZE], percent[TEXT_SIZE];
    draw_graph(
        canvas, (struct graph_box){ CPU_ROW, 1, CPU_ROWS, columns },
        (struct graph){ .history = &histories->cpu, .style = graph_style(canvas, ROLE_CPU) });
    draw_graph(canvas, (struct graph_box){ MEMORY_ROW, 1, MEMORY_ROWS, columns },
               (struct graph){ .history = &histories->host_memory,
                               .is_down = true,
                               .style = graph_style(canvas, ROLE_HOST_MEMORY) });
    draw_graph(
        canvas, (struct graph_box){ SWAP_ROW, 1, 1, columns },
        (struct graph){ .history = &histories->swap, .style = graph_style(canvas, ROLE_SWAP) });
    panel_host_load_text(canvas->panel->snapshot, text);
    draw_label(canvas, CPU_ROW, 1, text);
    percent_text(history_latest(&histories->cpu), percent);
    snprintf(text, sizeof(text), "CPU: %.60s", percent);
    draw_label(canvas, CPU_ROW + 1, 1, text);
    draw_bytes(canvas, MEMORY_ROW + MEMORY_ROWS - 1, "MEM", memory);
    draw_bytes(canvas, SWAP_ROW, "SWP", swap);
}

/* ---- the GPUs ---- */

/* Whose history is shown, and as what. */
struct subject {
    char name[48];
    const struct history *memory, *util;
};

static size_t leaf_count(const struct snapshot *snapshot)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->device_count; i++)
        count += snapshot->devices[i].is_leaf;
    return count;
}

/* All devices, or that of the selected process. */
static struct subject subject_of(const struct canvas *canvas)
{
    const struct selection *selection = &canvas->panel->model->selection;
    const struct device_history *device =
        selection->is_set ? histories_device(canvas->histories, selection->physical, selection->mig)
                          : NULL;
    struct subject subject = { .memory = &canvas->histories->average_memory,
                               .util = &canvas->histories->average_util };
    if (leaf_count(canvas->panel->snapshot) <= 1) {
        snprintf(subject.name, sizeof(subject.name), "GPU");
        return subject;
    }
    if (!device) {
        snprintf(subject.name, sizeof(subject.name), "AVG GPU");
        return subject;
    }
    if (device->mig < 0)
        snprintf(subject.name, sizeof(subject.name), "GPU %d", (int)device->physical);
    else
        snprintf(subject.name, sizeof(subject.name), "GPU %d:%d", (int)device->physical,
                 (int)device->mig);
    subject.memory = &device->memory_percent;
    subject.util = &device->util_gpu;
    return subject;
}

/* One graph of the GPUs: the upper one grows up, the lower one down, its label at the far end. */
static void draw_gpus(const struct canvas *canvas, const struct subject *subject, bool is_memory)
{
    const struct theme *theme = canvas->panel->theme;
    const struct history *history = is_memory ? subject->memory : subject->util;
    struct value latest = history_latest(history);
    enum theme_role role =
        theme_load(latest, is_memory ? theme->memory_thresholds : theme->gpu_thresholds);
    char percent[TEXT_SIZE], text[TEXT_SIZE];
    int row = is_memory ? CPU_ROW : MEMORY_ROW;
    draw_graph(
        canvas,
        (struct graph_box){ row, LAYOUT_BOX, GPU_ROWS, canvas->panel->width - 1 - LAYOUT_BOX },
        (struct graph){ .history = history,
                        .is_down = !is_memory,
                        .style = theme_style(theme, role),
                        .spectrum = theme });
    percent_text(latest, percent);
    snprintf(text, sizeof(text), "%s %s: %.60s", subject->name, is_memory ? "MEM" : "UTL", percent);
    draw_label(canvas, is_memory ? row : row + GPU_ROWS - 1, LAYOUT_BOX, text);
}

int panel_host_full_draw(struct frame *frame, int top, const struct panel *panel)
{
    static const struct histories none;
    const struct histories *histories = panel->model->histories;
    struct canvas canvas = { frame, top, panel, histories ? histories : &none };
    int last = has_right_part(panel) ? panel->width - 1 : LAYOUT_BOX - 1;
    draw_borders(&canvas, last);
    draw_marks(&canvas, LAYOUT_BOX - 1, LAYOUT_BOX - 2);
    draw_host(&canvas);
    if (has_right_part(panel)) {
        struct subject subject = subject_of(&canvas);
        draw_marks(&canvas, last, panel->width - LAYOUT_BOX - 1);
        draw_gpus(&canvas, &subject, true);
        draw_gpus(&canvas, &subject, false);
    }
    return top + PANEL_HOST_FULL_LINES;
}
