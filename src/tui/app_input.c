/* Keys, mouse and signals, in the order in which they came. Whatever is pressed ends a notice. */
#include "tui/app_input.h"

#include "base/signal_number.h"
#include "tui/app.h"
#include "tui/app_state.h"
#include "tui/screen_act.h"

enum { CTRL_C = 3, CTRL_Z = 26 };

/* Ctrl-Z: the shell gets its terminal back, and we get it again when we go on. */
static void suspend(struct app *app)
{
    term_leave(app->term);
    if (app->options.terminal_taken)
        app->options.terminal_taken(false);
    term_signals_stop(app->signals);
    if (app->options.terminal_taken)
        app->options.terminal_taken(true);
    term_return(app->term);
    term_size(app->term, &app->model.rows, &app->model.columns);
    app->is_dirty = true;
}

static void end_notice(struct app *app)
{
    app->is_dirty |= app->model.notice.text != NULL;
    app->model.notice = (struct notice){ 0 };
    app->notice_until_ns = 0;
}

static void take_key(struct app *app, const struct term_event *event)
{
    struct screen *screen = app->top;
    end_notice(app);
    app->last_key = *event;
    app->is_dirty = true;
    if (event->key == CTRL_Z) {
        suspend(app);
        return;
    }
    if (screen->ops->key && screen->ops->key(screen, app, event))
        return;
    enum key_action action = keymap_action(&app->keymap, event, screen->ops->context);
    if (action != ACTION_NONE && !screen_act(screen, app, action))
        term_beep(app->term);
}

static void take_mouse(struct app *app, const struct term_event *event)
{
    struct screen *screen = app->top;
    if (!screen->ops->mouse)
        return;
    end_notice(app);
    screen->ops->mouse(screen, app, event);
    app->is_dirty = true;
}

static void resize(struct app *app)
{
    term_size(app->term, &app->model.rows, &app->model.columns);
    app_redraw(app);
}

static void end_by(struct app *app, int number)
{
    app->signal = number;
    app_quit(app);
}

void app_take_input(struct app *app)
{
    struct term_event event;
    while (!app->is_ending && term_next(app->term, &event)) {
        switch (event.kind) {
        case TERM_KEY: take_key(app, &event); break;
        case TERM_MOUSE: take_mouse(app, &event); break;
        case TERM_RESIZE: resize(app); break;
        case TERM_END: end_by(app, SIGNAL_HUP); break; /* as the system would tell it */
        }
    }
}

void app_take_signals(struct app *app)
{
    int number;
    while ((number = term_signals_next(app->signals)))
        switch (number) {
        case SIGNAL_TERM:
        case SIGNAL_HUP: end_by(app, number); break;
        case SIGNAL_INT:
            if (app->term) /* as if typed: it never ends the monitor */
                take_key(app, &(struct term_event){
                                  .kind = TERM_KEY, .key = CTRL_C, .at_ns = app_now_ns(app) });
            else
                end_by(app, number);
            break;
        case SIGNAL_TSTP:
            if (app->term)
                suspend(app);
            else
                term_signals_stop(app->signals);
            break;
        case SIGNAL_CONT:
            if (app->term) { /* stopped without a word: modes and screen may be another's now */
                term_return(app->term);
                resize(app);
            }
            break;
        default: /* SIGNAL_WINCH: a size that came and went again has cost what was shown, too */
            if (app->term)
                resize(app);
            break;
        }
}
