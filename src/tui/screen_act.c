/* What a key does on a screen: the screen's own table comes first, then what all of them can do. */
#include "tui/screen_act.h"

#include "core/source.h"
#include "tui/app.h"
#include "view/model.h"

static bool act_leave(struct screen *screen, struct app *app, int with)
{
    (void)screen, (void)with;
    app_pop(app);
    return true;
}

static bool act_pause(struct screen *screen, struct app *app, int with)
{
    struct model *model = app_model(app);
    (void)screen, (void)with;
    model->is_paused = !model->is_paused;
    return true;
}

static bool act_refresh(struct screen *screen, struct app *app, int with)
{
    (void)screen, (void)with;
    source_refresh(app_source(app));
    app_redraw(app);
    return true;
}

static bool act_redraw(struct screen *screen, struct app *app, int with)
{
    (void)screen, (void)with;
    app_redraw(app);
    return true;
}

static const struct screen_action everywhere[] = {
    { ACTION_QUIT, .act = act_leave },    { ACTION_HELP, .make = screen_help_new },
    { ACTION_PAUSE, .act = act_pause },   { ACTION_REFRESH, .act = act_refresh },
    { ACTION_REDRAW, .act = act_redraw }, { .action = ACTION_NONE },
};

static const struct screen_action *find(const struct screen_action *rows, enum key_action action)
{
    for (; rows && rows->action != ACTION_NONE; rows++)
        if (rows->action == action)
            return rows;
    return NULL;
}

const struct screen_action *screen_action_find(const struct screen *screen, enum key_action action)
{
    const struct screen_action *own = find(screen->ops->actions, action);
    return own ? own : find(everywhere, action);
}

bool screen_act(struct screen *screen, struct app *app, enum key_action action)
{
    const struct screen_action *row = screen_action_find(screen, action);
    if (!row)
        return false;
    if (row->waits && screen->ops->keep(screen, app, action))
        return true;
    if (row->act)
        return row->act(screen, app, row->with);
    struct screen *made = row->make(app);
    app_push(app, made);
    return made != NULL;
}
