/*
 * The main screen. First it is decided how much of each panel there is (main_layout_make), then
 * the panels are drawn one below the other, clipped by the frame. Invariant: the heights of the
 * layout are those that the panels draw, so a row of the layout is a row of the screen.
 */
#include "view/page_main.h"

#include <stddef.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "view/date_line.h"
#include "view/layout.h"
#include "view/model.h"
#include "view/page_narrow.h"
#include "view/panel_dense.h"
#include "view/panel_device.h"
#include "view/panel_host.h"
#include "view/panel_host_full.h"
#include "view/panel_process.h"
#include "view/process_list.h"
#include "view/process_table.h"
#include "view/theme.h"

enum {
    DATE_ROWS = 1,
    CAUTION_ROWS = 1,
    DENSE_FROM = 8,   /* GPUs from which on `auto` may take one line for each */
    HINT_COLUMN = 48, /* it ends where the device box does */
};

/* ---- layout ---- */

/* Processes are set apart by GPU only where they stand together by GPU. */
static int line_count(const struct model *model, const struct process_list *list)
{
    int count = 0;
    if (model->order.key != ORDER_NATURAL)
        return 0;
    for (size_t i = 0; i < list->count; i++)
        count += panel_process_has_line(model->snapshot, list, i);
    return count;
}

/* The height of every panel in either mode. */
struct heights {
    int device[2], host[2], process[2]; /* by enum panel_mode */
    int dense;                          /* of the devices, a line each */
};

static struct heights measure(const struct model *model, const struct process_list *list)
{
    const struct snapshot *snapshot = model->snapshot;
    struct heights heights = { .dense = DATE_ROWS + panel_dense_height(snapshot) };
    for (enum panel_mode mode = PANEL_FULL; mode <= PANEL_COMPACT; mode++) {
        heights.device[mode] = DATE_ROWS + panel_device_height(snapshot, mode);
        if (!model->is_host_hidden)
            heights.host[mode] = PANEL_HOST_LINES;
        if (snapshot->has_processes)
            heights.process[mode] =
                CAUTION_ROWS +
                MAX_OF(PANEL_PROCESS_EMPTY, PANEL_PROCESS_HEADING + (int)list->count + 1);
    }
    if (!model->is_host_hidden && !model->is_ascii)
        heights.host[PANEL_FULL] = PANEL_HOST_FULL_LINES;
    if (snapshot->has_processes)
        heights.process[PANEL_FULL] += line_count(model, list);
    return heights;
}

/* As if nothing were filtered out: the layout must not jump while a filter is typed. */
static struct heights measure_all(const struct model *model)
{
    struct model all = *model;
    struct process_list list;
    all.search = NULL;
    process_list_make(&all, &list);
    struct heights heights = measure(&all, &list);
    process_list_done(&list);
    return heights;
}

static enum panel_mode full_if(bool is_full)
{
    return is_full ? PANEL_FULL : PANEL_COMPACT;
}

static size_t gpu_count(const struct snapshot *snapshot)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->device_count; i++)
        count += snapshot->devices[i].mig < 0;
    return count;
}

/* Many GPUs take a line each where else nobody would see a process. Not undone by scrolling: under
 * the viewer's hand the rows would change their places. */
static bool is_dense(const struct model *model, const struct heights *heights)
{
    int least = model->snapshot->has_processes ? CAUTION_ROWS + PANEL_PROCESS_EMPTY : 0;
    if (model->mode != VIEW_AUTO)
        return model->mode == VIEW_DENSE;
    return gpu_count(model->snapshot) >= DENSE_FROM &&
           model->rows < heights->device[PANEL_COMPACT] + heights->host[PANEL_COMPACT] + least;
}

/* The most that fits: processes are set apart first, then come graphs of the host, then the second
 * line of each GPU. Scrolled down there is room for more. */
static void choose(const struct model *model, const struct heights *heights,
                   struct main_layout *layout)
{
    int room = model->rows - model->scroll_rows;
    int processes = heights->process[PANEL_FULL];
    layout->is_dense = is_dense(model, heights);
    int devices = layout->is_dense ? heights->dense : heights->device[PANEL_COMPACT];
    bool is_full = model->mode == VIEW_FULL;
    bool is_auto = model->mode == VIEW_AUTO || model->mode == VIEW_DENSE;
    layout->device =
        full_if(!layout->is_dense &&
                (is_full || (is_auto && room >= heights->device[PANEL_FULL] +
                                                    heights->host[PANEL_FULL] + processes)));
    layout->host =
        full_if(is_full || (is_auto && room >= devices + heights->host[PANEL_FULL] + processes));
    layout->is_process_separated =
        (is_full || (is_auto && room >= devices + heights->host[PANEL_COMPACT] + processes)) &&
        model->order.key == ORDER_NATURAL;
}

