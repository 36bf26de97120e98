/*
 * The main screen: its keys. What is where comes from view/page_main, so that a click and a drawing
 * never disagree. Invariants: the whole screen's scroll stays within the content; after a move the
 * selected row is inside the window.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/signal_number.h"
#include "tui/app.h"
#include "tui/app_options.h"
#include "tui/screen.h"
#include "tui/screen_common.h"
#include "tui/search.h"
#include "tui/selecting.h"
#include "view/model.h"
#include "view/page_main.h"
#include "view/process_list.h"

enum { FAR = 1 << 20 };

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

/* ---- actions: one function a key ---- */

static bool act_mode(struct screen *screen, struct app *app, int with)
{
    (void)screen;
    app_model(app)->mode = (enum view_mode)with;
    return true;
}

static bool act_refresh(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    (void)screen, (void)with;
    select_nothing(model);
    model->scroll_columns = SCROLL_START;
    model->scroll_rows = 0;
    source_refresh(app_source(app));
    app_redraw(app);
    return true;
}

static bool act_move(struct screen *screen, struct app *app, int with)
{
    struct place place;
    (void)screen;
    place_make(&place, app_model(app));
    move(&place, with);
    place_done(&place);
    return true;
}

static bool act_end(struct screen *screen, struct app *app, int with)
{
    struct place place;
    (void)screen;
    place_make(&place, app_model(app));
    move_to_end(&place, with);
    place_done(&place);
    return true;
}

static bool act_page(struct screen *screen, struct app *app, int with)
{
    struct place place;
    (void)screen;
    place_make(&place, app_model(app));
    scroll_rows(&place, with);
    place_done(&place);
    return true;
}

static bool act_columns(struct screen *screen, struct app *app, int with)
{
    struct place place;
    (void)screen;
    place_make(&place, app_model(app));
    bool is_done = scroll_columns(&place, with);
    place_done(&place);
    return is_done;
}

static bool act_line(struct screen *screen, struct app *app, int with)
{
    struct place place;
    (void)screen;
    place_make(&place, app_model(app));
    place.model->scroll_columns =
        with ? page_main_scroll_max(place.model, &place.list) : SCROLL_START;
    place_done(&place);
    return true;
}

static bool act_clear(struct screen *screen, struct app *app, int with)
{
    (void)screen, (void)with;
    select_nothing(app_model(app));
    return true;
}

static bool act_tag(struct screen *screen, struct app *app, int with)
{
    struct place place;
    size_t at;
    (void)screen, (void)with;
    place_make(&place, app_model(app));
    bool is_done = process_list_find(place.model, &place.list, &at);
    if (is_done) {
        tag_toggle(place.model, place.model->selection.process);
        move(&place, 1);
    }
    place_done(&place);
    return is_done;
}

static struct screen *make_tree(struct app *app)
{
    const struct snapshot *snapshot = app_model(app)->snapshot;
    bool is_read = snapshot && !snapshot->is_gathering && snapshot->has_processes;
    return is_read ? screen_tree_new(app) : NULL;
}

/* In the key's own direction or the other one: which chord means which is the key table's. */
static void sort(struct model *model, int by, bool is_reversed)
{
    model->order = order_default((enum order_key)by);
    model->order.is_descending = model->order.is_descending != is_reversed;
}

static bool act_sort(struct screen *screen, struct app *app, int with)
{
    (void)screen;
    sort(app_model(app), with, false);
    return true;
}

static bool act_sort_reversed(struct screen *screen, struct app *app, int with)
{
    (void)screen;
    sort(app_model(app), with, true);
    return true;
}

static bool act_neighbour(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    (void)screen;
    sort(model, ((int)model->order.key + with + ORDER_KEY_COUNT) % ORDER_KEY_COUNT, false);
    return true;
}

static bool act_invert(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    (void)screen, (void)with;
    model->order.is_descending = !model->order.is_descending;
    return true;
}

static bool act_search(struct screen *screen, struct app *app, int with)
{
    (void)screen, (void)with;
    app_model(app)->is_searching = true;
    return true;
}

static bool is_listed(const struct place *place, struct process_id id)
{
    const struct snapshot *snapshot = place->model->snapshot;
    for (size_t i = 0; i < place->list.count; i++)
        if (process_id_is(id, &snapshot->processes[place->list.rows[i]]))
            return true;
    return false;
}

/* Nobody is signalled who is not listed: a filter may hide tagged processes. */
static bool act_signal(struct screen *screen, struct app *app, int number)
{
    struct place place;
    size_t hidden = 0;
    place_make(&place, app_model(app));
    for (size_t i = 0; i < place.model->tags.count; i++)
        hidden += !is_listed(&place, place.model->tags.ids[i]);
    place_done(&place);
    if (!hidden)
        return screen_signal(screen, app, number);
    app_notice(app, true, "No signal: the filter hides %zu tagged process%s; end it with \\ Esc",
               hidden, hidden > 1 ? "es" : "");
    return true;
}

