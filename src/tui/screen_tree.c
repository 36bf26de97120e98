/*
 * The tree of processes. Selection and tags are the model's, so they come from the main screen and
 * go back to it; what has no row there is forgotten on the way back, for no key may act on what is
 * not to be seen. Invariant: the selected row is within the window.
 *
 * Who the relatives are is known a moment after the screen was opened. Keys that need
 * rows are kept until then, so that typing ahead ends where it would have ended.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/signal_number.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "core/tree.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen_act.h"
#include "tui/screen_common.h"
#include "tui/selecting.h"
#include "view/list_view.h"
#include "view/model.h"
#include "view/page_tree.h"

enum { KEPT_MOST = 64 };

struct screen_tree {
    struct screen screen; /* first: the screen is this */
    struct tree_page page;
    enum key_action kept[KEPT_MOST]; /* not acted upon yet */
    int kept_count;
};

/* Complete, or all there will be: nothing comes while the viewer pauses. */
static bool is_known(const struct model *model)
{
    return model->snapshot && (model->snapshot->has_relatives || model->is_paused);
}

static int visible_rows(const struct model *model)
{
    return MAX_OF(model->rows - PAGE_TREE_TOP, 1);
}

/* Brings the window to the selected row; without one, to the top. */
static void settle(struct screen_tree *state, const struct model *model, const struct tree *tree)
{
    int at = page_tree_selected(model, tree);
    struct list_view view = { MAX_OF(at, 0), at < 0 ? 0 : state->page.scroll_rows };
    list_view_move(&view, (int)tree->count, visible_rows(model), 0);
    state->page.scroll_rows = view.top;
}

static void move(struct model *model, const struct tree *tree, int by)
{
    if (!tree->count)
        return;
    int last = (int)tree->count - 1, at = page_tree_selected(model, tree);
    bool is_end = abs(by) >= LIST_VIEW_FAR;
    if (at < 0) /* the first step leads to the end that it comes from */
        at = (by > 0) == is_end ? last : 0;
    else
        at = MAX_OF(0, MIN_OF(at + by, last));
    select_process(model, tree->rows[at].process);
}

static void step_by(struct screen_tree *state, struct model *model, int by)
{
    struct tree tree;
    if (!is_known(model))
        return;
    tree_make(model->snapshot, &tree);
    move(model, &tree, by);
    settle(state, model, &tree);
    tree_done(&tree);
}

/* ---- going back ---- */

static bool is_on_gpu(const struct snapshot *snapshot, struct process_id id)
{
    const struct snapshot_process *process = snapshot_find_process(snapshot, id);
    return process && process->device < snapshot->device_count;
}

static bool act_leave(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    const struct snapshot_process *selected = screen_selected(model);
    (void)screen, (void)with;
    if (selected && selected->device < model->snapshot->device_count)
        select_process(model, selected);
    else
        model->selection.is_set = false;
    size_t kept = 0;
    for (size_t i = 0; i < model->tags.count; i++)
        if (is_on_gpu(model->snapshot, model->tags.ids[i]))
            model->tags.ids[kept++] = model->tags.ids[i];
    model->tags.count = kept;
    app_pop(app);
    return true;
}

/* ---- keys ---- */

static void scroll(struct screen_tree *state, int by)
{
    state->page.scroll_columns = MAX_OF(state->page.scroll_columns + by, 0);
}

static bool act_move(struct screen *screen, struct app *app, int with)
{
    step_by((struct screen_tree *)screen, app_model(app), with);
    return true;
}

static bool act_scroll(struct screen *screen, struct app *app, int with)
{
    (void)app;
    scroll((struct screen_tree *)screen, with);
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
    struct model *model = app_model(app);
    (void)with;
    if (!screen_selected(model))
        return false;
    tag_toggle(model, model->selection.process);
    step_by((struct screen_tree *)screen, model, 1);
    return true;
}

static bool keep(struct screen *screen, struct app *app, enum key_action action)
{
    struct screen_tree *state = (struct screen_tree *)screen;
    if (is_known(app_model(app)))
        return false;
    if (state->kept_count < KEPT_MOST)
        state->kept[state->kept_count++] = action;
    return true;
}

