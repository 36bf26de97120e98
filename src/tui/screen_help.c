/*
 * The help. Any key leads back; where the page is higher than the terminal, the keys that move show
 * the rest of it.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "tui/app.h"
#include "tui/keymap.h"
#include "tui/screen.h"
#include "tui/screen_act.h"
#include "tui/screen_common.h"
#include "view/frame.h"
#include "view/list_view.h"
#include "view/model.h"
#include "view/page_help.h"

struct screen_help {
    struct screen screen;
    int scroll;
};

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_help *help = (struct screen_help *)screen;
    help->scroll = MIN_OF(help->scroll, page_help_scroll_max(frame_rows(frame)));
    page_help_draw(app_model(app), help->scroll, frame);
}

static void move(struct screen_help *help, const struct model *model, int by)
{
    help->scroll = MAX_OF(MIN_OF(help->scroll + by, page_help_scroll_max(model->rows)), 0);
}

static bool act_move(struct screen *screen, struct app *app, int with)
{
    move((struct screen_help *)screen, app_model(app), with);
    return true;
}

static bool act_page(struct screen *screen, struct app *app, int with)
{
    const struct model *model = app_model(app);
    move((struct screen_help *)screen, model, with * MAX_OF(model->rows - 2, 1));
    return true;
}

static const struct screen_action actions[] = {
    { ACTION_UP, .act = act_move, .with = -1 },
    { ACTION_DOWN, .act = act_move, .with = 1 },
    { ACTION_FIRST, .act = act_move, .with = -LIST_VIEW_FAR },
    { ACTION_LAST, .act = act_move, .with = LIST_VIEW_FAR },
    { ACTION_PAGE_UP, .act = act_page, .with = -1 },
    { ACTION_PAGE_DOWN, .act = act_page, .with = 1 },
    { .action = ACTION_NONE },
};

static bool key(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct keymap keymap = { 0 };
    if (page_help_scroll_max(app_model(app)->rows) > 0 &&
        screen_action_find(screen, keymap_action(&keymap, event, ON_HELP)))
        return false;
    app_pop(app);
    return true;
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    move((struct screen_help *)screen, app_model(app), screen_wheel(event));
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_help_new(struct app *app)
{
    static const struct screen_ops ops = {
        .name = "help",
        .context = ON_HELP,
        .draw = draw,
        .actions = actions,
        .key = key,
        .mouse = mouse,
        .done = done,
    };
    (void)app;
    struct screen_help *help = xcalloc(1, sizeof(*help));
    help->screen.ops = &ops;
    return &help->screen;
}