static bool act_host(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    (void)screen, (void)with;
    model->is_host_hidden = !model->is_host_hidden;
    app_save(app, SETTING_HOST);
    return true;
}

static bool act_pcie(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    struct metric_wanted shown;
    (void)screen, (void)with;
    model->has_pcie_bars = !model->has_pcie_bars;
    app_save(app, SETTING_PCIE);
    page_main_metrics(model, &shown);
    /* On this screen nothing would seem to have happened. */
    if (model->has_pcie_bars && !metric_set_has(&shown.gpu, NVITOP_DEV_PCIE_RX))
        app_notice(app, false, "PCIe has its bars in the full view (f), from 123 columns on");
    return true;
}

/* Both chords of an order. */
#define SORTS(BY)                                                                                  \
    { ACTION_SORT + (int)ORDER_##BY, .act = act_sort, .with = ORDER_##BY },                        \
    {                                                                                              \
        ACTION_SORT_REVERSED + (int)ORDER_##BY, .act = act_sort_reversed, .with = ORDER_##BY       \
    }

static const struct screen_action actions[] = {
    { ACTION_MODE_AUTO, .act = act_mode, .with = VIEW_AUTO },
    { ACTION_MODE_FULL, .act = act_mode, .with = VIEW_FULL },
    { ACTION_MODE_COMPACT, .act = act_mode, .with = VIEW_COMPACT },
    { ACTION_MODE_DENSE, .act = act_mode, .with = VIEW_DENSE },
    { ACTION_REFRESH, .act = act_refresh },
    { ACTION_UP, .act = act_move, .with = -1 },
    { ACTION_DOWN, .act = act_move, .with = 1 },
    { ACTION_FIRST, .act = act_end, .with = false },
    { ACTION_LAST, .act = act_end, .with = true },
    { ACTION_LEFT, .act = act_columns, .with = -SCREEN_WHEEL_COLUMNS },
    { ACTION_RIGHT, .act = act_columns, .with = SCREEN_WHEEL_COLUMNS },
    { ACTION_LINE_START, .act = act_line, .with = false },
    { ACTION_LINE_END, .act = act_line, .with = true },
    { ACTION_PAGE_UP, .act = act_page, .with = -1 },
    { ACTION_PAGE_DOWN, .act = act_page, .with = 1 },
    { ACTION_CLEAR, .act = act_clear },
    { ACTION_TAG, .act = act_tag },
    { ACTION_METRICS, .make = screen_metrics_new },
    { ACTION_INTERRUPT, .act = act_signal, .with = SIGNAL_INT },
    { ACTION_TERMINATE, .act = act_signal, .with = SIGNAL_TERM },
    { ACTION_KILL, .act = act_signal, .with = SIGNAL_KILL },
    { ACTION_ENVIRON, .make = screen_environ_new },
    { ACTION_TREE, .make = make_tree },
    { ACTION_SORT_PREVIOUS, .act = act_neighbour, .with = -1 },
    { ACTION_SORT_NEXT, .act = act_neighbour, .with = 1 },
    { ACTION_SORT_INVERT, .act = act_invert },
    { ACTION_SEARCH, .act = act_search },
    { ACTION_HOST, .act = act_host },
    { ACTION_SETUP, .make = screen_setup_new },
    { ACTION_PCIE, .act = act_pcie },
    { ACTION_WHY, .make = screen_device_new },
    SORTS(NATURAL),
    SORTS(PID),
    SORTS(USER),
    SORTS(GPU_MEMORY),
    SORTS(UTIL_SM),
    SORTS(UTIL_MEMORY),
    SORTS(CPU),
    SORTS(HOST_MEMORY),
    SORTS(TIME),
    { .action = ACTION_NONE },
};

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
        select_nothing(model);
    else
        select_process(model, &model->snapshot->processes[place->list.rows[at]]);
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    (void)screen;
    struct place place;
    place_make(&place, app_model(app));
    int step = screen_wheel(event);
    if (!step)
        click(&place, event->row);
    else if (event->modifiers & TERM_SHIFT)
        scroll_columns(&place, step * SCREEN_WHEEL_COLUMNS);
    else
        move(&place, step);
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

struct screen *screen_main_new(struct app *app)
{
    static const struct screen_ops ops = { .name = "main",
                                           .context = ON_MAIN,
                                           .draw = draw,
                                           .actions = actions,
                                           .key = key,
                                           .mouse = mouse,
                                           .done = done };
    (void)app;
    struct screen_main *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    return &state->screen;
}