static const struct screen_action actions[] = {
    { ACTION_UP, .act = act_move, .with = -1, .waits = true },
    { ACTION_DOWN, .act = act_move, .with = 1, .waits = true },
    { ACTION_FIRST, .act = act_move, .with = -LIST_VIEW_FAR, .waits = true },
    { ACTION_LAST, .act = act_move, .with = LIST_VIEW_FAR, .waits = true },
    { ACTION_PAGE_UP, .act = act_move, .with = -1, .waits = true },
    { ACTION_PAGE_DOWN, .act = act_move, .with = 1, .waits = true },
    { ACTION_LEFT, .act = act_scroll, .with = -SCREEN_KEY_COLUMNS },
    { ACTION_RIGHT, .act = act_scroll, .with = SCREEN_KEY_COLUMNS },
    { ACTION_LINE_START, .act = act_scroll, .with = -LIST_VIEW_FAR },
    { ACTION_CLEAR, .act = act_clear, .waits = true },
    { ACTION_TAG, .act = act_tag, .waits = true },
    { ACTION_INTERRUPT, .act = screen_signal, .with = SIGNAL_INT, .waits = true },
    { ACTION_TERMINATE, .act = screen_signal, .with = SIGNAL_TERM, .waits = true },
    { ACTION_KILL, .act = screen_signal, .with = SIGNAL_KILL, .waits = true },
    { ACTION_ENVIRON, .make = screen_environ_new, .waits = true },
    { ACTION_QUIT, .act = act_leave },
    { .action = ACTION_NONE },
};

/* A click on a row selects it, one elsewhere clears. */
static void click(struct screen_tree *state, struct model *model, int row)
{
    struct tree tree;
    int at = row - PAGE_TREE_TOP + state->page.scroll_rows;
    if (!is_known(model))
        return;
    tree_make(model->snapshot, &tree);
    if (row >= PAGE_TREE_TOP && (size_t)at < tree.count)
        select_process(model, tree.rows[at].process);
    else
        select_nothing(model);
    tree_done(&tree);
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_tree *state = (struct screen_tree *)screen;
    int step = screen_wheel(event);
    if (!step)
        click(state, app_model(app), event->row);
    else if (event->modifiers & TERM_SHIFT)
        scroll(state, step * SCREEN_WHEEL_COLUMNS);
    else
        step_by(state, app_model(app), step);
}

/* ---- the rest ---- */

/* What opens another screen is the last: the keys after it were meant for that one. */
static bool news(struct screen *screen, struct app *app)
{
    struct screen_tree *state = (struct screen_tree *)screen;
    int count = state->kept_count;
    if (!is_known(app_model(app)))
        return false;
    state->kept_count = 0;
    for (int i = 0; i < count; i++) {
        const struct screen_action *row = screen_action_find(screen, state->kept[i]);
        screen_act(screen, app, row->action);
        if (row->make || row->act == screen_signal)
            break;
    }
    return count > 0;
}

static void demand(const struct screen *screen, const struct app *app, struct source_demand *demand)
{
    (void)screen, (void)app;
    demand->has_relatives = demand->has_processes;
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_tree *state = (struct screen_tree *)screen;
    struct model *model = app_model(app);
    struct tree tree = { 0 };
    if (is_known(model)) {
        tree_make(model->snapshot, &tree);
        settle(state, model, &tree);
        state->page.tree = &tree;
    }
    page_tree_draw(model, &state->page, frame);
    state->page.tree = NULL;
    tree_done(&tree);
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_tree_new(struct app *app)
{
    static const struct screen_ops ops = { .name = "tree",
                                           .context = ON_TREE,
                                           .draw = draw,
                                           .actions = actions,
                                           .keep = keep,
                                           .mouse = mouse,
                                           .news = news,
                                           .demand = demand,
                                           .done = done };
    (void)app;
    struct screen_tree *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    return &state->screen;
}
