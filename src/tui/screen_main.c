/*
 * The main screen: its keys. What is where comes from view/page_main, so that a click and a drawing
 * never disagree. Invariants: the whole screen's scroll stays within the content; after a move the
 * selected row is inside the window.
 */
#include <signal.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/search.h"
#include "tui/selecting.h"
#include "view/model.h"
#include "view/page_main.h"
#include "view/process_list.h"

enum { COLUMNS_STEP = 2, FAST_STEP = 5, FAR = 1 << 20 };

struct screen_main {
    struct screen screen; /* first: the screen is this */
    char search[SEARCH_SIZE];
};

/* What one key needs to know of the screen. */
struct place {
    struct model *model;
    struct process_list list;
    struct main_layout layout;
};

static void place_make(struct place *place, struct model *model)
{
    place->model = model;
    process_list_make(model, &place->list);
    main_layout_make(model, &place->list, &place->layout);
}

static void place_done(struct place *place)
{
    process_list_done(&place->list);
}

/* ---- scrolling ---- */

/* How high the content is depends on how far it is scrolled, since there is room for more then. */
static void keep_in_content(struct place *place)
{
    struct model *model = place->model;
    int least;
    model->scroll_rows = MIN_OF(model->scroll_rows, 0);
    do {
        main_layout_make(model, &place->list, &place->layout);
        least = MIN_OF(model->rows - place->layout.height, 0);
    } while (model->scroll_rows < least && (model->scroll_rows = least, true));
}

static void scroll_rows(struct place *place, int by)
{
    place->model->scroll_rows -= by;
    keep_in_content(place);
}

static void show_entry(struct place *place, size_t at)
{
    struct model *model = place->model;
    int row = main_layout_row_of(&place->layout, model, &place->list, at);
    if (row + model->scroll_rows >= model->rows)
        model->scroll_rows = model->rows - 1 - row;
    else if (row + model->scroll_rows < 0)
        model->scroll_rows = -row;
}

static bool scroll_columns(struct place *place, int by)
{
    struct model *model = place->model;
    int wanted = model->scroll_columns + by;
    int most = page_main_scroll_max(model, &place->list);
    model->scroll_columns = MAX_OF(MIN_OF(wanted, most), SCROLL_START);
    return model->scroll_columns == wanted;
}

/* ---- selecting ---- */

static void select_at(struct place *place, size_t at)
{
    const struct snapshot *snapshot = place->model->snapshot;
    select_process(place->model, &snapshot->processes[place->list.rows[at]]);
    show_entry(place, at);
}

/* By `by` rows; what is left of it at an end scrolls the screen. */
static void move(struct place *place, long by)
{
    size_t at;
    if (!place->list.count) {
        scroll_rows(place, (int)by);
        return;
    }
    long last = (long)place->list.count - 1;
    if (!process_list_find(place->model, &place->list, &at)) {
        select_at(place, by > 0 ? 0 : (size_t)last);
        return;
    }
    long wanted = (long)at + by, now = MAX_OF(MIN_OF(wanted, last), 0L);
    select_at(place, (size_t)now);
    scroll_rows(place, (int)(wanted - now));
}

/* To an end of the list, and with something selected before to the screen's end too. */
static void move_to_end(struct place *place, bool is_last)
{
    size_t at, last = place->list.count - 1;
    bool is_scrolled = !place->list.count || process_list_find(place->model, &place->list, &at);
    if (place->list.count)
        select_at(place, is_last ? last : 0);
    if (is_scrolled)
        scroll_rows(place, is_last ? FAR : -FAR);
}

static void clear(struct model *model)
{
    model->selection.is_set = false;
    model->tags.count = 0;
}

/* ---- actions: one function a key ---- */

typedef bool do_action(struct app *app, struct place *place, int with);

static bool act_quit(struct app *app, struct place *place, int with)
{
    (void)place, (void)with;
    app_pop(app);
    return true;
}

static bool act_mode(struct app *app, struct place *place, int with)
{
    (void)app;
    place->model->mode = (enum view_mode)with;
    return true;
}

static bool act_refresh(struct app *app, struct place *place, int with)
{
    (void)with;
    clear(place->model);
    place->model->scroll_columns = SCROLL_START;
    place->model->scroll_rows = 0;
    source_refresh(app_source(app));
    app_redraw(app);
    return true;
}

static bool act_redraw(struct app *app, struct place *place, int with)
{
    (void)place, (void)with;
    app_redraw(app);
    return true;
}

static bool act_move(struct app *app, struct place *place, int with)
{
    (void)app;
    move(place, with);
    return true;
}

