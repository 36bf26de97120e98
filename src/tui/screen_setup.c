/*
 * Choosing columns and settings. Each choice acts at once on the model, and all are remembered when
 * the screen is left, if any was changed.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen_common.h"
#include "view/model.h"
#include "view/page_setup.h"

struct screen_setup {
    struct screen screen; /* first: the screen is this */
    struct list_view list;
    bool is_changed;
};

/* A switch has two positions, whichever way it is turned. */
static void turn(struct screen_setup *state, struct model *model, int by)
{
    struct setup_item item = page_setup_item(state->list.current);
    int mode = ((int)model->mode + by + VIEW_MODE_COUNT) % VIEW_MODE_COUNT;
    state->is_changed = true;
    switch (item.kind) {
    case SETUP_MODE: model->mode = (enum view_mode)mode; break;
    case SETUP_HOST: model->is_host_hidden = !model->is_host_hidden; break;
    case SETUP_PCIE: model->has_pcie_bars = !model->has_pcie_bars; break;
    case SETUP_COLUMN: model->hidden_columns ^= UINT32_C(1) << item.column; break;
    }
}

static void leave(struct screen_setup *state, struct app *app)
{
    if (state->is_changed)
        app_save(app);
    app_pop(app);
}

static bool act(struct screen *screen, struct app *app, enum key_action action)
{
    struct screen_setup *state = (struct screen_setup *)screen;
    struct model *model = app_model(app);
    int step = screen_list_step(action);
    if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN)
        step *= page_setup_rows(model);
    if (step) {
        list_view_move(&state->list, page_setup_count(), page_setup_rows(model), step);
        return true;
    }
    switch (action) {
    case ACTION_TAG:
    case ACTION_RIGHT: turn(state, model, 1); return true;
    case ACTION_LEFT: turn(state, model, -1); return true;
    case ACTION_CLEAR:
    case ACTION_SETUP:
    case ACTION_QUIT: leave(state, app); return true;
    default: return screen_common_act(app, action);
    }
}

/* A click is both: it goes there and turns the switch. */
static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_setup *state = (struct screen_setup *)screen;
    struct model *model = app_model(app);
    int step = screen_wheel(event), at = state->list.top + event->row - PAGE_SETUP_TOP;
    if (step) {
        list_view_move(&state->list, page_setup_count(), page_setup_rows(model), step);
    } else if (event->row >= PAGE_SETUP_TOP && at < page_setup_count()) {
        state->list.current = at;
        turn(state, model, 1);
    }
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_setup *state = (struct screen_setup *)screen;
    const struct model *model = app_model(app);
    list_view_move(&state->list, page_setup_count(), page_setup_rows(model), 0);
    page_setup_draw(model, &state->list, frame);
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_setup_new(struct app *app)
{
    static const struct screen_ops ops = {
        .name = "setup", .context = ON_SETUP, .draw = draw, .act = act, .mouse = mouse, .done = done
    };
    (void)app;
    struct screen_setup *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    return &state->screen;
}
