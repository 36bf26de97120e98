/*
 * Choosing columns and settings. Each choice acts at once on the model, and those that were changed
 * are remembered when the screen is left.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "tui/app.h"
#include "tui/app_options.h"
#include "tui/screen.h"
#include "tui/screen_common.h"
#include "view/model.h"
#include "view/page_setup.h"

struct screen_setup {
    struct screen screen; /* first: the screen is this */
    struct list_view list;
    unsigned changed; /* bits of enum app_setting */
};

/* A switch has two positions, whichever way it is turned. */
static void turn(struct screen_setup *state, struct model *model, int by)
{
    struct setup_item item = page_setup_item(state->list.current);
    int mode = ((int)model->mode + by + VIEW_MODE_COUNT) % VIEW_MODE_COUNT;
    static const unsigned settings[] = { [SETUP_MODE] = SETTING_MODE,
                                         [SETUP_HOST] = SETTING_HOST,
                                         [SETUP_PCIE] = SETTING_PCIE,
                                         [SETUP_COLUMN] = SETTING_COLUMNS };
    state->changed |= settings[item.kind];
    switch (item.kind) {
    case SETUP_MODE: model->mode = (enum view_mode)mode; break;
    case SETUP_HOST: model->is_host_hidden = !model->is_host_hidden; break;
    case SETUP_PCIE: model->has_pcie_bars = !model->has_pcie_bars; break;
    case SETUP_COLUMN: model->hidden_columns ^= UINT32_C(1) << item.column; break;
    }
}

static void move(struct screen_setup *state, const struct model *model, int by)
{
    list_view_move(&state->list, page_setup_count(), page_setup_rows(model), by);
}

static bool act_move(struct screen *screen, struct app *app, int with)
{
    move((struct screen_setup *)screen, app_model(app), with);
    return true;
}

static bool act_page(struct screen *screen, struct app *app, int with)
{
    const struct model *model = app_model(app);
    move((struct screen_setup *)screen, model, with * page_setup_rows(model));
    return true;
}

static bool act_turn(struct screen *screen, struct app *app, int with)
{
    turn((struct screen_setup *)screen, app_model(app), with);
    return true;
}

static bool act_leave(struct screen *screen, struct app *app, int with)
{
    (void)with;
    unsigned changed = ((struct screen_setup *)screen)->changed;
    if (changed)
        app_save(app, changed);
    app_pop(app);
    return true;
}

static const struct screen_action actions[] = {
    { ACTION_UP, .act = act_move, .with = -1 },
    { ACTION_DOWN, .act = act_move, .with = 1 },
    { ACTION_FIRST, .act = act_move, .with = -LIST_VIEW_FAR },
    { ACTION_LAST, .act = act_move, .with = LIST_VIEW_FAR },
    { ACTION_PAGE_UP, .act = act_page, .with = -1 },
    { ACTION_PAGE_DOWN, .act = act_page, .with = 1 },
    { ACTION_LEFT, .act = act_turn, .with = -1 },
    { ACTION_RIGHT, .act = act_turn, .with = 1 },
    { ACTION_TAG, .act = act_turn, .with = 1 },
    { ACTION_QUIT, .act = act_leave },
    { .action = ACTION_NONE },
};

/* A click is both: it goes there and turns the switch. */
static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_setup *state = (struct screen_setup *)screen;
    struct model *model = app_model(app);
    int step = screen_wheel(event), at = state->list.top + event->row - PAGE_SETUP_TOP;
    if (step) {
        move(state, model, step);
    } else if (event->row >= PAGE_SETUP_TOP && at < page_setup_count()) {
        state->list.current = at;
        turn(state, model, 1);
    }
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_setup *state = (struct screen_setup *)screen;
    const struct model *model = app_model(app);
    move(state, model, 0);
    page_setup_draw(model, &state->list, frame);
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_setup_new(struct app *app)
{
    static const struct screen_ops ops = { .name = "setup",
                                           .context = ON_SETUP,
                                           .draw = draw,
                                           .actions = actions,
                                           .mouse = mouse,
                                           .done = done };
    (void)app;
    struct screen_setup *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    return &state->screen;
}