void main_layout_make(const struct model *model, const struct process_list *list,
                      struct main_layout *ret_layout)
{
    struct main_layout layout = { .is_too_narrow = model->columns < LAYOUT_BOX };
    if (!layout.is_too_narrow && model->snapshot) {
        struct heights heights = measure(model, list);
        struct heights all = model->search && *model->search ? measure_all(model) : heights;
        choose(model, &all, &layout);
        layout.device_top = DATE_ROWS;
        layout.host_top = layout.is_dense ? heights.dense : heights.device[layout.device];
        layout.process_top = layout.host_top + heights.host[layout.host];
        layout.first_process = layout.process_top + CAUTION_ROWS + PANEL_PROCESS_HEADING;
        layout.height = layout.process_top + heights.process[full_if(layout.is_process_separated)];
    }
    *ret_layout = layout;
}

int main_layout_row_of(const struct main_layout *layout, const struct model *model,
                       const struct process_list *list, size_t at)
{
    if (layout->is_too_narrow || !model->snapshot || at >= list->count)
        return -1;
    int row = layout->first_process + (int)at;
    for (size_t i = 0; layout->is_process_separated && i <= at; i++)
        row += panel_process_has_line(model->snapshot, list, i);
    return row;
}

int main_layout_entry_at(const struct main_layout *layout, const struct model *model,
                         const struct process_list *list, int row)
{
    if (layout->is_too_narrow || !model->snapshot || row < layout->first_process)
        return -1;
    int at_row = layout->first_process;
    for (size_t i = 0; i < list->count; i++) {
        at_row += layout->is_process_separated && panel_process_has_line(model->snapshot, list, i);
        if (row <= at_row)
            return (int)i;
        at_row++;
    }
    return -1;
}

/* ---- drawing ---- */

/* `(Press h for help or q to quit)`, the keys themselves standing out. */
static void draw_hint(struct frame *frame, int row, const struct theme *theme)
{
    static const struct {
        const char *text;
        enum theme_role role;
    } parts[] = {
        { "(Press ", ROLE_PLAIN }, { "h", ROLE_KEY },           { " for help or ", ROLE_PLAIN },
        { "q", ROLE_KEY },         { " to quit)", ROLE_PLAIN },
    };
    int column = HINT_COLUMN;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        column = frame_text(frame, row, column, LAYOUT_BOX - column,
                            theme_style(theme, parts[i].role), parts[i].text);
}

static void draw_date(struct frame *frame, int row, const struct model *model)
{
    int column = date_line_draw(frame, row, model->epoch_us);
    if (model->is_paused)
        frame_text(frame, row, column + 2, LAYOUT_BOX, theme_style(model->theme, ROLE_PAUSED),
                   "[PAUSED]");
    draw_hint(frame, row, model->theme);
}

static struct panel panel_of(const struct model *model, enum panel_mode mode)
{
    return (struct panel){
        .snapshot = model->snapshot,
        .theme = model->theme,
        .width = model->columns,
        .mode = mode,
        .version = model->version,
        .hidden_columns = model->hidden_columns,
        .model = model,
    };
}

static void draw_panels(const struct model *model, const struct main_layout *layout,
                        struct frame *frame)
{
    int top = model->scroll_rows;
    struct panel devices = panel_of(model, layout->device);
    struct panel host = panel_of(model, layout->host);
    struct panel processes = panel_of(model, full_if(layout->is_process_separated));
    if (layout->is_dense)
        panel_dense_draw(frame, top + layout->device_top, &devices);
    else
        panel_device_draw(frame, top + layout->device_top, &devices);
    if (layout->process_top - layout->host_top == PANEL_HOST_FULL_LINES)
        panel_host_full_draw(frame, top + layout->host_top, &host);
    else if (layout->host_top < layout->process_top)
        panel_host_draw(frame, top + layout->host_top, &host);
    if (!layout->is_dense) /* only now: the box's last line may be the host panel's first */
        panel_device_draw_slowed(frame, top + layout->device_top, &devices);
    panel_process_draw(frame, top + layout->process_top, &processes);
}

void page_main_draw(const struct model *model, struct frame *frame)
{
    struct process_list list;
    struct main_layout layout;
    process_list_make(model, &list);
    main_layout_make(model, &list, &layout);
    if (layout.is_too_narrow) {
        page_narrow_draw(frame);
    } else {
        draw_date(frame, model->scroll_rows, model);
        if (model->snapshot)
            draw_panels(model, &layout, frame);
    }
    process_list_done(&list);
}

void page_main_metrics(const struct model *model, struct metric_wanted *ret_wanted)
{
    struct process_list list;
    struct main_layout layout;
    process_list_make(model, &list);
    main_layout_make(model, &list, &layout);
    process_list_done(&list);
    *ret_wanted = (struct metric_wanted){ 0 };
    if (layout.is_too_narrow)
        return;
    struct panel panel = panel_of(model, layout.device);
    if (layout.is_dense)
        panel_dense_metrics(&panel, ret_wanted);
    else
        panel_device_metrics(&panel, ret_wanted);
    metric_set_add(&ret_wanted->mig, NVITOP_DEV_UUID); /* whose history it is */
}

int page_main_scroll_max(const struct model *model, const struct process_list *list)
{
    return process_table_scroll_max(model, list);
}