static bool act_end(struct app *app, struct place *place, int with)
{
    (void)app;
    move_to_end(place, with);
    return true;
}

static bool act_page(struct app *app, struct place *place, int with)
{
    (void)app;
    scroll_rows(place, with);
    return true;
}

static bool act_columns(struct app *app, struct place *place, int with)
{
    (void)app;
    return scroll_columns(place, with);
}

static bool act_line(struct app *app, struct place *place, int with)
{
    (void)app;
    place->model->scroll_columns =
        with ? page_main_scroll_max(place->model, &place->list) : SCROLL_START;
    return true;
}

static bool act_clear(struct app *app, struct place *place, int with)
{
    (void)app, (void)with;
    clear(place->model);
    return true;
}

static bool act_tag(struct app *app, struct place *place, int with)
{
    (void)app, (void)with;
    size_t at;
    if (!process_list_find(place->model, &place->list, &at))
        return false;
    tag_toggle(place->model, place->model->selection.process);
    move(place, 1);
    return true;
}

static bool act_signal(struct app *app, struct place *place, int with)
{
    (void)place;
    app_push(app, screen_box_new(app, with));
    return true;
}

static bool act_tree(struct app *app, struct place *place, int with)
{
    (void)with;
    const struct snapshot *snapshot = place->model->snapshot;
    if (!snapshot || snapshot->is_gathering || !snapshot->has_processes)
        return false;
    app_push(app, screen_tree_new(app));
    return true;
}

static bool act_metrics(struct app *app, struct place *place, int with)
{
    (void)with;
    if (!place->model->selection.is_set)
        return false;
    app_push(app, screen_metrics_new(app));
    return true;
}

static bool act_screen(struct app *app, struct place *place, int with)
{
    static struct screen *(*const screens[])(struct app *) = {
        [ACTION_HELP] = screen_help_new,
        [ACTION_ENVIRON] = screen_environ_new,
        [ACTION_SETUP] = screen_setup_new,
        [ACTION_WHY] = screen_device_new,
    };
    (void)place;
    app_push(app, screens[with](app));
    return true;
}

static bool act_order(struct app *app, struct place *place, int with)
{
    (void)app;
    int key = ((int)place->model->order.key + with + ORDER_KEY_COUNT) % ORDER_KEY_COUNT;
    place->model->order = order_default((enum order_key)key);
    return true;
}

static bool act_invert(struct app *app, struct place *place, int with)
{
    (void)app, (void)with;
    place->model->order.is_descending = !place->model->order.is_descending;
    return true;
}

static bool act_pause(struct app *app, struct place *place, int with)
{
    (void)app, (void)with;
    place->model->is_paused = !place->model->is_paused;
    return true;
}

static bool act_search(struct app *app, struct place *place, int with)
{
    (void)app, (void)with;
    place->model->is_searching = true;
    return true;
}

static bool act_host(struct app *app, struct place *place, int with)
{
    (void)with;
    place->model->is_host_hidden = !place->model->is_host_hidden;
    app_save_switches(app);
    return true;
}

static bool act_pcie(struct app *app, struct place *place, int with)
{
    struct metric_wanted shown;
    (void)with;
    place->model->has_pcie_bars = !place->model->has_pcie_bars;
    app_save_switches(app);
    page_main_metrics(place->model, &shown);
    /* On this screen nothing would seem to have happened. */
    if (place->model->has_pcie_bars && !metric_set_has(&shown.gpu, NVITOP_DEV_PCIE_RX))
        app_notice(app, false, "PCIe has its bars in the full view (f), from 123 columns on");
    return true;
}

static const struct {
    do_action *act;
    int with;
} actions[ACTION_SORT] = {
    [ACTION_QUIT] = { act_quit, 0 },
    [ACTION_HELP] = { act_screen, ACTION_HELP },
    [ACTION_MODE_AUTO] = { act_mode, VIEW_AUTO },
    [ACTION_MODE_FULL] = { act_mode, VIEW_FULL },
    [ACTION_MODE_COMPACT] = { act_mode, VIEW_COMPACT },
    [ACTION_MODE_DENSE] = { act_mode, VIEW_DENSE },
    [ACTION_REFRESH] = { act_refresh, 0 },
    [ACTION_REDRAW] = { act_redraw, 0 },
    [ACTION_UP] = { act_move, -1 },
    [ACTION_DOWN] = { act_move, 1 },
    [ACTION_FIRST] = { act_end, false },
    [ACTION_LAST] = { act_end, true },
    [ACTION_LEFT] = { act_columns, -COLUMNS_STEP },
    [ACTION_RIGHT] = { act_columns, COLUMNS_STEP },
    [ACTION_LINE_START] = { act_line, false },
    [ACTION_LINE_END] = { act_line, true },
    [ACTION_PAGE_UP] = { act_page, -1 },
    [ACTION_PAGE_DOWN] = { act_page, 1 },
    [ACTION_CLEAR] = { act_clear, 0 },
    [ACTION_TAG] = { act_tag, 0 },
    [ACTION_METRICS] = { act_metrics, 0 },
    [ACTION_INTERRUPT] = { act_signal, SIGINT },
    [ACTION_TERMINATE] = { act_signal, SIGTERM },
    [ACTION_KILL] = { act_signal, SIGKILL },
    [ACTION_ENVIRON] = { act_screen, ACTION_ENVIRON },
    [ACTION_TREE] = { act_tree, 0 },
    [ACTION_SORT_PREVIOUS] = { act_order, -1 },
    [ACTION_SORT_NEXT] = { act_order, 1 },
    [ACTION_SORT_INVERT] = { act_invert, 0 },
    [ACTION_PAUSE] = { act_pause, 0 },
    [ACTION_SEARCH] = { act_search, 0 },
    [ACTION_HOST] = { act_host, 0 },
    [ACTION_SETUP] = { act_screen, ACTION_SETUP },
    [ACTION_PCIE] = { act_pcie, 0 },
    [ACTION_WHY] = { act_screen, ACTION_WHY },
};

/* In the key's own direction or the other one: which chord means which is the key table's. */
static void sort_by(struct model *model, enum order_key key, bool is_reversed)
{
    model->order = order_default(key);
    model->order.is_descending = model->order.is_descending != is_reversed;
}

static bool act(struct screen *screen, struct app *app, enum key_action action)
{
    (void)screen;
    struct model *model = app_model(app);
    if (action >= ACTION_SORT) {
        bool is_reversed = action >= ACTION_SORT_REVERSED;
        sort_by(model,
                (enum order_key)(action - (is_reversed ? ACTION_SORT_REVERSED : ACTION_SORT)),
                is_reversed);
        return true;
    }
    struct place place;
    place_make(&place, model);
    bool is_done = actions[action].act && actions[action].act(app, &place, actions[action].with);
    place_done(&place);
    return is_done;
}

/* ---- the rest ---- */

static bool key(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_main *state = (struct screen_main *)screen;
    struct model *model = app_model(app);
    if (!model->is_searching)
        return false;
    model->search = state->search;
    model->is_searching = search_key(state->search, event);
    return true;
}

static void click(struct place *place, int row)
{
    struct model *model = place->model;
    int at = main_layout_entry_at(&place->layout, model, &place->list, row - model->scroll_rows);
    if (at < 0)
        clear(model);
    else
        select_process(model, &model->snapshot->processes[place->list.rows[at]]);
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    (void)screen;
    struct place place;
    place_make(&place, app_model(app));
    if (event->button == TERM_BUTTON_LEFT || event->button == TERM_BUTTON_RIGHT) {
        click(&place, event->row);
    } else {
        int direction = event->button == TERM_WHEEL_UP ? -1 : 1;
        if (event->modifiers & TERM_SHIFT)
            scroll_columns(&place, direction * COLUMNS_STEP);
        else
            move(&place, direction * (event->modifiers & TERM_CTRL ? FAST_STEP : 1));
    }
    place_done(&place);
}

/* A selection that the filter or a smaller window hides is none: keys act on what is seen. */
static void settle(struct model *model)
{
    struct place place;
    size_t at;
    place_make(&place, model);
    keep_in_content(&place);
    if (model->selection.is_set) {
        if (process_list_find(model, &place.list, &at))
            show_entry(&place, at);
        else if (model->selection.physical == SNAPSHOT_NO_DEVICE ||
                 (model->snapshot && !model->snapshot->is_gathering))
            model->selection.is_set = false;
    }
    int most = page_main_scroll_max(model, &place.list);
    model->scroll_columns = MIN_OF(model->scroll_columns, most);
    place_done(&place);
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    (void)screen;
    settle(app_model(app));
    page_main_draw(app_model(app), frame);
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_main_new(void)
{
    static const struct screen_ops ops = { .name = "main",
                                           .context = ON_MAIN,
                                           .draw = draw,
                                           .act = act,
                                           .key = key,
                                           .mouse = mouse,
                                           .done = done };
    struct screen_main *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    return &state->screen;
}
